"""Something that a document names is not there or inactive: look at what it names, and let readiness say which it is.

Intuit often does not tell which customer or item it means. What is read goes into our mirror of the lists, so that the
next decision about this document, and about every other that names it, holds it with the right reason and fix.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.foundation import clock
from app.foundation.database import db, transaction
from app.outbox.models import Subject
from app.quickbooks import lists, statements
from app.quickbooks.errors import QuickBooksError, Refused
from app.quickbooks.models import Connection
from app.sync.answered import enquiries
from app.sync.engine import Turn
from app.sync.judging import headings, survey
from app.sync.judging.facts import DocumentFacts
from app.sync.judging.kinds import DOCUMENTS
from app.sync.judging.outcomes import Again, MemberOutcome, Parked
from app.sync.judging.readiness import first_finding
from app.sync.listening import taking
from app.sync.records.attempts import Outcome

_LISTS = {"Names": "Customer", "Items": "Item", "Klasses": lists.CLASSES, "Depts": lists.LOCATIONS}
"""What QuickBooks calls its lists where a reference fails (reference 8.2)."""


def about_reference(turn: Turn, subject: Subject, remote_id: str | None, problem: QuickBooksError) -> MemberOutcome:
    """Read anew what this document names; tried again where that shows what is wrong, else for a person.

    Raises NotFound where the document itself is gone there.
    """
    if subject.kind not in DOCUMENTS:
        return Parked(problem.message)
    if remote_id is not None and problem.code == "610":
        enquiries.current(turn, subject, remote_id)
    facts = _facts(turn, subject)
    for entity, remote_ids in _named_in(facts, problem):
        _read_anew(turn, entity, remote_ids)
    books = survey.books_of(db.session.get_one(Connection, turn.connection_id))
    if first_finding(_facts(turn, subject), books) is None:
        return Parked(problem.message)
    return Again(clock.now(), problem.message, charge=True, outcome=Outcome.LATER)


def _facts(turn: Turn, subject: Subject) -> DocumentFacts:
    return survey.documents(turn.connection_id, subject.kind, {subject.id: True})[subject.id]


def _named_in(facts: DocumentFacts, problem: QuickBooksError) -> Iterable[tuple[str, set[str]]]:
    """(list, ids) that may be meant: the one that Intuit names, or all of the document's."""
    word, _space, remote_id = problem.record.partition(" ") if isinstance(problem, Refused) else ("", "", "")
    if word in _LISTS:
        return [(_LISTS[word], {remote_id})]
    named: dict[str, set[str | None]] = {
        "Item": {line.item_id for line in facts.lines},
        "Customer": {facts.customer_id},
        **headings.named_in(facts),
    }
    found = {entity: {one for one in ids if one is not None} for entity, ids in named.items()}
    return [(entity, ids) for entity, ids in found.items() if ids]


def _read_anew(turn: Turn, entity: str, remote_ids: set[str]) -> None:
    """One read; a record that does not come back is gone."""
    conditions = (statements.in_("Id", sorted(remote_ids)), statements.EVEN_INACTIVE)
    pages = turn.engine.quickbooks.pages(turn.connection_id, entity, conditions)
    found = {str(row["Id"]): row for page in pages for row in page}
    with transaction() as session:
        connection = session.get_one(Connection, turn.connection_id)
        for remote_id in remote_ids:
            taking.TAKERS[entity](connection, remote_id, found.get(remote_id))
