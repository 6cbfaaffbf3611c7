"""How a record of each kind is taken in: what it changes here, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select, update

from app.billing import timeline
from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentStatus
from app.billing.payment import PaymentState
from app.billing.wording import amount
from app.foundation.database import db
from app.outbox import lanes
from app.quickbooks import answers, catalogue, lists
from app.quickbooks.models import Connection
from app.sync.answered import landing
from app.sync.answered.ground import ENGINE
from app.sync.company import connecting
from app.sync.comparing import findings, following, surveying, told_lines
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import WORDS, Difference, report
from app.sync.comparing.sides import AMOUNTS, FACTS, REMOVED, VOIDED, differences_of
from app.sync.listening.unanswered import being_made, concerns, may_be_paid_by
from app.sync.payments import applying
from app.sync.records.effects import KNOWN, NOT_OURS, OLDER, AnswerIsOutError, Effect, is_older
from app.sync.records.holding import hold
from app.sync.records.links import Link, LinkState, links_to
from app.sync.records.mappings import ENTITY_OF
from app.sync.records.mappings import Mapping as Choice
from app.sync.records.policies import WhenChangedThere, policy_of

LISTS = ("Customer", "Item", "Account", "Term", lists.CLASSES, lists.LOCATIONS)

Taker = Callable[[Connection, str, "Mapping[str, Any] | None"], Effect]
"""(connection, their id, the record as it is now, None where it is gone)."""


def _take_payment(connection: Connection, remote_id: str, record: Mapping[str, Any] | None) -> Effect:
    if record is None:
        _leave_to_its_answer(connection, applying.ENTITY, remote_id, None)
        return applying.remove(connection.id, remote_id, PaymentState.REMOVED)
    seen = answers.payment(record)
    if may_be_paid_by(connection.id, seen):
        raise AnswerIsOutError
    return applying.take_in(connection, seen)


def _document(entity: str) -> Taker:
    def take(connection: Connection, remote_id: str, record: Mapping[str, Any] | None) -> Effect:
        seen = None if record is None else answers.document(record)
        _leave_to_its_answer(connection, entity, remote_id, seen)
        return take_document(connection.id, entity, remote_id, seen)

    return take


def _leave_to_its_answer(
    connection: Connection, entity: str, remote_id: str, seen: answers.DocumentSeen | None
) -> None:
    """Raises AnswerIsOutError where it may be one of ours that is just being made, which nothing is linked to yet."""
    if not links_to(connection.id, entity, [remote_id]) and concerns(being_made(connection.id, entity), seen):
        raise AnswerIsOutError


def take_document(connection_id: int, entity: str, remote_id: str, seen: answers.DocumentSeen | None) -> Effect:
    """Take in a document as it is there now, None where it is gone; in the caller's transaction."""
    link = links_to(connection_id, entity, [remote_id]).get(remote_id)
    if link is None:
        return NOT_OURS
    document = db.session.get_one(Document, link.subject_id)
    if seen is None or seen.deleted:
        return _gone(link, document, LinkState.REMOVED)
    return _touched(link, document, seen)


def _touched(link: Link, document: Document, seen: answers.DocumentSeen) -> Effect:
    """A document of ours was touched: keep the newer picture, and tell what differs from ours."""
    if is_older(seen.sync_token, link.sync_token):
        return OLDER
    if seen.sync_token == link.sync_token and seen.balance_pence == link.balance_pence:
        return KNOWN
    landing.take_picture(link, seen)
    if seen.voided:
        return _gone(link, document, LinkState.VOIDED)
    if link.told_revision != document.revision:
        return Effect(changed=True, sentence=f"{document.title} was seen anew; a newer version of ours is on its way.")
    return _compared(link, document, seen)


def _compared(link: Link, document: Document, seen: answers.DocumentSeen) -> Effect:
    before = link.difference_pence
    link.difference_pence = landing.difference(document, seen)
    found = _report(link, document, seen)
    causes = [difference.cause for difference in found]
    if found and _follows(link) and not following.follow(link, document, seen, causes, actor=ENGINE):
        return Effect(changed=True, sentence=f"{document.title} was changed in QuickBooks, and is the same here now.")
    if link.difference_pence:
        return _apart(document, seen, is_new=link.difference_pence != before)
    said = "its total agrees again" if before else "its total agrees"
    other = ", ".join(sorted({WORDS[difference.cause].lower() for difference in found}))
    more = f", but not all else: {other}" if other else ""
    return Effect(changed=True, sentence=f"{document.title} was seen anew; {said}{more}.")


def _apart(document: Document, seen: answers.DocumentSeen, *, is_new: bool) -> Effect:
    theirs, ours = (amount(pence, document.currency) for pence in (seen.total_pence, document.gross_pence))
    sentence = f"{document.title} has another total in QuickBooks: {theirs} instead of {ours}."
    if is_new:
        timeline.note(document.subject, "drift", sentence, actor=ENGINE)
    return Effect(changed=True, sentence=sentence)


