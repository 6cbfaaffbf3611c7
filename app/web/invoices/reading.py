"""What was typed into the editor, read as content; what can't be read is said beside its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from app.billing.content import DocumentContent, LineContent
from app.billing.faults import Fault
from app.billing.importing import cells
from app.billing.service import Service, folded
from app.web.invoices.typed import TypedDocument, TypedLine

T = TypeVar("T")

_ID = re.compile(r"[0-9]{1,15}")
_FIELDS = {
    "client_id": "client",
    "service_id": "service",
    "tax_code_id": "tax_code",
    "term_id": "term",
    "discount_percent": "discount",
    "lines": "lines",
}


class Problem(NamedTuple):
    """What is wrong, and the id of the field to mend it in."""

    field: str
    sentence: str


@dataclass(frozen=True)
class Known:
    """What the names in the editor may mean: services by folded code, and whom the client's text names."""

    services: Mapping[str, Service]
    client_id: int | None = None
    client_problem: str = ""
    usual_term_id: int | None = None
    """The client's payment term, for a document whose own was left to it."""


@dataclass
class Reading:
    """The content, as far as it could be read, and the problems with the rest."""

    content: DocumentContent
    problems: list[Problem] = field(default_factory=list)


def read(typed: TypedDocument, known: Known, today: date) -> Reading:
    """Read a document. A line's problems begin with its number; content and typed lines have the same order."""
    problems: list[Problem] = []
    if known.client_problem:
        problems.append(Problem("client", known.client_problem))
    issued = _parsed(cells.day, typed.issue_date, "issue_date", problems)
    if not typed.issue_date:
        problems.append(Problem("issue_date", "Enter the issue date."))
    content = DocumentContent(
        client_id=known.client_id,
        issue_date=issued or today,
        due_date=_parsed(cells.day, typed.due_date, "due_date", problems),
        term_id=_id(typed.term) if typed.term else known.usual_term_id,
        currency=typed.currency or None,
        memo=typed.memo,
        lines=tuple(_line(at, line, known, problems) for at, line in enumerate(typed.lines)),
    )
    return Reading(content, problems)


def problems_of(faults: Iterable[Fault]) -> list[Problem]:
    """Billing's faults, beside the editor's fields."""
    return [Problem(_field_id(fault), fault.sentence) for fault in faults]


def field_of(name: str) -> str:
    """The editor's field for a field of billing's."""
    return _FIELDS.get(name, name)


def _field_id(fault: Fault) -> str:
    name = field_of(fault.field)
    return name if fault.line is None else f"lines-{fault.line - 1}-{name}"


def _line(at: int, line: TypedLine, known: Known, problems: list[Problem]) -> LineContent:
    if line.comment:
        return LineContent(description=line.description.strip())
    service = known.services.get(folded(line.service))
    found: list[Problem] = []
    if line.service and service is None:
        found.append(Problem("service", f"there is no service “{line.service}”; choose one of the list."))
    content = LineContent(
        description=line.description.strip(),
        service_id=service.id if service else None,
        quantity=_parsed(cells.number, line.quantity, "quantity", found),
        unit_price=_parsed(cells.number, line.unit_price, "unit_price", found),
        discount_percent=_parsed(cells.percent, line.discount, "discount", found) or Decimal(0),
        tax_code_id=_id(line.tax_code),
    )
    problems.extend(_numbered(at, found))
    return content


def _id(text: str) -> int | None:
    return int(text) if _ID.fullmatch(text) else None


def _numbered(at: int, found: list[Problem]) -> Iterator[Problem]:
    for name, sentence in found:
        yield Problem(f"lines-{at}-{name}", f"Line {at + 1}: {sentence}")


def _parsed(parse: Callable[[str], T | None], text: str, name: str, problems: list[Problem]) -> T | None:
    try:
        return parse(text)
    except ValueError as problem:
        problems.append(Problem(name, f"{problem}."))
        return None
