"""What a table that comes back would do, line by line, before anything changes: what all such tables share. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from app.billing.importing.reader import Row

_T = TypeVar("_T")
_GUARD = "'"
"""What keeps a spreadsheet from running a cell as a formula; our own files have it before such texts."""
_MOST_SHOWN = 500
"""So many lines of a plan are shown; how many there are of each fate is said of all."""


class Fate(StrEnum):
    """What a line would do; the values are the words on screen."""

    MAP = "Maps"
    LINK = "Links"
    UNLINK = "Unlinks"
    CREATE = "Creates"
    SKIP = "Skips"
    TAKE_UP = "Takes up"
    SAME = "Unchanged"
    EMPTY = "Left alone"
    PROBLEM = "Problem"

    @property
    def acts(self) -> bool:
        """Whether it changes anything."""
        return self not in _IDLE


_IDLE = frozenset({Fate.SAME, Fate.EMPTY, Fate.PROBLEM})


@dataclass(frozen=True)
class Planned:
    """One line of the file: what it would do, and why it can't where it can't."""

    line: int
    code: str
    fate: Fate
    sentence: str
    subject_id: int = 0
    remote_id: str = ""


@dataclass(frozen=True)
class Agreed:
    """A line that a person agreed to, as it was sent back."""

    fate: Fate
    subject_id: int
    remote_id: str


def acting(planned: Sequence[Planned]) -> list[Planned]:
    """The lines that change something."""
    return [one for one in planned if one.fate.acts]


def tally(planned: Sequence[Planned]) -> dict[Fate, int]:
    """{fate: how many lines}; those that no line has are left out."""
    counted = Counter(one.fate for one in planned)
    return {fate: counted[fate] for fate in Fate if counted[fate]}


def worth_showing(planned: Sequence[Planned]) -> list[Planned]:
    """As many lines as a page holds, in their order: what can't be taken before what changes, that before the rest."""
    chosen = sorted(planned, key=lambda one: (one.fate is not Fate.PROBLEM, not one.fate.acts))[:_MOST_SHOWN]
    return sorted(chosen, key=lambda one: one.line)


def cell(row: Row, column: str) -> str:
    """What stands under a column, without the guard against formulas; empty where the file has no such column."""
    return plain(row.cells.get(column, "").strip())


def plain(text: str) -> str:
    """A text as it is after it went out and came back."""
    return text.removeprefix(_GUARD).strip()


def repeated(rows: Sequence[_T], key: Callable[[_T], object]) -> set[object]:
    """The keys that more than one line has."""
    return {one for one, number in Counter(key(row) for row in rows).items() if number > 1}
