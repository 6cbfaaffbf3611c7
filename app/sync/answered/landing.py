"""What an accepted write changes here: link or mapping, totals compared, timeline, message settled. One transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.billing import receiving
from app.billing.adopting import adopt_total, take_rate
from app.billing.document import Document
from app.billing.wording import amount
from app.foundation import clock
from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks import answers
from app.sync.answered import overtaken
from app.sync.answered.ground import Ground
from app.sync.answered.link_book import Tie
from app.sync.answered.passengers import Passenger
from app.sync.judging.decisions import Listed, Write
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.records.links import LinkMade, LinkState
from app.sync.records.mappings import Mapping as Choice
from app.sync.records.mappings import MappingKind

_POLICY = "policy"
_CHOSEN = "Meanwhile somebody chose what stands for it there; that stays."
_ENDED = {LinkState.VOIDED: "voided", LinkState.REMOVED: "deleted"}


def land(known: Ground, person: Passenger, seen: dict[str, Any]) -> str:
    """Take in the record that QuickBooks answered with; returns a sentence for the log.

    `seen` is the entity's own JSON, numbers as Decimal. Must run in the transaction that settles the message.
    """
    return _LANDERS[person.subject.kind](known, person, seen)


def link_known(known: Ground, subject: Subject, remote: Listed) -> str:
    """Link a client to a customer, or map a service to an item, that was there already; returns a sentence.

    Unless somebody was first: a person's choice stays.
    """
    if known.is_tied(subject):
        return _CHOSEN
    if subject.kind == "service":
        _map_item(known, subject, remote)
        return f"Mapped to the item “{remote.name}” that QuickBooks has already."
    link = known.book.tie(subject, remote.entity, (remote.remote_id, remote.sync_token))
    link.made = LinkMade.MATCHED
    return known.tell(subject, "linked", f"Linked to the customer “{remote.name}” that QuickBooks has already.")


def refresh(known: Ground, subject: Subject, seen: dict[str, Any]) -> None:
    """Keep a newer picture of a record that we are about to tell again; nothing is told of one that was voided there.

    Its webhook will be no news then: the message says what happened, and the next comparison shows it.
    """
    link = known.book.of(subject)
    if link is None:
        return
    if subject.kind in DOCUMENTS:
        record = answers.document(seen)
        take_picture(link, record)
        if record.voided:
            link.state = LinkState.VOIDED
    else:
        link.sync_token = answers.named(seen).sync_token


def _land_document(known: Ground, person: Passenger, seen: dict[str, Any]) -> str:
    subject, entity = person.subject, KINDS[person.subject.kind].entity
    if person.step == Write.DELETE:
        return _removed(known, subject)
    before = known.book.of(subject)
    record = overtaken.latest(before, answers.document_face(seen))
    gone = overtaken.gone_since(before, record.id)
    link = known.book.tie(subject, entity, (record.id, record.sync_token))
    link.told_revision, document = person.revision, known.documents[subject.id]
    # Edited in flight, ours may have had another memo when it left.
    link.told_memo = bool(document.memo) or person.revision != document.revision
    link.state = gone or (LinkState.VOIDED if person.step == Write.VOID else LinkState.LIVE)
    take_picture(link, record)
    if person.step == Write.VOID:
        sentence = f"Voided in QuickBooks ({entity} {record.id})."
    elif gone is not None:
        sentence = f"QuickBooks took this ({entity} {record.id}) before it was {_ENDED[gone]} there."
    else:
        sentence = _sent(document, link, record, of_ours=person.revision == document.revision)
    return known.tell(subject, "in_books", sentence, remote_id=record.id)


def take_picture(link: Tie, record: answers.DocumentFace) -> None:
    """Keep what was seen there: the baseline of drift, the token of the next update, a foreign currency's rate."""
    link.sync_token = record.sync_token
    link.total_pence, link.tax_pence, link.balance_pence = record.total_pence, record.tax_pence, record.balance_pence
    link.remote_number, link.remote_updated_at = record.doc_number, record.updated_at
    if (rate := record.foreign_rate) is not None:
        take_rate(link.subject_id, rate)


def difference(document: Document, record: answers.DocumentFace) -> int:
    """QuickBooks' total less ours, in pence; nought where rounding alone explains it, which is then taken over."""
    if _agrees(document, record):
        return 0  # nothing to explain, so the lines need not be read
    priced = sum(1 for line in document.lines if not line.is_comment)
    return adopt_total(document, record.total_pence, record.tax_pence, max(priced, 1))


def _agrees(document: Any, record: answers.DocumentFace) -> bool:
    ours_are = (document.gross_pence, document.tax_pence, document.rounding_adjustment_pence)
    return ours_are == (record.total_pence, record.tax_pence, 0) and not document.awaits_tax


def _sent(document: Any, link: Tie, record: answers.DocumentFace, *, of_ours: bool) -> str:
    """Compare the totals; `of_ours` tells whether the answer is about what the document says now.

    A tax on what it said before is not taken over: the answer about what it says now brings its own.
    """
    if not _agrees(document, record):
        document = db.session.get_one(Document, document.id)
    is_early = document.awaits_tax and not of_ours
    link.difference_pence = record.total_pence - document.gross_pence if is_early else difference(document, record)
    where = f"In QuickBooks as {record.doc_number or link.entity} (id {record.id})"
    if not link.difference_pence:
        return f"{where}, {amount(record.total_pence, document.currency)}."
    here, there = (amount(pence, document.currency) for pence in (document.gross_pence, record.total_pence))
    return f"{where}, but the amounts differ: {there} there, {here} here."


