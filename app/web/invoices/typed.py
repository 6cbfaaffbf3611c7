"""A document as it was typed into the editor, and what the editor's buttons do to its lines (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from app.billing.content import DocumentContent, LineContent
from app.billing.document import Document
from app.billing.faults import is_comment
from app.billing.service import Service, folded

MOST_LINES = 500

NO_TERM = "none"
"""A payment term that was chosen to be none; one that was left empty is the client's usual one."""


@dataclass(frozen=True)
class TypedLine:
    """One line as text. `filled` is the code of the service whose texts were put in."""

    service: str = ""
    filled: str = ""
    description: str = ""
    quantity: str = ""
    unit_price: str = ""
    discount: str = ""
    tax_code: str = ""
    comment: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed; a chosen tax code alone says nothing."""
        return not any((self.service, self.description, self.quantity, self.unit_price, self.discount))


@dataclass(frozen=True)
class TypedDocument:
    """A document as text."""

    HEAD: ClassVar[tuple[str, ...]] = (
        "entity",
        "client",
        "issue_date",
        "due_date",
        "term",
        "currency",
        "memo",
        "version",
    )

    entity: str = ""
    client: str = ""
    issue_date: str = ""
    due_date: str = ""
    term: str = ""
    currency: str = ""
    memo: str = ""
    version: str = ""
    lines: tuple[TypedLine, ...] = ()

    def without_blanks(self) -> TypedDocument:
        """Without the lines in which nothing was typed."""
        return replace(self, lines=tuple(line for line in self.lines if not line.is_blank))


def rearranged(lines: tuple[TypedLine, ...], command: str) -> tuple[tuple[TypedLine, ...], str]:
    """What a button does: `add`, `comment`, `remove-2`, `up-2`, `down-2`. Returns the lines and the id to focus."""
    verb, _dash, number = command.partition("-")
    at = int(number) if number.isdigit() else -1
    if verb in {"add", "comment"} and len(lines) < MOST_LINES:
        return (*lines, TypedLine(comment=verb == "comment")), f"lines-{len(lines)}-{_FIRST[verb]}"
    if not 0 <= at < len(lines):
        return lines, ""
    if verb == "remove":
        return lines[:at] + lines[at + 1 :], "add-line"
    to = at + _MOVES.get(verb, 0)
    if to == at or not 0 <= to < len(lines):
        return lines, ""
    moved = list(lines)
    moved[at], moved[to] = moved[to], moved[at]
    return tuple(moved), f"{verb}-{to}"


_FIRST = {"add": "service", "comment": "description"}
_MOVES = {"up": -1, "down": 1}


def refilled(line: TypedLine, services: Mapping[str, Service]) -> TypedLine:
    """A line whose service was just chosen takes over its text, price and tax code.

    What somebody typed stays; what the service chosen before had put in is replaced. `services` are by folded code.
    """
    now, before = services.get(folded(line.service)), services.get(folded(line.filled))
    if now is None or line.comment or now is before:
        return line
    ours, old = _texts_of(now), _texts_of(before) if before else {}
    taken: dict[str, Any] = {
        name: text for name, text in ours.items() if text and getattr(line, name) in {"", old.get(name, "")}
    }
    return replace(line, service=now.code, filled=now.code, quantity=line.quantity or "1", **taken)


def _texts_of(service: Service) -> dict[str, str]:
    return {
        "description": service.description or service.name,
        "unit_price": "" if service.unit_price is None else format(service.unit_price, "f"),
        "tax_code": str(service.tax_code_id or ""),
    }


def typed_of(document: Document, content: DocumentContent) -> TypedDocument:
    """A document as the editor first shows it. Dates are ISO, as date fields want them."""
    codes = {line.service_id: line.service.code for line in document.lines if line.service}
    return TypedDocument(
        entity=str(document.billing_entity_id),
        client=f"{document.client.name} #{document.client.id}" if document.client else "",
        issue_date=content.issue_date.isoformat(),
        due_date=content.due_date.isoformat() if content.due_date else "",
        term=str(content.term_id or (NO_TERM if content.client_id else "")),
        currency=content.currency or "",
        memo=content.memo,
        version=str(document.version),
        lines=tuple(_typed_line(line, codes.get(line.service_id, "")) for line in content.lines),
    )


def _typed_line(line: LineContent, code: str) -> TypedLine:
    return TypedLine(
        service=code,
        filled=code,
        description=line.description,
        quantity="" if line.quantity is None else format(line.quantity, "f"),
        unit_price="" if line.unit_price is None else format(line.unit_price, "f"),
        discount=format(line.discount_percent, "f") if line.discount_percent else "",
        tax_code=str(line.tax_code_id or ""),
        comment=is_comment(line),
    )
