"""What an accepted write changes here: link or mapping, totals compared, timeline, message settled. One transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.billing import timeline
from app.billing.adopting import adopt_total
from app.billing.document import Document
from app.billing.wording import amount
from app.foundation import clock
from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks import answers, catalogue
from app.sync.decisions import Listed, Match, Write
from app.sync.envelopes import Member
from app.sync.kinds import DOCUMENTS, KINDS
from app.sync.links import Link, LinkMade, LinkState, link_of
from app.sync.mappings import Mapping, MappingKind, mapping_of

ENGINE = timeline.Actor(None, "Sync")
_POLICY = "policy"


def land(connection_id: int, subject: Subject, member: Member, seen: dict[str, Any]) -> str:
    """Take in the record that QuickBooks answered with; returns a sentence for the log.

    `seen` is the entity's own JSON, numbers as Decimal. Must run in the transaction that settles the message.
    """
    return _LANDERS[subject.kind](connection_id, subject, member, seen)


def match(connection_id: int, found: Match) -> None:
    """Link or map a record that QuickBooks had already; nothing was sent."""
    link_known(connection_id, found.due.subject, found.remote)


def link_known(connection_id: int, subject: Subject, remote: Listed) -> str:
    """Link a client to a customer, or map a service to an item, that was there already; returns a sentence."""
    if subject.kind == "service":
        _map_item(connection_id, subject, remote)
        return f"Mapped to the item “{remote.name}” that QuickBooks has already."
    link = _tie(connection_id, subject, remote.entity, (remote.remote_id, remote.sync_token))
    link.made = LinkMade.MATCHED
    sentence = f"Linked to the customer “{remote.name}” that QuickBooks has already."
    timeline.note(subject, "linked", sentence, actor=ENGINE)
    return sentence


def refresh(connection_id: int, subject: Subject, seen: dict[str, Any]) -> None:
    """Keep a newer picture of a record that we are about to tell again."""
    link = link_of(connection_id, subject)
    if link is None:
        return
    if subject.kind in DOCUMENTS:
        take_picture(link, answers.document(seen))
    else:
        link.sync_token = answers.named(seen).sync_token


def _land_document(connection_id: int, subject: Subject, member: Member, seen: dict[str, Any]) -> str:
    entity = KINDS[subject.kind].entity
    if member.step == Write.DELETE:
        return _removed(connection_id, subject)
    record = answers.document(seen)
    link = _tie(connection_id, subject, entity, (record.id, record.sync_token))
    link.told_revision = member.revision
    link.state = LinkState.VOIDED if member.step == Write.VOID else LinkState.LIVE
    take_picture(link, record)
    if member.step == Write.VOID:
        sentence = f"Voided in QuickBooks ({entity} {record.id})."
    else:
        sentence = _sent(subject, link, record)
    timeline.note(subject, "in_books", sentence, actor=ENGINE, details={"remote_id": record.id})
    return sentence


def take_picture(link: Link, record: answers.DocumentSeen) -> None:
    """Keep what was seen there: the baseline of drift and the token of the next update."""
    link.sync_token = record.sync_token
    link.total_pence, link.tax_pence, link.balance_pence = record.total_pence, record.tax_pence, record.balance_pence
    link.remote_number, link.remote_updated_at = record.doc_number, record.updated_at


def difference(document: Document, record: answers.DocumentSeen) -> int:
    """QuickBooks' total less ours, in pence; nought where rounding alone explains it, which is then taken over."""
    priced = sum(1 for line in document.lines if not line.is_comment)
    return adopt_total(document, record.total_pence, record.tax_pence, max(priced, 1))


def _sent(subject: Subject, link: Link, record: answers.DocumentSeen) -> str:
    document = db.session.get_one(Document, subject.id)
    link.difference_pence = difference(document, record)
    where = f"In QuickBooks as {link.entity} {record.id}"
    if not link.difference_pence:
        return f"{where}, {amount(record.total_pence, document.currency)}."
    ours, theirs = (amount(pence, document.currency) for pence in (document.gross_pence, record.total_pence))
    return f"{where}, but the amounts differ: {theirs} there, {ours} here."


def _removed(connection_id: int, subject: Subject) -> str:
    link = link_of(connection_id, subject)
    if link is not None:
        link.state = LinkState.REMOVED
    sentence = "Deleted in QuickBooks, because it was voided here."
    timeline.note(subject, "removed_from_books", sentence, actor=ENGINE)
    return sentence


def _land_client(connection_id: int, subject: Subject, member: Member, seen: dict[str, Any]) -> str:
    row = Listed.of_row(catalogue.note(db.session(), connection_id, "Customer", seen))
    link = _tie(connection_id, subject, "Customer", (row.remote_id, row.sync_token))
    link.told_digest = member.digest
    verb = "Created" if member.step == Write.CREATE else "Changed"
    sentence = f"{verb} in QuickBooks as customer “{row.name}”."
    timeline.note(subject, "in_books", sentence, actor=ENGINE)
    return sentence


def _land_service(connection_id: int, subject: Subject, _member: Member, seen: dict[str, Any]) -> str:
    row = Listed.of_row(catalogue.note(db.session(), connection_id, "Item", seen))
    _map_item(connection_id, subject, row)
    return f"Created in QuickBooks as item “{row.name}”."


def _map_item(connection_id: int, subject: Subject, item: Listed) -> None:
    mapping = mapping_of(connection_id, MappingKind.SERVICE, subject.id)
    if mapping is None:
        mapping = Mapping(connection_id=connection_id, kind=MappingKind.SERVICE, subject_id=subject.id)
        db.session.add(mapping)
    mapping.remote_id, mapping.remote_name = item.remote_id, item.name[:200]
    mapping.chosen_by, mapping.chosen_at = _POLICY, clock.now()


def _tie(connection_id: int, subject: Subject, entity: str, remote: tuple[str, str]) -> Link:
    """The link of a subject, made anew or pointed to (remote id, SyncToken)."""
    link = link_of(connection_id, subject)
    if link is None:
        link = Link(
            connection_id=connection_id,
            kind=subject.kind,
            subject_id=subject.id,
            entity=entity,
            made=LinkMade.CREATED,
            linked_at=clock.now(),
        )
        db.session.add(link)
    link.remote_id, link.sync_token = remote
    return link


def adopt(connection_id: int, subject: Subject, seen: dict[str, Any], revision: int | None) -> str:
    """Take over a document that turned out to be in QuickBooks already, as ours; returns a sentence.

    `revision` is the one that it tells; None when nobody knows, for then the present one is still to be told.
    """
    return adopt_seen(connection_id, subject, answers.document(seen), revision)


def adopt_seen(connection_id: int, subject: Subject, record: answers.DocumentSeen, revision: int | None) -> str:
    """As `adopt`, from what was read of it."""
    link = _tie(connection_id, subject, KINDS[subject.kind].entity, (record.id, record.sync_token))
    link.made, link.told_revision = LinkMade.ADOPTED, revision
    take_picture(link, record)
    sentence = _sent(subject, link, record).replace("In QuickBooks as", "Found in QuickBooks as", 1)
    timeline.note(subject, "in_books", sentence, actor=ENGINE, details={"remote_id": record.id})
    return sentence


_LANDERS: dict[str, Callable[[int, Subject, Member, dict[str, Any]], str]] = {
    "client": _land_client,
    "service": _land_service,
    **dict.fromkeys(DOCUMENTS, _land_document),
}
