"""Both sides as plain values, and what differs between them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from app.billing.adopting import is_rounding
from app.billing.wording import amount, day
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.sold_lines import LineSeen
from app.sync.comparing import line_changes
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import Difference

REMOVED = ("in QuickBooks", "deleted")
"""What both sides say of a document that is gone there; an event says it in the same words."""
MISSING = (DriftCause.ONLY_HERE, "in QuickBooks", "not there")
VOIDED = ("not void", "void")
ONLY_VOID_HERE = "It was voided here, and QuickBooks has not voided it."


@dataclass(frozen=True, kw_only=True)
class Ours:
    """A document of ours that should be in QuickBooks. Amounts in pence."""

    kind: str
    subject_id: int
    number: str
    entity: str
    remote_id: str
    is_void: bool
    gross_pence: int
    owed_pence: int
    tax_pence: int
    settled_pence: int
    issue_date: date
    customer_id: str | None
    currency: str
    priced_lines: int
    due_date: date | None = None
    customer_name: str = ""
    """What the customer that the client is linked to is called here."""
    redated_until: date | None = None
    """A closing date up to which documents are dated later in QuickBooks, by policy."""
    given_number: str = ""
    """The number it was given in QuickBooks, where its own was taken there."""
    just_paid: bool = False
    """A payment of it changed while the comparison ran, so that paid amounts of both sides can't be compared."""
    linked_at: datetime | None = None
    was_removed: bool = False
    """QuickBooks has told already that it was deleted there."""
    country: str = ""
    """Where we bill from; what is said of it is for people there."""
    rate: str = ""
    """The exchange rate it had there when it was seen first."""
    lines: tuple[LineSeen, ...] = ()
    """Its lines as QuickBooks was told them; read only of those that QuickBooks may show otherwise."""
    tax_names: Mapping[str, str] = field(default_factory=dict)
    """What QuickBooks calls its tax codes, by their ids."""

    @property
    def open_pence(self) -> int:
        """What is still to come here."""
        return 0 if self.is_void else max(self.owed_pence - self.settled_pence, 0)


@dataclass(frozen=True)
class Comparison:
    """What a comparison found; what both sides come to is added up apart (`run_totals`)."""

    differences: Sequence[Difference]
    matches: int
    variances: int
    moved: Sequence[Ours] = ()
    """Those of which QuickBooks says another total than is owed here, or that are gone there: looked at anew."""


AMOUNTS = (
    *(DriftCause.AMOUNT, DriftCause.PRICE, DriftCause.QUANTITY, DriftCause.LINE_ADDED, DriftCause.LINE_REMOVED),
    *(DriftCause.TAX_CODE, DriftCause.TAX),
)
"""What a difference of totals may be put down to."""
FACTS = (DriftCause.NUMBER, DriftCause.DATE, DriftCause.DUE_DATE, DriftCause.CUSTOMER)
"""What else a document says."""


def compare(ours: Sequence[Ours], theirs: Mapping[tuple[str, str], DocumentSeen]) -> Comparison:
    """Compare each of ours with what QuickBooks shows; `theirs` is {(entity, id): record} of the whole company."""
    differences: list[Difference] = []
    moved: list[Ours] = []
    matches = variances = 0
    for mine in ours:
        seen = theirs.get((mine.entity, mine.remote_id))
        found = differences_of(mine, seen)
        differences += found
        matches += not found
        if _has_moved(mine, seen):
            moved.append(mine)
        if seen is not None and not (mine.is_void or seen.voided or seen.deleted):
            variances += _is_variance(mine, seen)
    return Comparison(differences, matches, variances, moved=moved)


def _has_moved(mine: Ours, seen: DocumentSeen | None) -> bool:
    if mine.is_void:
        return False
    return seen is None or seen.deleted or seen.voided or seen.total_pence != mine.owed_pence


def _is_variance(mine: Ours, seen: DocumentSeen) -> bool:
    return seen.total_pence != mine.gross_pence and _is_rounding(mine, seen)


def _is_rounding(mine: Ours, seen: DocumentSeen) -> bool:
    return is_rounding(*_apart(mine, seen), mine.priced_lines)


def differences_of(mine: Ours, seen: DocumentSeen | None) -> list[Difference]:
    """What differs between one of ours and what QuickBooks shows of it; None where it is not there."""
    return list(_differences(mine, seen))


def _differences(mine: Ours, seen: DocumentSeen | None) -> Iterator[Difference]:
    if seen is None or seen.deleted:
        if not mine.is_void:
            is_deleted = seen is not None or mine.was_removed
            yield _difference(mine, *((DriftCause.REMOVED_THERE, *REMOVED) if is_deleted else MISSING))
        return
    if seen.voided or mine.is_void:
        if seen.voided != mine.is_void:
            yield _void_on_one_side(mine)
        return
    yield from _amounts(mine, seen)
    yield from _facts(mine, seen)
    yield from _payments(mine, seen)


