"""One look at QuickBooks before deciding: whose is the taken name, what is the record now, what forbids its removal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.billing.document import Document
from app.billing.wording import amount
from app.foundation import clock
from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks import answers, marker, statements
from app.quickbooks.client import QuickBooks
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.lease import renew
from app.quickbooks.lists import folded
from app.sync.engine import Turn
from app.sync.judging import documents, survey
from app.sync.judging.decisions import Listed, Write
from app.sync.judging.facts import DocumentFacts
from app.sync.judging.kinds import KINDS
from app.sync.judging.outcomes import Known, MemberOutcome, Parked
from app.sync.records.links import links_to

_INACTIVE = " (deleted)"
"""What QuickBooks puts behind the name of a record that was made inactive (reference 2.6)."""
NAME_FIELDS = {"client": "DisplayName", "service": "Name"}
"""The field by which the records of a list are known, as it is sent."""
_PATIENCE_SECONDS = 30.0
"""How long a question waits for its turn while nothing else of the company goes on."""
_OTHER_NAMES = ("Vendor", "Employee")
_WORDS = {"Vendor": "a supplier", "Employee": "an employee"}


def current(turn: Turn, subject: Subject, remote_id: str) -> dict[str, Any]:
    """The record as QuickBooks has it now: one read."""
    entity = KINDS[subject.kind].entity
    return dict(turn.engine.quickbooks.read(turn.connection_id, entity, remote_id))


def find_documents(
    quickbooks: QuickBooks, connection_id: int, kind: str, numbers: Collection[str]
) -> dict[str, list[Mapping[str, Any]]]:
    """The documents of one kind with these numbers: {number: records}; one read for each thousand."""
    entity = KINDS[kind].entity
    found: dict[str, list[Mapping[str, Any]]] = {}
    where = statements.in_("DocNumber", numbers)
    for page in quickbooks.pages(connection_id, entity, (where,)):
        for row in page:
            found.setdefault(str(row.get("DocNumber")), []).append(row)
    return found


def pages(
    turn: Turn, entity: str, conditions: tuple[str, ...], *, patience_seconds: float = _PATIENCE_SECONDS
) -> Iterator[list[answers.Entity]]:
    """The records of these conditions; before each page the lease is made to last until that must have come."""
    settings = turn.engine.settings
    longest = patience_seconds + settings.batch_call_seconds + settings.lease_margin_seconds
    renew(turn.lease, clock.now(), longest)
    found = turn.engine.quickbooks.pages(turn.connection_id, entity, conditions, patience_seconds=patience_seconds)
    for page in found:
        yield page
        renew(turn.lease, clock.now(), longest)


def is_ours(facts: DocumentFacts, row: Mapping[str, Any]) -> bool:
    """Whether a record carries our marker for exactly this document."""
    found = marker.find(answers.document(row).private_note)
    return found is not None and str(found) == facts.marker


def about_removal(turn: Turn, subject: Subject, remote_id: str, problem: QuickBooksError) -> MemberOutcome:
    """A void or deletion was refused: because payments are applied there? Then they are named."""
    seen = answers.document(current(turn, subject, remote_id))
    if not seen.links:
        return Parked(problem.message)
    document = db.session.get_one(Document, subject.id)
    applied = amount(seen.total_pence - seen.balance_pence, document.currency)
    listed = ", ".join(f"{link.txn_type.lower()} {link.txn_id}" for link in seen.links)
    word = "voided" if KINDS[subject.kind].void_as is Write.VOID else "deleted"
    return Parked(
        f"It can't be {word} in QuickBooks, because {applied} is applied to it there ({listed})."
        " Take that off in QuickBooks, then send it again."
    )


def tax_blocker(turn: Turn, subject: Subject) -> str:
    """The first tax code that a document uses, whose mapping is to be looked at; empty where it uses none."""
    facts = survey.documents(turn.connection_id, subject.kind, {subject.id: True})[subject.id]
    used = (line.tax_code_id for line in facts.lines if line.tax_code_id is not None)
    return next((f"tax_code:{tax_code_id}" for tax_code_id in used), "")


def about_name(turn: Turn, subject: Subject) -> MemberOutcome:
    """Whose is the name? A free, active record of the same list is linked; anything else needs a person."""
    listed, taken = _called_so(turn, subject)
    return _free(listed, taken) or Parked(_whose(turn, _named(subject)[1], listed, linked=bool(taken)))


def known_by_names(turn: Turn, kind: str, names: Collection[str]) -> dict[str, Known]:
    """The records of these very names that are there, active, and linked to nobody of ours; {folded name: it}."""
    entity = KINDS[kind].entity
    rows = pages(turn, entity, (statements.in_(NAME_FIELDS[kind], names),))
    listed = [Listed.of_record(entity, record) for page in rows for record in page]
    taken = links_to(turn.connection_id, entity, [row.remote_id for row in listed])
    return {folded(row.name): Known(row) for row in listed if row.active and row.remote_id not in taken}


def _called_so(turn: Turn, subject: Subject) -> tuple[list[Listed], set[str]]:
    """The records of this name, inactive ones too, and the ids of those that others of ours are linked to."""
    entity, name, field = _named(subject)
    conditions = (statements.in_(field, [name, name + _INACTIVE]), statements.EVEN_INACTIVE)
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
    conditions = (statements.in_("DisplayName", [name, name + _INACTIVE]), statements.EVEN_INACTIVE)
    try:
        return any(turn.engine.quickbooks.pages(turn.connection_id, entity, conditions))
    except QuickBooksError:
        return False


def _named(subject: Subject) -> tuple[str, str, str]:
    if subject.kind == "client":
        client = survey.clients([subject.id], "")[subject.id]
        return "Customer", documents.display_name(client.name), NAME_FIELDS["client"]
    service = survey.services([subject.id])[subject.id]
    return "Item", documents.item_name(service.code), NAME_FIELDS["service"]
