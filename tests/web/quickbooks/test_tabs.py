"""The list of the room's pages: what there is, in which order, and where one stands."""

from __future__ import annotations

import pytest

from app.billing.entities import EntityFields, found_entity
from app.billing.entity import TaxRegime
from app.foundation.database import transaction
from tests.web.elements import Element, Reading
from tests.web.quickbooks.desk import Desk

FIRST, LAST = "/settings/quickbooks", "/settings/quickbooks/intuit-app"


def listed(desk: Desk, path: str = "") -> list[Element]:
    """The links of the room's own list."""
    links = Reading(desk.get(path).text).all("a")
    return [
        link for link in links if (list_ := link.around("nav")) and list_.get("aria-label") == "QuickBooks settings"
    ]


def chosen(desk: Desk, path: str) -> list[str]:
    return [link.get("href") for link in listed(desk, path) if link.get("aria-current")]


def test_before_a_company_is_connected_there_is_little_to_open(desk: Desk) -> None:
    assert [link.get("href") for link in listed(desk)] == [FIRST, LAST]


def test_what_belongs_together_stands_together(connected: Desk) -> None:
    addresses = [link.get("href").removeprefix(FIRST) for link in listed(connected)]
    assert addresses == [
        "",
        *(f"/mappings?kind={kind}" for kind in ("services", "tax-codes", "terms")),
        "/clients",
        *("/policies", "/tax", "/dry-run", "/history", "/import", "/earlier-documents", "/intuit-app"),
    ]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/mappings", "/mappings?kind=services"),
        ("/mappings?kind=income-accounts", "/mappings?kind=services"),
        ("/mappings?kind=terms", "/mappings?kind=terms"),
        ("/import/documents", "/import"),
        ("/policies", "/policies"),
    ],
)
def test_one_line_says_where_one_is(connected: Desk, path: str, line: str) -> None:
    assert chosen(connected, path) == [FIRST + line]
    assert connected.get(path).text.count('class="room-fold"') == 1


def test_a_page_behind_the_overview_is_no_line_of_the_list(connected: Desk) -> None:
    assert chosen(connected, "/numbers/long") == []
    assert "All pages" in connected.get("/numbers/long").text


def test_of_several_billing_entities_one_is_chosen_above_the_list(connected: Desk) -> None:
    with transaction():
        other = found_entity(EntityFields(name="Northgate Ireland Ltd", tax_regime=TaxRegime.UK))
        path = f"?entity={other.id}"
    links = Reading(connected.get(path).text).all("a")
    tabs = [link for link in links if (list_ := link.around("nav")) and list_.get("aria-label") == "Billing entity"]
    assert [bool(link.get("aria-current")) for link in tabs] == [False, True]
    assert [link.get("href") for link in listed(connected, path)] == [FIRST + path, LAST + path]
