"""Deciding about due payments: reads both sides, asks their readiness, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from app.sync.judging.decisions import Agree, Decision, Due, Tell, Withhold, Write
from app.sync.judging.facts import Books
from app.sync.judging.kinds import KINDS
from app.sync.judging.readiness import Finding, Step
from app.sync.payments import bodies
from app.sync.payments import survey as payment_survey
from app.sync.payments.facts import PaymentToTell
from app.sync.payments.readiness import first_finding

_GONE = Finding(Step.NOTHING, "There is no such payment any more; there is nothing to tell.")


def decide_payments(dues: Sequence[Due], books: Books) -> list[Decision]:
    """One decision for each, in the order given."""
    facts = payment_survey.payments(books.connection_id, {due.subject.id: due.asked for due in dues})
    return [_decision(due, facts.get(due.subject.id), books) for due in dues]


def _decision(due: Due, told: PaymentToTell | None, books: Books) -> Decision:
    if told is None:
        return Withhold(due=due, label="", finding=_GONE)
    finding = first_finding(told, books)
    if finding is not None:
        return Withhold(due=due, label=told.label, finding=finding)
    if told.link is not None and not told.is_void and told.link.told_revision == told.revision:
        return Agree(due=due, label=told.label, sentence="QuickBooks has this payment already.")
    return _tell(due, told, books)


def _tell(due: Due, told: PaymentToTell, books: Books) -> Tell:
    kind = KINDS[due.subject.kind]
    body = {} if told.is_void else bodies.payment(told, books)
    write = Write.CREATE
    if told.link is not None:
        body |= {"Id": told.link.remote_id, "SyncToken": told.link.sync_token}
        write = kind.void_as if told.is_void else Write.UPDATE
    return Tell(
        due=due,
        label=told.label,
        entity=kind.entity,
        write=write,
        body=body,
        revision=told.revision,
        lines=len(told.parts),
    )
