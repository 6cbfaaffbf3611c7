"""Suggestions: what in a QuickBooks list most likely stands for one of our own records. Pure; a person decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rapidfuzz import fuzz, process

from app.quickbooks.lists import folded

SIMILAR = 85
"""Percent, by words whatever their order; below it a likeness is more often wrong than right."""

_NO_LETTERS = re.compile(r"[\W_]+")
_LEGAL_FORMS = frozenset({"the", "and", "ltd", "limited", "plc", "llp", "lp", "cic", "co", "company", "inc", "uk"})

CHARGED = "charged"
_SIGNS = (
    ("reverse_charge", ("reverse", " rc ")),
    ("exempt", ("exempt", "input tax")),
    ("outside_scope", ("no vat", "outside", "out of scope")),
    ("", (" ec ", " ecg ", " ecs ", " ni ", "import", "postponed")),
)
"""Words in a tax code's name or description that tell its treatment; "" for those we have no code of our own for."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One of our records: a service, a tax code (percent added to the bill) or a term (days)."""

    code: str
    name: str
    percent: Decimal | None = None
    treatment: str = ""
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One record of a QuickBooks list that may be chosen."""

    remote_id: str
    name: str
    sku: str = ""
    description: str = ""
    percent: Decimal | None = None
    days: int | None = None


@dataclass(frozen=True)
class Suggestion:
    """A record, and why it is suggested; `exact` where code or name agree to the letter."""

    candidate: Candidate
    reason: str
    exact: bool = False


class Shelf:
    """A list made ready for looking up many of our records."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.candidates = list(candidates)
        self._by_name = {one.name: one for one in reversed(self.candidates)}
        self._by_sku = {one.sku: one for one in reversed(self.candidates) if one.sku}
        self._by_folded = {folded(one.name): one for one in reversed(self.candidates)}
        self._by_folded_sku = {folded(one.sku): one for one in reversed(self.candidates) if one.sku}
        self._names = [in_order(folded(one.name)) for one in self.candidates]

    def same(self, wanted: Wanted) -> Suggestion | None:
        """The record whose name or SKU is our code or name, to the letter or else whatever case and blanks."""
        looks = (
            (self._by_name.get(wanted.code), "Same code", True),
            (self._by_sku.get(wanted.code), "Same SKU", True),
            (self._by_name.get(wanted.name), "Same name", True),
            (self._by_folded.get(folded(wanted.code)), "Same code, written differently", False),
            (self._by_folded_sku.get(folded(wanted.code)), "Same SKU, written differently", False),
            (self._by_folded.get(folded(wanted.name)), "Same name, written differently", False),
        )
        return next(
            (Suggestion(one, reason, exact) for one, reason, exact in looks if one and _rate_fits(wanted, one)), None
        )

    def similar(self, wanted: Wanted) -> Suggestion | None:
        """The record whose name is most like ours, if it is at least `SIMILAR` percent alike; None between twins."""
        found = process.extract(
            in_order(folded(wanted.name)), self._names, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=2
        )
        if not found or (len(found) > 1 and found[0][1] == found[1][1]):
            return None
        _name, score, index = found[0]
        return Suggestion(self.candidates[index], f"Similar name, {score:.0f}%")


def _rate_fits(wanted: Wanted, candidate: Candidate) -> bool:
    """A tax code of the same name that charges another rate is another tax code."""
    return wanted.percent is None or candidate.percent is None or candidate.percent == wanted.percent


def alike(one: str, other: str) -> bool:
    """Whether two names of firms mean the same one: alike in their words, the legal form left out."""
    return resemble(bare(one), bare(other))


def resemble(first: str, second: str) -> bool:
    """The same of two names that are `bare` already."""
    return bool(first and second) and fuzz.token_sort_ratio(first, second) >= SIMILAR


def in_order(name: str) -> str:
    """Its words sorted, once: `token_sort_ratio` says the same of any two names, and sorts them at each comparison."""
    return " ".join(sorted(name.split()))


@lru_cache(maxsize=16_384)
def bare(name: str) -> str:
    """A firm's name folded, without signs and legal forms: "The Acme Co. Ltd" reads "acme".

    Kept, for a page of clients asks it of the same thousands of firms at each look.
    """
    words = _NO_LETTERS.sub(" ", folded(name).replace("'", "")).split()
    return " ".join([word for word in words if word not in _LEGAL_FORMS])


def suggest_item(wanted: Wanted, shelf: Shelf) -> Suggestion | None:
    """For a service: the same code or name, else a similar name."""
    return shelf.same(wanted) or shelf.similar(wanted)


def suggest_same(wanted: Wanted, shelf: Shelf) -> Suggestion | None:
    """For a class or location: the same name alone; what resembles it stands for something else."""
    return shelf.same(wanted)


def suggest_tax_code(wanted: Wanted, shelf: Shelf) -> Suggestion | None:
    """For a tax code: the same name, else the only one with the same rate and treatment. Never one that is similar."""
    alike = "Alike in kind and in what it adds"  # a reverse charge "at 20%" adds nothing, on either side
    return shelf.same(wanted) or _alone(shelf.candidates, lambda one: _taxes_alike(wanted, one), alike)


def suggest_term(wanted: Wanted, shelf: Shelf) -> Suggestion | None:
    """For a payment term: the same name, else the only one with as many days."""
    return shelf.same(wanted) or _alone(shelf.candidates, lambda one: one.days == wanted.days, "Same number of days")


def treatment_of(candidate: Candidate) -> str:
    """What kind of tax a QuickBooks tax code stands for, from its rate and words; empty when it can't be told.

    Intuit has no field for it: exempt, zero-rated and reverse charge all add nothing, and only words part them.
    """
    if candidate.percent is None:
        return ""
    if candidate.percent > 0:
        return CHARGED
    text = f" {folded(candidate.name)} {folded(candidate.description)} "
    return next((treatment for treatment, signs in _SIGNS if any(sign in text for sign in signs)), "zero")


def _taxes_alike(wanted: Wanted, candidate: Candidate) -> bool:
    ours = CHARGED if wanted.percent else wanted.treatment
    return bool(ours) and treatment_of(candidate) == ours and candidate.percent == wanted.percent


def _alone(candidates: Sequence[Candidate], is_alike: Callable[[Candidate], bool], reason: str) -> Suggestion | None:
    alike = [one for one in candidates if is_alike(one)]
    return Suggestion(alike[0], reason) if len(alike) == 1 else None
