"""One look at QuickBooks before deciding: is the taken number ours, whose is the taken name, what is the record now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.outbox.models import Subject
from app.quickbooks import answers, marker, statements
from app.quickbooks.errors import NumberTaken, QuickBooksError
from app.sync import documents, survey
from app.sync.decisions import Listed
from app.sync.engine import Turn
from app.sync.facts import DocumentFacts
from app.sync.kinds import KINDS
from app.sync.links import links_to
from app.sync.outcomes import Adopted, Known, MemberOutcome, Parked
from app.sync.policies import WhenNumberTaken, policy_of

_UNTOUCHED = "0"
"""The SyncToken of a record that nobody has changed since it was made (reference 2.5)."""
_OTHER_NAMES = ("Vendor", "Employee")
_WORDS = {"Vendor": "a supplier", "Employee": "an employee"}


def current(turn: Turn, subject: Subject, remote_id: str) -> dict[str, Any]:
    """The record as QuickBooks has it now: one read."""
    entity = KINDS[subject.kind].entity
    return dict(turn.engine.quickbooks.read(turn.connection_id, entity, remote_id))


def about_number(turn: Turn, subject: Subject, problem: NumberTaken) -> MemberOutcome:
    """Whose is the number? Ours by marker, or (policy "link") the same in kind, customer, date and total: adopt it."""
    facts = survey.documents(turn.connection_id, subject.kind, {subject.id: False})[subject.id]
    policy = policy_of(turn.connection_id).number_taken
    for row in _numbered(turn, subject, facts.number):
        seen = answers.document(row)
        if _is_ours(facts, seen):
            return _ours_again(seen, row)
        if policy is WhenNumberTaken.LINK and _agrees(facts, seen):
            return Adopted(dict(row))
    other = f"{problem.txn_type} {problem.txn_id}".strip() or "another document"
    return Parked(
        f"Number {facts.number} is already used in QuickBooks by {other}."
        " Give this document another number, or link the two if they are the same."
    )


def _ours_again(seen: answers.DocumentSeen, row: Mapping[str, Any]) -> MemberOutcome:
    """A document of ours whose answer or link was lost. What a bookkeeper did to it meanwhile is never undone.

    Untouched since it was made, it may tell an older revision, so the present one is told once more. Changed since, it
    is taken over as it is: what differs is shown, and a person decides.
    """
    if seen.voided:
        return Parked(
            f"It was voided in QuickBooks (number {seen.doc_number}) and is never made again by itself."
            " Void it here too, or duplicate it under a new number."
        )
    return Adopted(dict(row), is_current=seen.sync_token != _UNTOUCHED)


def find_documents(turn: Turn, kind: str, numbers: list[str]) -> dict[str, list[Mapping[str, Any]]]:
    """The documents of one kind with these numbers: {number: records}; one read for each thousand."""
    entity = KINDS[kind].entity
    found: dict[str, list[Mapping[str, Any]]] = {}
    where = statements.in_("DocNumber", numbers)
    for page in turn.engine.quickbooks.pages(turn.connection_id, entity, (where,)):
        for row in page:
            found.setdefault(str(row.get("DocNumber")), []).append(row)
    return found


def is_ours(facts: DocumentFacts, row: Mapping[str, Any]) -> bool:
    """Whether a record carries our marker for exactly this document."""
    return _is_ours(facts, answers.document(row))


def about_name(turn: Turn, subject: Subject) -> MemberOutcome:
    """Whose is the name? A free, active record of the same list is linked; anything else needs a person."""
    listed, taken = _called_so(turn, subject)
    return _free(listed, taken) or Parked(_whose(turn, _named(subject)[1], listed, linked=bool(taken)))


def known_by_name(turn: Turn, subject: Subject) -> Known | None:
    """The record of this very name that is there, active, and not linked to another of ours; one read."""
    return _free(*_called_so(turn, subject))


def _called_so(turn: Turn, subject: Subject) -> tuple[list[Listed], set[str]]:
    """The records of this name, inactive ones too, and the ids of those that others of ours are linked to."""
    entity, name, field = _named(subject)
    conditions = (statements.where(field, "=", name), statements.EVEN_INACTIVE)
    pages = turn.engine.quickbooks.pages(turn.connection_id, entity, conditions)
    listed = [Listed.of_record(entity, record) for page in pages for record in page]
    return listed, set(links_to(turn.connection_id, entity, [row.remote_id for row in listed]))


def _free(listed: list[Listed], taken: set[str]) -> Known | None:
    return next((Known(row) for row in listed if row.active and row.remote_id not in taken), None)


def _whose(turn: Turn, name: str, listed: list[Listed], *, linked: bool) -> str:
    if linked:
        return f"The name “{name}” in QuickBooks is already linked to another record of ours; rename one of them."
    if any(not row.active for row in listed):
        return f"QuickBooks has “{name}” as an inactive record; make it active there, or rename ours."
    for entity in _OTHER_NAMES:
        if _is_there(turn, entity, name):
            return f"In QuickBooks, “{name}” is {_WORDS[entity]}, and names are unique there; rename one of them."
    return f"QuickBooks says that the name “{name}” is taken; rename ours, or link it by hand."


def _is_there(turn: Turn, entity: str, name: str) -> bool:
    """Only the wording hangs on it, so trouble with this question is no trouble."""
    try:
        return any(
            turn.engine.quickbooks.pages(turn.connection_id, entity, (statements.where("DisplayName", "=", name),))
        )
    except QuickBooksError:
        return False


def _named(subject: Subject) -> tuple[str, str, str]:
    if subject.kind == "client":
        client = survey.clients([subject.id], "")[subject.id]
        return "Customer", documents.display_name(client.name), "DisplayName"
    service = survey.services([subject.id])[subject.id]
    return "Item", documents.item_name(service.code), "Name"


def _numbered(turn: Turn, subject: Subject, number: str) -> list[Mapping[str, Any]]:
    return find_documents(turn, subject.kind, [number]).get(number, [])


def _is_ours(facts: DocumentFacts, seen: answers.DocumentSeen) -> bool:
    found = marker.find(seen.private_note)
    return found is not None and str(found) == facts.marker


def _agrees(facts: DocumentFacts, seen: answers.DocumentSeen) -> bool:
    same_total = abs(seen.total_pence - facts.gross_pence) <= max(len(facts.lines), 1)
    return seen.customer_id == facts.customer_id and seen.txn_date == facts.issue_date and same_total