def _void_on_one_side(mine: Ours) -> Difference:
    if not mine.is_void:
        return _difference(mine, DriftCause.VOIDED_THERE, *VOIDED)
    return _difference(mine, DriftCause.VOIDED_THERE, *reversed(VOIDED), explanation=ONLY_VOID_HERE)


def _amounts(mine: Ours, seen: DocumentSeen) -> Iterator[Difference]:
    found = line_changes.changes(mine.lines, seen.lines) if mine.lines else []
    if _is_rounding(mine, seen):
        coded = [one for one in found if one.cause is DriftCause.TAX_CODE]
        if coded:
            told = line_changes.explained(coded, mine.currency, mine.tax_names)
            both = line_changes.tax_codes(coded, mine.tax_names)
            yield _difference(mine, DriftCause.TAX_CODE, *both, explanation=told)
        return
    both = amount(mine.gross_pence, mine.currency), amount(seen.total_pence, mine.currency)
    if found:
        told = line_changes.explained(found, mine.currency, mine.tax_names)
        yield _difference(mine, line_changes.one_cause(found), *both, explanation=told)
        return
    yield _difference(mine, amount_cause(*_apart(mine, seen)), *both)


def _apart(mine: Ours, seen: DocumentSeen) -> tuple[int, int]:
    return seen.total_pence - mine.gross_pence, seen.tax_pence - mine.tax_pence


def amount_cause(difference_pence: int, tax_difference_pence: int) -> DriftCause:
    """What a difference of totals is put down to: the tax, where it explains all of it."""
    return DriftCause.TAX if difference_pence == tax_difference_pence else DriftCause.AMOUNT


def _facts(mine: Ours, seen: DocumentSeen) -> Iterator[Difference]:
    number = mine.given_number or mine.number
    if seen.doc_number != number:
        yield _difference(mine, DriftCause.NUMBER, number, seen.doc_number or "no number")
    yield from _dates(mine, seen)
    yield from _currencies(mine, seen)
    if seen.customer_id != (mine.customer_id or ""):
        here = mine.customer_name or f"customer {mine.customer_id or 'none'}"
        yield _difference(mine, DriftCause.CUSTOMER, here, seen.customer_name or f"customer {seen.customer_id}")


def _currencies(mine: Ours, seen: DocumentSeen) -> Iterator[Difference]:
    if seen.currency and seen.currency != mine.currency:
        yield _difference(mine, DriftCause.CURRENCY, mine.currency, seen.currency)
    elif mine.rate and seen.rate and Decimal(mine.rate) != Decimal(seen.rate):
        yield _difference(mine, DriftCause.RATE, f"rate {mine.rate} when it was first seen", f"rate {seen.rate}")


def _dates(mine: Ours, seen: DocumentSeen) -> Iterator[Difference]:
    """Both sides' dates where one of them differs; without one of ours QuickBooks chooses a due date (3.9)."""
    pairs = [("due ", mine.due_date, seen.due_date)]
    if seen.txn_date is None or not _is_redated(mine, seen.txn_date):
        pairs.insert(0, ("", mine.issue_date, seen.txn_date))
    if differ := list(_unlike(pairs)):
        ours = ", ".join(f"{word}{day(here, mine.country)}" for word, here, _there in differ)
        theirs = ", ".join(f"{word}{day(there, mine.country)}" for word, _here, there in differ)
        cause = DriftCause.DUE_DATE if differ[0][0] else DriftCause.DATE
        yield _difference(mine, cause, ours, theirs)


def _unlike(pairs: Sequence[tuple[str, date | None, date | None]]) -> Iterator[tuple[str, date, date]]:
    for word, here, there in pairs:
        if here and there and here != there:
            yield word, here, there


def _is_redated(mine: Ours, there: date) -> bool:
    return mine.redated_until is not None and mine.issue_date <= mine.redated_until and there > mine.issue_date


def _payments(mine: Ours, seen: DocumentSeen) -> Iterator[Difference]:
    there = seen.total_pence - seen.balance_pence
    if there == mine.settled_pence or mine.just_paid:
        return
    cause = DriftCause.PAID_THERE if there > mine.settled_pence else DriftCause.PAID_HERE
    ours, theirs = amount(mine.settled_pence, mine.currency), amount(there, mine.currency)
    yield _difference(mine, cause, f"{ours} paid", f"{theirs} paid")


def _difference(mine: Ours, cause: DriftCause, ours: str, theirs: str, *, explanation: str = "") -> Difference:
    return Difference(
        cause=cause,
        entity=mine.entity,
        remote_id=mine.remote_id,
        kind=mine.kind,
        subject_id=mine.subject_id,
        label=mine.number,
        ours=ours,
        theirs=theirs,
        explanation=explanation,
    )
