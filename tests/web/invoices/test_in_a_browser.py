"""Documents in a real browser: the editor with its scripts, the list that answers as one types, readable for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Route, expect

from app.billing.service import Service
from app.foundation.database import db, transaction
from tests.billing.firm import Firm
from tests.browser import RULES, sign_in
from tests.world import World

pytestmark = pytest.mark.browser

CUT_OFF = """() => [...document.querySelectorAll(".table-region, .line, .stage")]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.className)"""
"""The tables, the editor's lines and pages that are wider than their place."""


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complained about, apart from refusals, and requests that a newer one made pointless."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        meant = ("the server responded with a status", "htmx:afterRequest", "htmx:sendAbort")
        if message.type == "error" and not any(known in message.text for known in meant):
            heard.append(message.text)

    page.on("console", hear)
    yield heard
    assert heard == []


@pytest.fixture
def adam(page: Page, address: str, northgate: World, complaints: list[str]) -> Page:
    """Adam's browser, signed in."""
    sign_in(page, address, northgate.adam.email)
    return page


@pytest.fixture
def priced(firm: Firm) -> Firm:
    """Support costs 85 pounds and is taxed at the standard rate."""
    with transaction():
        support = db.session.get_one(Service, firm.support.id)
        support.unit_price, support.tax_code_id = Decimal(85), firm.codes["20.0% S"]
    return firm


def readable(page: Page) -> str:
    found = Axe().run(page, options=RULES)
    return "" if not found.violations_count else f"{page.url}\n{found.generate_report()}"


def test_an_invoice_is_written_with_the_keyboard_and_opened(priced: Firm, adam: Page, address: str) -> None:
    adam.goto(address + "/invoices/new")
    adam.get_by_label("Client").press_sequentially("ac")
    expect(adam.locator("#client-options option")).to_have_count(1)
    adam.get_by_label("Client").fill(f"Acme #{priced.acme.id}")
    adam.get_by_label("Service of line 1").fill("sup")
    adam.keyboard.press("Tab")
    expect(adam.get_by_label("Unit price of line 1")).to_have_value("85")
    adam.get_by_label("Quantity of line 1").fill("3")
    adam.keyboard.press("Tab")
    expect(adam.locator("#totals .whole")).to_contain_text("£306.00")
    adam.get_by_role("button", name="Add comment").click()
    expect(adam.get_by_label("Comment of line 2")).to_be_focused()
    adam.keyboard.type("As agreed.")
    assert readable(adam) == ""
    adam.get_by_role("button", name="Open invoice").click()
    expect(adam.get_by_role("heading", name="Invoice INV-00001")).to_be_visible()
    expect(adam.get_by_text("As agreed.")).to_be_visible()


def test_what_is_typed_while_the_server_answers_stays(priced: Firm, adam: Page, address: str) -> None:
    held: list[Route] = []
    adam.goto(address + "/invoices/new")
    adam.route("**/invoices/preview", lambda route: held.append(route), times=1)  # noqa: PLW0108 - no builtin is taken
    adam.get_by_label("Service of line 1").fill("sup")
    adam.keyboard.press("Tab")
    adam.get_by_label("Quantity of line 1").press_sequentially("4")
    held[0].continue_()
    expect(adam.get_by_label("Unit price of line 1")).to_have_value("85")
    expect(adam.get_by_label("Quantity of line 1")).to_have_value("4")
    expect(adam.locator("#totals .whole")).to_contain_text("£408.00")


def test_what_is_filled_in_under_the_cursor_is_replaced_by_what_is_typed(
    priced: Firm, adam: Page, address: str
) -> None:
    held: list[Route] = []
    adam.goto(address + "/invoices/new")
    adam.route("**/invoices/preview", lambda route: held.append(route), times=1)  # noqa: PLW0108 - no builtin is taken
    adam.get_by_label("Service of line 1").fill("sup")
    adam.keyboard.press("Tab")
    adam.get_by_label("Quantity of line 1").focus()
    held[0].continue_()
    expect(adam.get_by_label("Quantity of line 1")).to_have_value("1")
    adam.keyboard.type("2")
    expect(adam.get_by_label("Quantity of line 1")).to_have_value("2")


def test_a_line_is_moved_and_keeps_what_was_typed_and_the_focus(priced: Firm, adam: Page, address: str) -> None:
    adam.goto(address + "/invoices/new")
    adam.get_by_label("Description of line 1").fill("First")
    adam.get_by_role("button", name="Add line").click()
    expect(adam.get_by_label("Service of line 2")).to_be_focused()
    adam.get_by_label("Description of line 2").fill("Second")
    adam.get_by_role("button", name="Move up: line 2").click()
    expect(adam.get_by_label("Description of line 1")).to_have_value("Second")
    expect(adam.get_by_role("button", name="Move up: line 1")).to_be_focused()


def test_what_is_wrong_is_focused_and_leads_to_its_field(priced: Firm, adam: Page, address: str) -> None:
    adam.goto(address + "/invoices/new")
    adam.get_by_label("Service of line 1").fill("nope")
    adam.get_by_role("button", name="Save draft").click()
    expect(adam.locator("#error-summary")).to_be_focused()
    adam.get_by_role("link", name="there is no service").click()
    expect(adam.get_by_label("Service of line 1")).to_be_focused()
    assert readable(adam) == ""


def test_the_list_answers_as_one_types_and_its_address_follows(priced: Firm, adam: Page, address: str) -> None:
    priced.open()
    priced.open(client=priced.bolt)
    adam.goto(address + "/invoices")
    adam.get_by_label("Search", exact=True).press_sequentially("bolt")
    expect(adam.get_by_role("link", name="INV-00001")).to_have_count(0)
    expect(adam.get_by_role("link", name="INV-00002")).to_be_visible()
    assert "search=bolt" in adam.url


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_read_every_page_even_on_a_telephone(
    priced: Firm, adam: Page, address: str, colours: str
) -> None:
    document, draft = priced.open(), priced.draft()
    priced.learn(100, (document, 100))
    adam.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    adam.set_viewport_size({"width": 360, "height": 800})
    steps = ["", "/edit", "/void", "/keep-back", "/print"]
    own = [f"/invoices/{document.id}{step}" for step in steps] + [f"/invoices/{draft.id}/delete"]
    others = ["/invoices", "/credit-notes", "/clients", f"/clients/{priced.acme.id}", "/clients/new", "/services"]
    more = ["/services/new", "/payments", "/imports", "/settings/tax-codes", "/settings/terms"]
    for path in (*own, *others, *more, "/settings/billing-entity", "/settings/billing-entity/new"):
        adam.goto(address + path)
        assert readable(adam) == ""
        assert adam.evaluate("() => document.documentElement.scrollWidth") <= 360, path


def test_an_ordinary_laptop_shows_every_column_of_a_document(priced: Firm, adam: Page, address: str) -> None:
    seats = replace(priced.line("1234.5678901", discount="12.5"), description="Managed workstation, November 2026")
    document = priced.open(seats)
    priced.learn(100, (document, 100))
    adam.set_viewport_size({"width": 1280, "height": 800})
    for path in ("/invoices", f"/invoices/{document.id}", f"/invoices/{document.id}/edit"):
        adam.goto(address + path)
        assert adam.evaluate(CUT_OFF) == [], path


def test_the_whole_menu_is_in_sight_on_an_ordinary_laptop(adam: Page) -> None:
    adam.set_viewport_size({"width": 1280, "height": 800})
    expect(adam.get_by_role("link", name="Mail", exact=True)).to_be_in_viewport(ratio=1)