def _report(link: Link, document: Document, seen: answers.DocumentSeen) -> list[Difference]:
    """Open what differs now, and close what agrees again; what is paid is told by payments themselves."""
    connection = db.session.get_one(Connection, link.connection_id)
    theirs = {(link.entity, link.remote_id): seen}
    # A tax that was just taken over agrees whichever lines it is on; then the lines themselves tell.
    only_amounts = document.entity.tax_regime is not TaxRegime.US_AUTOMATED
    (mine,) = told_lines.laid_beside(
        connection.id, [surveying.side_of(connection, link, document)], theirs, only_amounts=only_amounts
    )
    found = differences_of(mine, seen)
    causes = {difference.cause for difference in found}
    for difference in found:
        findings.write(connection.id, difference, run_id=None)
    findings.resolve(link, [cause for cause in (*AMOUNTS, *FACTS) if cause not in causes])
    return found


def note_lost(connection_id: int, entity: str, remote_id: str) -> None:
    """A document that is not there, though nothing told that it was deleted; in the caller's transaction."""
    link = links_to(connection_id, entity, [remote_id]).get(remote_id)
    if link is not None and link.state is LinkState.LIVE:
        link.state = LinkState.REMOVED
        sentence = f"{entity} {remote_id} is not in QuickBooks any more."
        timeline.note(link.subject, "drift", sentence, actor=ENGINE)


_GONE = {
    LinkState.REMOVED: (DriftCause.REMOVED_THERE, "deleted", " It is never made again by itself."),
    LinkState.VOIDED: (DriftCause.VOIDED_THERE, "voided", ""),
}


def _gone(link: Link, document: Document, state: LinkState) -> Effect:
    """It was deleted or voided there: told as a difference, unless it is void here too."""
    cause, word, moral = _GONE[state]
    if link.state is not LinkState.LIVE:
        return KNOWN
    link.state = state
    sentence = f"{document.title} was {word} in QuickBooks.{moral}"
    if document.status is not DocumentStatus.VOID and not _goes_too(link, document, cause):
        report(link, cause, *(REMOVED if state is LinkState.REMOVED else VOIDED))
        timeline.note(document.subject, "drift", sentence, actor=ENGINE)
    return Effect(changed=True, sentence=sentence)


def _goes_too(link: Link, document: Document, cause: DriftCause) -> bool:
    """Whether it was voided here as well, by policy."""
    return _follows(link) and not following.follow(link, document, None, [cause], actor=ENGINE)


def _follows(link: Link) -> bool:
    return policy_of(link.connection_id).changed_there is WhenChangedThere.FOLLOW


def _named(entity: str) -> Taker:
    def take(connection: Connection, remote_id: str, record: Mapping[str, Any] | None) -> Effect:
        link = links_to(connection.id, entity, [remote_id]).get(remote_id)
        if record is None:
            catalogue.forget(db.session(), connection.id, entity, remote_id)
            if link is not None:
                link.state = LinkState.REMOVED
            return Effect(changed=True, sentence=f"{entity} {remote_id} is gone from QuickBooks.")
        row = catalogue.note(db.session(), connection.id, entity, record)
        if link is not None and not is_older(row.sync_token, link.sync_token):
            link.sync_token = row.sync_token
            link.state = LinkState.LIVE if row.active else LinkState.REMOVED
        if row.active:
            _free(connection, entity, remote_id, link)
        return Effect(changed=True, sentence=f"{entity} “{row.name}” was read anew.")

    return take


def _free(connection: Connection, entity: str, remote_id: str, link: Link | None) -> None:
    """It may have been inactive until now: what is held for it is judged anew.

    Whoever fills an envelope holds the company's row too, so nothing is held for it a moment later.
    """
    hold(connection.id)
    lane = connecting.lane_of(connection)
    if link is not None:
        lanes.release(lane, lanes.blocker_of(link.subject))
    kinds = [kind for kind, mapped in ENTITY_OF.items() if mapped == entity]
    same = (Choice.connection_id == connection.id, Choice.kind.in_(kinds), Choice.remote_id == remote_id)
    for choice in db.session.scalars(select(Choice).where(*same)):
        lanes.release(lane, f"{choice.kind.value}:{choice.subject_id}")


def take_merge(connection_id: int, entity: str, gone_id: str, *, into: str) -> None:
    """Two records became one: what pointed to the one that is gone points to the one that lives on.

    A link can't follow where another client of ours is linked to the survivor already; then it ends.
    """
    links = links_to(connection_id, entity, [gone_id, into])
    if gone_id in links:
        gone = links[gone_id]
        gone.remote_id, gone.state = (gone_id, LinkState.REMOVED) if into in links else (into, LinkState.LIVE)
        db.session.flush()
    kinds = [kind for kind, mapped in ENTITY_OF.items() if mapped == entity]
    db.session.execute(
        update(Choice)
        .where(Choice.connection_id == connection_id, Choice.kind.in_(kinds), Choice.remote_id == gone_id)
        .values(remote_id=into)
    )
    catalogue.forget(db.session(), connection_id, entity, gone_id)


TAKERS: dict[str, Taker] = {
    applying.ENTITY: _take_payment,
    "Invoice": _document("Invoice"),
    "CreditMemo": _document("CreditMemo"),
    **{entity: _named(entity) for entity in LISTS},
}


def followed(connection: Connection) -> tuple[str, ...]:
    """What change data capture is asked for: not the lists that this company does not have."""
    mirrored = catalogue.mirrored(connection)
    return tuple(entity for entity in TAKERS if entity not in LISTS or entity in mirrored)
