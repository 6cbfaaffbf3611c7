"""What is shown of a plan, and how much of it there is."""

from __future__ import annotations

from app.billing.importing.reader import Row
from app.sync.mapping import planned_lines
from app.sync.mapping.planned_lines import Fate, Planned


def line(number: int, fate: Fate) -> Planned:
    return Planned(number, "Acme", fate, "")


def test_of_a_long_plan_what_cannot_be_taken_is_shown_before_what_changes_and_that_before_the_rest() -> None:
    same, link, wrong = line(2, Fate.SAME), line(3, Fate.LINK), line(900, Fate.PROBLEM)
    more = [line(number, Fate.LINK) for number in range(4, 502)]
    assert planned_lines.worth_showing([wrong, same, link, *more]) == [link, *more, wrong]
    assert planned_lines.worth_showing([same, link, wrong]) == [same, link, wrong]


def test_all_lines_are_counted_by_what_they_do() -> None:
    planned = [line(2, Fate.SAME), line(3, Fate.SKIP), line(4, Fate.SAME)]
    assert planned_lines.tally(planned) == {Fate.SKIP: 1, Fate.SAME: 2}
    assert planned_lines.acting(planned) == [planned[1]]


def test_a_cell_comes_without_the_guard_against_formulas() -> None:
    row = Row(2, {"Client": " '=Acme "}, True)  # noqa: FBT003 - a row as it was read
    assert (planned_lines.cell(row, "Client"), planned_lines.cell(row, "Absent")) == ("=Acme", "")
