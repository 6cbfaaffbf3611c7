"""The lines that QuickBooks shows, as content of ours: lines that agree stay what they are, others are written anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from app.billing.content import LineContent, content_of
from app.billing.document import Document
from app.billing.tax import TaxCode
from app.foundation.database import db
from app.foundation.errors import ConflictError
from app.foundation.money import to_pence, to_pounds
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.models import Connection
from app.quickbooks.sold_lines import LineSeen
from app.sync.comparing import line_changes
from app.sync.comparing.told_lines import told_of
from app.sync.judging import survey
from app.sync.records.mappings import MappingKind, mappings_of

TAX, NON = "TAX", "NON"
_ONE = Decimal(1)


class CannotWriteError(ConflictError):
    """A line there has no counterpart here."""


class _Told(NamedTuple):
    """A line as QuickBooks was told it, and which of our lines it stands for."""

    line: LineSeen
    at: int


@dataclass(frozen=True)
class Words:
    """Which service and tax code of ours stands for which of theirs; several of ours may share one."""

    services: Mapping[str, Sequence[int]]
    tax_codes: Mapping[str, Sequence[int]]
    taxed: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Our tax codes by what a line says where QuickBooks computes the tax: TAX or NON (reference 4.4)."""


def content_lines(connection: Connection, document: Document | None, seen: DocumentSeen) -> tuple[LineContent, ...]:
    """What the lines of `seen` are here; `document` is ours, None where there is none yet.

    Raises CannotWriteError for a line whose item or tax code stands for nothing of ours.
    """
    ours = content_of(document).lines if document is not None else ()
    told = _told(connection, document) if document is not None else []
    return tuple(_written(ours, told, seen.lines, words_of(connection.id)))


def _written(
    ours: Sequence[LineContent], told: Sequence[_Told], theirs: Sequence[LineSeen], words: Words
) -> Iterator[LineContent]:
    known = {seen: mine for mine, seen in line_changes.pairs([one.line for one in told], theirs) if seen is not None}
    whole = _untouched(told, theirs, known)
    done: set[int] = set()
    for place, seen in enumerate(theirs):
        mine = known.get(place)
        at = told[mine].at if mine is not None else None
        if at is not None and at in whole:
            if at not in done:
                yield ours[at]
            done.add(at)
        else:
            yield _line(seen, ours[at] if at is not None else None, words)


def _untouched(told: Sequence[_Told], theirs: Sequence[LineSeen], known: Mapping[int, int | None]) -> set[int]:
    """Those of our lines, by index, of which all that stands for them there is as it was told."""
    agreeing = {mine for seen, mine in known.items() if mine is not None and told[mine].line.agrees(theirs[seen])}
    broken = {one.at for index, one in enumerate(told) if index not in agreeing}
    return {one.at for one in told} - broken


def _told(connection: Connection, document: Document) -> list[_Told]:
    books = survey.books_of(connection)
    facts = survey.documents(connection.id, document.kind.value, {document.id: False})[document.id]
    return [_Told(line, at) for at, one in enumerate(facts.lines) for line in told_of(one, books)]


def words_of(connection_id: int) -> Words:
    """All that is mapped, both ways round."""
    services, codes = (_turned(connection_id, kind) for kind in (MappingKind.SERVICE, MappingKind.TAX_CODE))
    return Words(services, codes, _taxed())


def _taxed() -> dict[str, list[int]]:
    """Those that are called so first; then as they were made."""
    found: dict[str, list[int]] = {TAX: [], NON: []}
    codes = db.session.scalars(select(TaxCode).where(TaxCode.active).order_by(TaxCode.id))
    for code in sorted(codes, key=lambda code: code.code not in found):
        found[TAX if code.is_charged else NON].append(code.id)
    return found


def _turned(connection_id: int, kind: MappingKind) -> dict[str, list[int]]:
    turned: dict[str, list[int]] = {}
    for subject_id, choice in sorted(mappings_of(connection_id, kind).items()):
        turned.setdefault(choice.remote_id, []).append(subject_id)
    return turned


def new_line(seen: LineSeen, words: Words) -> LineContent:
    """A line that none of ours stands for. Raises CannotWriteError where its item or tax code is mapped to nothing."""
    return _line(seen, None, words)


def _line(seen: LineSeen, before: LineContent | None, words: Words) -> LineContent:
    if seen.is_comment:
        return LineContent(description=seen.description)
    quantity, price = _amounts(seen)
    return LineContent(
        description=seen.description,
        service_id=_service(words, seen, before),
        quantity=quantity,
        unit_price=price,
        tax_code_id=_tax_code(words, seen, before),
    )


def _service(words: Words, seen: LineSeen, before: LineContent | None) -> int:
    if not seen.item_id:
        raise CannotWriteError(
            f"A line there ({_called(seen)}) has no item: a discount over the whole document, shipping and the like"
            " have no counterpart here."
        )
    found = _ours_of(words.services, seen.item_id, before.service_id if before else None)
    if found is None:
        raise CannotWriteError(f"A line there ({_called(seen)}) has an item that is mapped to no service here.")
    return found


def _tax_code(words: Words, seen: LineSeen, before: LineContent | None) -> int | None:
    ours = before.tax_code_id if before else None
    if seen.tax_code_id in words.taxed:
        taxed = words.taxed[seen.tax_code_id]
        return ours if ours in taxed or not taxed else taxed[0]
    if not seen.tax_code_id:
        return ours
    found = _ours_of(words.tax_codes, seen.tax_code_id, ours)
    if found is None:
        raise CannotWriteError(f"A line there ({_called(seen)}) has a tax code that is mapped to none here.")
    return found


def _ours_of(known: Mapping[str, Sequence[int]], remote_id: str, before: int | None) -> int | None:
    ours = known.get(remote_id, ())
    return before if before in ours else next(iter(ours), None)


def _called(seen: LineSeen) -> str:
    words = seen.description.strip().splitlines()[0][:60] if seen.description.strip() else "without words"
    return f"{words}, {to_pounds(seen.amount_pence)}"


def _amounts(seen: LineSeen) -> tuple[Decimal, Decimal]:
    """Quantity and price (never below nought) that come to the line's amount; one piece where theirs do not."""
    quantity, price = seen.quantity or Decimal(0), seen.unit_price or Decimal(0)
    if price >= 0 and quantity and to_pence(quantity * price) == seen.amount_pence:
        return quantity, price
    sign = -_ONE if seen.amount_pence < 0 else _ONE
    return sign, to_pounds(abs(seen.amount_pence))
