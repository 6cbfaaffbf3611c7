"""What one line of a table of clients says: whom of ours, which customer there, and what to do. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.billing.importing.reader import Row
from app.quickbooks.catalogue import Shown
from app.quickbooks.lists import folded
from app.sync.mapping.client_bench import ClientRow
from app.sync.mapping.planned_lines import Fate, Planned, cell, plain

_T = TypeVar("_T")
_NEW = "Mend the cell, or read the lists again if it is new."


class Sides:
    """Both sides, found by what a line says of them."""

    def __init__(self, ours: Sequence[ClientRow], theirs: Sequence[Shown]) -> None:
        self._by_id = {str(row.client_id): row for row in ours}
        self._by_name = _grouped(ours, lambda row: folded(plain(row.name)))
        self._there = {row.remote_id: row for row in theirs}
        self._called = _grouped(theirs, lambda row: folded(plain(row.name)))

    def planned(self, row: Row) -> Planned:
        """What the line would do if it stood alone."""
        name, action = cell(row, "Client"), folded(cell(row, "Action"))
        if not row.whole:
            return _refused(row, name, "The line has more or fewer cells than the heading: put separators right.")
        ours = self._ours(row, name)
        if isinstance(ours, str):
            return _refused(row, name, ours)
        if action not in _ACTIONS:
            sentence = f"Action: “{action}” is none. Write link, unlink, create, skip or take up, or leave it empty."
            return _refused(row, name, sentence)
        said = _ACTIONS[action](self, ours, row)
        return Planned(row.line, ours.name, said.fate, said.sentence, ours.client_id, said.remote_id)

    def _ours(self, row: Row, name: str) -> ClientRow | str:
        """The client that a line means, or why none can be told."""
        our_id, namesakes = cell(row, "Client id"), self._by_name.get(folded(name), [])
        if our_id:
            found = self._by_id.get(our_id)
            if found is None:
                return f"Client id: no client in use here has the id “{our_id}”. Empty the cell to go by the name."
            if name and folded(plain(found.name)) != folded(name):
                return f"Client id: {our_id} is “{found.name}”, not “{name}”. Mend the one that is wrong."
            return found
        if len(namesakes) > 1:
            return f"Client: {len(namesakes)} are called “{name}”. Fill in the column Client id."
        return namesakes[0] if namesakes else f"Client: nobody in use here is called “{name}”. Mend the name."

    def customer(self, row: Row) -> Shown | str:
        """The active customer that a line names, or why none can be told; empty where it names none."""
        wanted, name = cell(row, "QuickBooks id"), cell(row, "QuickBooks name")
        if wanted:
            return self._there.get(wanted) or f"QuickBooks id: no active customer has “{wanted}”. {_NEW}"
        namesakes = self._called.get(folded(name), [])
        if len(namesakes) > 1:
            return f"QuickBooks name: {len(namesakes)} customers are called “{name}”. Fill in the column QuickBooks id."
        if name and not namesakes:
            return f"QuickBooks name: no active customer is called “{name}”. {_NEW}"
        return namesakes[0] if namesakes else ""


@dataclass(frozen=True)
class _Said:
    fate: Fate
    sentence: str
    remote_id: str = ""


def _as_filled_in(sides: Sides, ours: ClientRow, row: Row) -> _Said:
    if not cell(row, "QuickBooks id") and not cell(row, "QuickBooks name"):
        return _Said(Fate.EMPTY, "No customer is named.")
    return _link(sides, ours, row)


def _link(sides: Sides, ours: ClientRow, row: Row) -> _Said:
    if ours.customer_id and cell(row, "QuickBooks id") == ours.customer_id:
        return _Said(Fate.SAME, f"Linked to {ours.customer or ours.customer_id} already.")
    theirs = sides.customer(row)
    if isinstance(theirs, str):
        return _Said(Fate.PROBLEM, theirs or "QuickBooks id: name the customer, by its id or its name.")
    if theirs.remote_id == ours.customer_id:
        return _Said(Fate.SAME, f"Linked to {theirs.name} already.")
    before = f", instead of {ours.customer or ours.customer_id}" if ours.customer_id else ""
    return _Said(Fate.LINK, f"{theirs.name}{before}.", theirs.remote_id)


def _unlink(_sides: Sides, ours: ClientRow, _row: Row) -> _Said:
    if not ours.customer_id:
        return _Said(Fate.SAME, "It is linked to nobody.")
    return _Said(Fate.UNLINK, f"From {ours.customer or ours.customer_id}. Documents in QuickBooks stay as they are.")


def _create(_sides: Sides, ours: ClientRow, row: Row) -> _Said:
    if ours.customer_id:
        return _Said(Fate.SAME, f"Linked to {ours.customer or ours.customer_id} already.")
    if ours.wish:
        return _Said(Fate.SAME, ours.wish)
    if cell(row, "QuickBooks id"):
        sentence = "Action: “create” makes a customer, and the line names one. Empty its id, or the action."
        return _Said(Fate.PROBLEM, sentence)
    return _Said(Fate.CREATE, "A customer in QuickBooks; one of this very name is linked instead.")


def _skip(_sides: Sides, ours: ClientRow, _row: Row) -> _Said:
    if ours.customer_id:
        return _Said(
            Fate.PROBLEM, "Action: it is linked, so there is nothing to skip. Empty the cell, or write unlink."
        )
    if ours.skipped_by:
        return _Said(Fate.SAME, f"Skipped by {ours.skipped_by} already.")
    return _Said(Fate.SKIP, "It is not asked about any more.")


def _take_up(_sides: Sides, ours: ClientRow, _row: Row) -> _Said:
    if not ours.skipped_by:
        return _Said(Fate.SAME, "It is not skipped.")
    return _Said(Fate.TAKE_UP, "It is asked about again.")


_ACTIONS: Mapping[str, Callable[[Sides, ClientRow, Row], _Said]] = {
    "": _as_filled_in,
    "link": _link,
    "unlink": _unlink,
    "create": _create,
    "skip": _skip,
    "take up": _take_up,
}


def _refused(row: Row, name: str, sentence: str) -> Planned:
    return Planned(row.line, name, Fate.PROBLEM, sentence)


def _grouped(rows: Iterable[_T], key: Callable[[_T], str]) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
