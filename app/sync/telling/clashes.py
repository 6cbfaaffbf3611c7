"""A number that is taken in QuickBooks: whose is it, does that document agree with ours, and what the policy says.

One query finds the document and all numbers that the rule of suffixes could give; nothing is asked twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.foundation import clock
from app.foundation.database import transaction
from app.outbox.models import Subject
from app.quickbooks import answers
from app.quickbooks.client import QuickBooks
from app.quickbooks.errors import NumberTaken
from app.sync.answered import enquiries
from app.sync.engine import Turn
from app.sync.judging import survey
from app.sync.judging.facts import DocumentFacts
from app.sync.judging.forerunners import is_forerunner
from app.sync.judging.outcomes import Adopted, Again, MemberOutcome, Parked
from app.sync.records import numbers
from app.sync.records.attempts import Outcome
from app.sync.records.policies import WhenNumberTaken, policy_of

_NEVER_AGAIN = "is never made again by itself. Void it here too, or duplicate it under a new number."


@dataclass(frozen=True)
class Clash:
    """What is there under our number: the records that have it, and the next number by the rule that is free."""

    facts: DocumentFacts
    records: tuple[Mapping[str, Any], ...]
    next_free: str | None


def clash_of(quickbooks: QuickBooks, connection_id: int, subject: Subject) -> Clash:
    """Look once: who has the number under which this document goes, and which one is free."""
    facts = survey.documents(connection_id, subject.kind, {subject.id: False})[subject.id]
    wanted = [facts.number_there, *numbers.candidates(facts.number)]
    found = enquiries.find_documents(quickbooks, connection_id, subject.kind, wanted)
    taken = {*found, *numbers.ours_among(connection_id, subject.kind, wanted)}
    following = numbers.next_free(facts.number, facts.number_there, taken)
    return Clash(facts, tuple(_called(found, facts.number_there)), following)


def _called(found: Mapping[str, list[Mapping[str, Any]]], number: str) -> Iterable[Mapping[str, Any]]:
    """The records of this number, whatever its case."""
    return [row for there, rows in found.items() if there.casefold() == number.casefold() for row in rows]


def about_number(turn: Turn, subject: Subject, problem: NumberTaken) -> MemberOutcome:
    """Ours by marker: taken over. Else as the policy says: stop, link what agrees, or send under the next number."""
    clash = clash_of(turn.engine.quickbooks, turn.connection_id, subject)
    policy = policy_of(turn.connection_id).number_taken
    for row in clash.records:
        seen = answers.document(row)
        if enquiries.is_ours(clash.facts, row) and not is_lost_one(clash.facts, seen):
            return _ours_again(seen, row)
        if policy is WhenNumberTaken.LINK and agrees(clash.facts, seen):
            return Adopted(dict(row))
    if policy is WhenNumberTaken.SUFFIX and clash.next_free is not None:
        return _under_another(turn, clash, clash.next_free)
    return Parked(_stopped(clash, problem), blocker_of(subject))


def blocker_of(subject: Subject) -> str:
    """What a document waits for whose number is taken: a person's word about this one."""
    return f"number_{subject.kind}:{subject.id}"


def is_lost_one(facts: DocumentFacts, seen: answers.DocumentSeen) -> bool:
    """Whether a record with our marker is one that a restore has made us forget, unless it was opened here again."""
    return is_forerunner(seen.created_at, facts.opened_at) and not agrees(facts, seen)


def agrees(facts: DocumentFacts, seen: answers.DocumentSeen) -> bool:
    """Whether a document there says what ours says: kind, customer, date, and total but for rounding."""
    same_total = abs(seen.total_pence - facts.gross_pence) <= max(len(facts.lines), 1)
    same = (seen.customer_id, seen.txn_date) == (facts.customer_id, facts.issue_date)
    return same and same_total and not seen.voided


def _under_another(turn: Turn, clash: Clash, number: str) -> Again:
    with transaction():
        numbers.give(turn.connection_id, clash.facts.subject, number)
    sentence = f"Number {clash.facts.number_there} is already used in QuickBooks, so it goes there as {number}."
    return Again(clock.now(), sentence, charge=True, outcome=Outcome.LATER)


def _stopped(clash: Clash, problem: NumberTaken) -> str:
    other = f"{problem.txn_type} {problem.txn_id}".strip() or "another document"
    return (
        f"Number {clash.facts.number_there} is already used in QuickBooks by {other}."
        " Link the two if they are the same, or send this one under another number."
    )


def _ours_again(seen: answers.DocumentSeen, row: Mapping[str, Any]) -> MemberOutcome:
    """A document of ours whose answer or link was lost. What a bookkeeper did to it meanwhile is never undone.

    Untouched since it was made, it may tell an older revision, so the present one is told once more. Changed since, it
    is taken over as it is: what differs is shown, and a person decides.
    """
    if seen.voided:
        return Parked(f"It was voided in QuickBooks (number {seen.doc_number}) and {_NEVER_AGAIN}")
    return Adopted(dict(row), is_current=seen.sync_token != answers.UNTOUCHED)
