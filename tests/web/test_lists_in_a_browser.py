"""Lists in a real browser: columns at a desk, a card for each row on a telephone, black on white on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.billing.firm import Firm
from tests.browser import sign_in
from tests.world import World

pytestmark = pytest.mark.browser

TELEPHONE, DESK = 360, 1440
WORD = "cell => getComputedStyle(cell, '::before').content"
PLACE = "region => region.scrollWidth - region.clientWidth"


@pytest.fixture
def adam(page: Page, address: str, northgate: World) -> Page:
    """Adam's browser, signed in."""
    sign_in(page, address, northgate.adam.email)
    return page


def table(page: Page, address: str, *, width: int) -> Locator:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address + "/invoices")
    return page.get_by_role("table", name="Invoices")


def test_on_a_telephone_rows_are_cards_and_nothing_is_to_be_scrolled_sideways(
    firm: Firm, adam: Page, address: str
) -> None:
    firm.open()
    invoices = table(adam, address, width=TELEPHONE)
    assert invoices.locator("tbody tr").evaluate("row => getComputedStyle(row).display") == "grid"
    assert adam.get_by_role("region", name="Invoices").evaluate(PLACE) <= 0
    assert "Issued" in invoices.get_by_role("cell", name="2 Mar 2026").evaluate(WORD)


def test_a_card_is_still_a_row_of_a_table_to_who_hears_it(firm: Firm, adam: Page, address: str) -> None:
    firm.open()
    invoices = table(adam, address, width=TELEPHONE)
    expect(invoices.get_by_role("row")).to_have_count(2)
    expect(invoices.get_by_role("columnheader", name="Balance")).to_have_count(1)
    expect(invoices.get_by_role("cell", name="Acme")).to_have_count(1)


def test_headings_that_sort_are_seen_on_a_telephone_and_the_others_only_heard(
    firm: Firm, adam: Page, address: str
) -> None:
    firm.open()
    invoices = table(adam, address, width=TELEPHONE)
    places = {
        one.inner_text().partition("\n")[0]: one.bounding_box() for one in invoices.get_by_role("columnheader").all()
    }
    seen = {word for word, place in places.items() if place and place["width"] > 1}
    assert seen == {"Number", "Client", "Issued", "Due", "Status", "Total", "Balance"}


def test_at_a_desk_the_headings_stay_in_sight(firm: Firm, adam: Page, address: str) -> None:
    for _ in range(25):
        firm.open()
    heading = table(adam, address, width=DESK).get_by_role("columnheader", name="Balance")
    adam.get_by_role("link", name="INV-00001").scroll_into_view_if_needed()
    expect(heading).to_be_in_viewport()
    assert heading.evaluate("head => head.getBoundingClientRect().top") < 100


def test_the_chosen_one_of_many_tabs_is_in_sight_on_a_telephone(firm: Firm, adam: Page, address: str) -> None:
    firm.open()
    adam.set_viewport_size({"width": TELEPHONE, "height": 800})
    adam.goto(address + "/invoices?status=void")
    expect(adam.get_by_role("navigation", name="Status").get_by_role("link", name="Void")).to_be_in_viewport(ratio=1)


def test_paper_is_white_whatever_the_screen_is(firm: Firm, adam: Page, address: str) -> None:
    firm.open()
    adam.emulate_media(media="print", color_scheme="dark")
    cell = table(adam, address, width=DESK).get_by_role("cell", name="Acme")
    assert cell.evaluate("cell => getComputedStyle(cell).color") == "rgb(23, 33, 47)"
    assert adam.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
