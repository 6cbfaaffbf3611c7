"""Rows of a file that are read slice by slice while it is on its way; the request is over by then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Protocol, TypeVar

from app.foundation.database import end_reading
from app.foundation.tenancy import acting_for, current_organisation
from app.web.spreadsheet import MOST_ROWS

AT_ONCE = 1_000


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


_Row = TypeVar("_Row", bound=_Numbered)


def rows_of(
    read: Callable[[int], Sequence[_Row]], written: Callable[[_Row], Iterator[object]]
) -> Iterator[list[object]]:
    """At most as many as a spreadsheet opens; `read` gives the next ones after an id, none at the end."""
    return islice(_all(read, written, current_organisation()), MOST_ROWS)


def _all(
    read: Callable[[int], Sequence[_Row]], written: Callable[[_Row], Iterator[object]], organisation_id: int
) -> Iterator[list[object]]:
    last: int | None = 0
    while last is not None:
        with acting_for(organisation_id):
            found = read(last)
            last = found[-1].id if found else None
            rows = [list(written(row)) for row in found]
            end_reading()
        yield from rows
