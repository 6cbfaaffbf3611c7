"""Suggestions: which customer in QuickBooks most likely is a client of ours. Pure; a person decides.

Legal forms are left out of the comparison, and one e-mail address is enough where the names are alike too: firms of one
owner share addresses, and an invoice on the wrong one's account is worse than a second customer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from app.quickbooks.lists import folded
from app.sync.suggestions import SIMILAR, alike, bare, in_order


@dataclass(frozen=True)
class Customer:
    """A customer that no client is linked to."""

    remote_id: str
    name: str
    email: str = ""
    company: str = ""


@dataclass(frozen=True)
class Wanted:
    """A client that is linked to nobody."""

    name: str
    company_name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Likeness:
    """A customer and why it is suggested; `exact` where the whole name is the same, whatever its case."""

    customer: Customer
    reason: str
    exact: bool = False


class Customers:
    """The free customers, made ready for looking up many clients."""

    def __init__(self, customers: Iterable[Customer]) -> None:
        self._all = list(customers)
        self._by_name = _alone((folded(one.name), one) for one in self._all)
        self._by_bare = _alone((bare(one.name), one) for one in self._all)
        self._by_email = _alone((folded(one.email), one) for one in self._all)
        self._sorted = [in_order(bare(one.name)) for one in self._all]

    def same(self, wanted: Wanted) -> Likeness | None:
        """The only customer of the same name, else of the same but for its legal form, else of the same address."""
        if one := self._by_name.get(folded(wanted.name)):
            return Likeness(one, "Same name", exact=True)
        for name in (wanted.name, wanted.company_name):
            if one := self._by_bare.get(bare(name)):
                return Likeness(one, "Same name but for its legal form")
        one = self._by_email.get(folded(wanted.email))
        if one and any(alike(name, other) for name in _names(wanted) for other in (one.name, one.company)):
            return Likeness(one, "Same e-mail address, similar name")
        return None

    def similar(self, wanted: Wanted) -> Likeness | None:
        """The customer whose name is most like the client's, if it is like enough; None between twins."""
        looked_for = in_order(bare(wanted.name))
        found = process.extract(looked_for, self._sorted, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=2)
        if not looked_for or not found or (len(found) > 1 and found[0][1] == found[1][1]):
            return None
        _name, score, index = found[0]
        return Likeness(self._all[index], f"Similar name, {score:.0f}%")


def _names(wanted: Wanted) -> list[str]:
    return [name for name in (wanted.name, wanted.company_name) if name]


def _alone(pairs: Iterable[tuple[str, Customer]]) -> dict[str, Customer]:
    """Those that no other shares its key with: between twins nobody is suggested."""
    found: dict[str, Customer] = {}
    twins = {""}
    for key, one in pairs:
        if key in found:
            twins.add(key)
        found[key] = one
    return {key: one for key, one in found.items() if key not in twins}