def _removed(known: Ground, subject: Subject) -> str:
    link = known.book.of(subject)
    if link is not None:
        link.state = LinkState.REMOVED
    return known.tell(subject, "removed_from_books", "Deleted in QuickBooks, because it was voided here.")


def _land_payment(known: Ground, person: Passenger, seen: dict[str, Any]) -> str:
    """What was told of a payment that was recorded here; ours keeps what it says."""
    record, link = answers.payment(seen), known.book.of(person.subject)
    if link is not None and overtaken.is_overtaken(link, record.id, record.sync_token):
        link.told_revision = max(link.told_revision or 0, person.revision)
    else:
        link = _tie_payment(known, person.subject, record, revision=person.revision)
    if person.step == Write.VOID:
        link.state = overtaken.gone_since(link, record.id) or LinkState.VOIDED
        sentence = f"Voided in QuickBooks (payment {record.id})."
    else:
        sentence = f"In QuickBooks as a payment (id {record.id})."
    return known.tell(person.subject, "in_books", sentence, remote_id=record.id)


def _tie_payment(known: Ground, subject: Subject, record: answers.PaymentSeen, *, revision: int | None) -> Tie:
    link = known.book.tie(subject, KINDS[subject.kind].entity, (record.id, record.sync_token))
    link.state, link.told_revision = LinkState.LIVE, revision
    link.total_pence, link.balance_pence = record.total_pence, record.unapplied_pence
    link.remote_updated_at = record.updated_at
    if record.rate is not None:
        receiving.take_rate(subject.id, record.rate)
    return link


def _land_client(known: Ground, person: Passenger, seen: dict[str, Any]) -> str:
    row = known.listed["Customer", answers.named(seen).id]
    if person.step == Write.CREATE and known.is_tied(person.subject):
        return known.tell(person.subject, "in_books", f"Made in QuickBooks as “{row.name}”. {_CHOSEN}")
    link = known.book.tie(person.subject, "Customer", (row.remote_id, row.sync_token))
    link.told_digest = person.digest
    verb = "Created" if person.step == Write.CREATE else "Changed"
    return known.tell(person.subject, "in_books", f"{verb} in QuickBooks as customer “{row.name}”.")


def _land_service(known: Ground, person: Passenger, seen: dict[str, Any]) -> str:
    row = known.listed["Item", answers.named(seen).id]
    if known.is_tied(person.subject):
        return f"Made in QuickBooks as “{row.name}”. {_CHOSEN}"
    _map_item(known, person.subject, row)
    return f"Created in QuickBooks as item “{row.name}”."


def _map_item(known: Ground, subject: Subject, item: Listed) -> None:
    mapping = known.items.get(subject.id)
    if mapping is None:
        connection_id = known.book.connection_id
        mapping = Choice(connection_id=connection_id, kind=MappingKind.SERVICE, subject_id=subject.id)
        known.items[subject.id] = mapping
        db.session.add(mapping)
    mapping.remote_id, mapping.remote_name = item.remote_id, item.name[:200]
    mapping.chosen_by, mapping.chosen_at = _POLICY, clock.now()


def adopt(known: Ground, subject: Subject, seen: dict[str, Any], revision: int | None) -> str:
    """Take over a document or a payment that turned out to be in QuickBooks already, as ours; returns a sentence.

    `revision` is the one that it tells; None when nobody knows, for then the present one is still to be told.
    """
    if subject.kind in DOCUMENTS:
        return adopt_seen(known, subject, answers.document_face(seen), revision)
    record = answers.payment(seen)
    link = _tie_payment(known, subject, record, revision=revision)
    # As it was made: what was done to it there since is taken in by the next reading, which is newer than this.
    link.made, link.sync_token = LinkMade.ADOPTED, answers.UNTOUCHED
    return known.tell(subject, "in_books", f"Found in QuickBooks as payment {record.id}.", remote_id=record.id)


def adopt_seen(known: Ground, subject: Subject, record: answers.DocumentFace, revision: int | None) -> str:
    """As `adopt`, from what was read of it."""
    link = known.book.tie(subject, KINDS[subject.kind].entity, (record.id, record.sync_token))
    link.made, link.told_revision = LinkMade.ADOPTED, revision
    take_picture(link, record)
    if record.voided:
        link.state = LinkState.VOIDED
        sentence = f"Found in QuickBooks as {record.doc_number or link.entity} (id {record.id}), where it was voided."
        return known.tell(subject, "in_books", sentence, remote_id=record.id)
    document = known.documents[subject.id]
    said = _sent(document, link, record, of_ours=revision == document.revision)
    sentence = said.replace("In QuickBooks as", "Found in QuickBooks as", 1)
    return known.tell(subject, "in_books", sentence, remote_id=record.id)


_LANDERS: dict[str, Callable[[Ground, Passenger, dict[str, Any]], str]] = {
    "client": _land_client,
    "service": _land_service,
    **dict.fromkeys(DOCUMENTS, _land_document),
    "payment": _land_payment,
}
