"""Suggestions: which customer in QuickBooks most likely is a client of ours. Pure; a person decides.

Legal forms are left out of the comparison, and one e-mail address is enough where the names are alike too: firms of one
owner share addresses, and an invoice on the wrong one's account is worse than a second customer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import fuzz, process

from app.quickbooks.lists import folded
from app.sync.judging.suggestions import SIMILAR, bare, in_order, resemble

MOST_COMPARED = 400
"""So many clients are compared with the whole list by likeness at once; those of the same name need no comparing."""
_LONGER = (200 - SIMILAR) / SIMILAR
"""What is longer than a name by this factor, or shorter, can't be so similar: see `fuzz.ratio`."""


class Customer(NamedTuple):
    """A customer that no client is linked to."""

    remote_id: str
    name: str
    email: str = ""
    company: str = ""


class Wanted(NamedTuple):
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

    @cached_property
    def _bare(self) -> dict[str, str]:
        return {one.remote_id: bare(one.name) for one in self._all}

    @cached_property
    def _by_bare(self) -> dict[str, Customer]:
        return _alone((self._bare[one.remote_id], one) for one in self._all)

    @cached_property
    def _by_email(self) -> dict[str, Customer]:
        return _alone((folded(one.email), one) for one in self._all)

    def same(self, wanted: Wanted) -> Likeness | None:
        """The only customer of the same name, else of the same but for its legal form, else of the same address."""
        if one := self._by_name.get(folded(wanted.name)):
            return Likeness(one, "Same name", exact=True)
        names = [bare(name) for name in (wanted.name, wanted.company_name) if name]
        for name in names:
            if one := self._by_bare.get(name):
                return Likeness(one, "Same name but for its legal form")
        one = self._by_email.get(folded(wanted.email))
        if one and any(resemble(name, other) for other in self._names_of(one) for name in names):
            return Likeness(one, "Same e-mail address, similar name")
        return None

    def but(self, claimed: Collection[str]) -> Resembling:
        """All but these, for looking up clients whom none is the same as."""
        rest = (one for one in self._all if one.remote_id not in claimed)
        return Resembling((in_order(self._bare[one.remote_id]), one) for one in rest)

    def _names_of(self, one: Customer) -> Iterator[str]:
        yield self._bare[one.remote_id]
        yield bare(one.company)


class Resembling:
    """Customers by their names as they are compared, the shortest first: what can't be similar isn't looked at."""

    def __init__(self, named: Iterable[tuple[str, Customer]]) -> None:
        ordered = sorted(named, key=lambda pair: len(pair[0]))
        self._names = [name for name, _one in ordered]
        self._customers = [one for _name, one in ordered]
        self._lengths = [len(name) for name in self._names]

    def similar(self, wanted: Wanted) -> Likeness | None:
        """The customer whose name is most like the client's, if it is like enough; None between twins."""
        name = in_order(bare(wanted.name))
        first = bisect_left(self._lengths, len(name) / _LONGER)
        last = bisect_right(self._lengths, len(name) * _LONGER)
        within = self._names[first:last]
        found = process.extract(name, within, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=2) if name else []
        if not found or (len(found) > 1 and found[0][1] == found[1][1]):
            return None
        _name, score, index = found[0]
        return Likeness(self._customers[first + index], f"Similar name, {score:.0f}%")


def likenesses(wanted: Mapping[int, Wanted], free: Customers) -> dict[int, Likeness]:
    """{client: who it may be}, for so many clients together; a customer that two would be is suggested to neither.

    Whose name is only similar to one that another client has is no rival of it.
    """
    same = _found(wanted, free.same)
    rest = [client_id for client_id in wanted if client_id not in same][:MOST_COMPARED]
    claimed = {one.customer.remote_id for one in same.values()}
    likely = _found({client_id: wanted[client_id] for client_id in rest}, free.but(claimed).similar) if rest else {}
    return _alone_in_it(same | likely)


def _found(wanted: Mapping[int, Wanted], look: Callable[[Wanted], Likeness | None]) -> dict[int, Likeness]:
    looked = ((client_id, look(one)) for client_id, one in wanted.items())
    return {client_id: one for client_id, one in looked if one is not None}


def _alone_in_it(found: Mapping[int, Likeness]) -> dict[int, Likeness]:
    claims = Counter(one.customer.remote_id for one in found.values())
    return {client_id: one for client_id, one in found.items() if claims[one.customer.remote_id] == 1}


def _alone(pairs: Iterable[tuple[str, Customer]]) -> dict[str, Customer]:
    """Those that no other shares its key with: between twins nobody is suggested."""
    found: dict[str, Customer] = {}
    twins = {""}
    for key, one in pairs:
        if key in found:
            twins.add(key)
        found[key] = one
    return {key: one for key, one in found.items() if key not in twins}
