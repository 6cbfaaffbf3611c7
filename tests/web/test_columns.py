"""Cells that know their column, whatever stands in them."""

from __future__ import annotations

from markupsafe import Markup

from app.web.columns import in_columns
from app.web.formats import NOTHING
from tests.web.elements import Element, Reading


def cells(rows: str, *headings: str | tuple[str, str]) -> list[Element]:
    return [one for one in Reading(in_columns(rows, headings)).elements if one.tag in {"td", "th"}]


def test_each_cell_says_its_heading_and_its_role() -> None:
    found = cells("<tr><td>INV-1</td><td class='num'>£2</td></tr><tr><td>INV-2</td></tr>", "Number", ("Total", "num"))
    assert [one.get("data-label") for one in found] == ["Number", "Total", "Number"]
    assert {one.get("role") for one in found} == {"cell"}
    assert found[1].get("class") == "num"


def test_rows_and_their_heads_keep_their_roles() -> None:
    found = Reading(in_columns(Markup('<tr id="row-1"><th scope="row">Acme</th></tr>'), ["Client"])).elements
    assert [(one.tag, one.get("role")) for one in found] == [("tr", "row"), ("th", "rowheader")]


def test_a_cell_over_several_columns_has_no_heading_and_moves_the_next_one_on() -> None:
    found = cells('<tr><td colspan="2">Search</td><td>£2</td></tr>', "Number", "Client", "Total")
    assert [one.get("data-label") for one in found] == ["", "Total"]


def test_what_a_heading_says_to_screen_readers_alone_is_left_out() -> None:
    heading = Markup('<a href="/x">R&amp;D<span class="visually-hidden">, sorted descending</span></a>')
    assert [one.get("data-label") for one in cells("<tr><td>1</td><td></td></tr>", heading, "")] == ["R&D", ""]


def test_what_was_said_already_is_not_said_again() -> None:
    row = in_columns(Markup("<tr><td>Acme</td></tr>"), ["Client"])
    assert in_columns(row, ["Client"]) == row


def test_a_cell_with_a_dash_alone_is_marked() -> None:
    row = (
        f'<tr><td>{NOTHING}</td><td> <span class="soft">{NOTHING}</span> </td><td>{NOTHING}<span>late</span></td></tr>'
    )
    found = cells(row, "A", "B", "C")
    assert ["data-none" in one.attributes for one in found] == [True, True, False]


def test_words_that_people_typed_stay_escaped() -> None:
    assert "<script>" not in in_columns(Markup("<tr><td>{}</td></tr>").format("<script>"), ['<script>"'])
