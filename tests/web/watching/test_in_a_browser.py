"""The pages that watch the sync, in a real browser: readable in both colours, narrow too, moving by themselves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.quickbooks import catalogue
from app.sync.steering import controls
from tests.billing.firm import ANN
from tests.browser import RULES, sign_in
from tests.simulation import REALM
from tests.sync.books import Books, connection
from tests.web.watching.lively import enliven
from tests.world import World

pytestmark = pytest.mark.browser

EMPTY = ("/", "/quickbooks/state", "/quickbooks/log", "/quickbooks/webhooks", "/quickbooks/reconciliation")
LIVELY = (
    *EMPTY,
    "/quickbooks/log?show=problems",
    "/quickbooks/log?search=amounts",
    "/quickbooks/log/1",
    "/quickbooks/log/kept",
    "/quickbooks/state/pause",
    "/quickbooks/reconciliation/runs",
    "/quickbooks/reconciliation/runs/1",
    "/quickbooks/reconciliation/variances",
    "/quickbooks/reconciliation/differences/1/ignore",
    "/quickbooks/reconciliation?cause=price",
    "/quickbooks/reconciliation/settle?cause=price&remedy=accept",
    "/quickbooks/reconciliation/ignore?cause=price",
    "/quickbooks/webhooks?show=refused",
    "/invoices/1",
)


@pytest.fixture
def desk(page: Page, address: str, northgate: World) -> Page:
    """Olivia's browser, signed in."""
    sign_in(page, address, northgate.olivia.email)
    return page


def look(page: Page, address: str, paths: tuple[str, ...], name: str) -> str:
    """What axe finds on these pages; nothing is wider than the window."""
    found = ""
    for number, path in enumerate(paths):
        page.goto(address + path)
        result = Axe().run(page, options=RULES)
        found += f"{path}\n{result.generate_report()}" if result.violations_count else ""
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{number}.png", full_page=True)
    return found


@pytest.mark.parametrize(("colours", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_everybody_can_read_the_pages(books: Books, desk: Page, address: str, *, colours: str, width: int) -> None:
    enliven(books)
    desk.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    desk.set_viewport_size({"width": width, "height": 800})
    assert look(desk, address, LIVELY, f"lively-{colours}-{width}") == ""


def test_everybody_can_read_the_pages_of_a_new_organisation(desk: Page, address: str) -> None:
    assert look(desk, address, EMPTY, "empty") == ""


def test_the_state_moves_by_itself_and_is_spoken_once(books: Books, desk: Page, address: str) -> None:
    desk.goto(address + "/quickbooks/state")
    expect(desk.locator("#state-said")).to_have_text("No worker is running")
    controls.pause(connection(books), ANN, "year end")
    expect(desk.locator("#sync-state")).to_contain_text("Paused by Ann")
    expect(desk.locator("#state-said")).to_have_text("Paused by Ann")


def test_updates_can_be_paused(books: Books, desk: Page, address: str) -> None:
    desk.goto(address + "/quickbooks/state")
    desk.get_by_role("button", name="Pause updates").click()
    expect(desk.get_by_role("button", name="Updates are paused")).to_have_attribute("aria-pressed", "true")


def test_a_cause_is_mended_on_the_dashboard_by_keyboard_alone(books: Books, desk: Page, address: str) -> None:
    enliven(books)
    desk.goto(address + "/")
    expect(desk.get_by_text("3 invoices of 1 client wait.")).to_be_visible()
    desk.get_by_label("Item in QuickBooks for “Off-site backup”").focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.locator("#causes-said")).to_be_focused()
    expect(desk.locator("#causes-said")).to_contain_text("3 operations are on the way now.")
    expect(desk.get_by_text("3 invoices of 1 client wait.")).to_have_count(0)
    expect(desk.locator("#summary .figure-tile", has_text="Held or failed")).to_contain_text("1")


def test_a_long_list_is_searched_in_place(books: Books, desk: Page, address: str) -> None:
    for number in range(16):
        books.simulation.control(
            f"companies/{REALM}/records/Item",
            {"Name": f"Licence {number}", "Type": "Service", "IncomeAccountRef": {"value": "1"}},
        )
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    enliven(books)
    desk.goto(address + "/")
    desk.get_by_label("Item in QuickBooks for “Off-site backup”").press_sequentially("licence 1")
    desk.get_by_role("button", name="Licence 12").click()
    expect(desk.locator("#causes-said")).to_contain_text("“Licence 12” was chosen.")


def test_a_payment_that_arrives_shows_on_the_open_page(books: Books, desk: Page, address: str) -> None:
    document = books.invoice()
    desk.goto(address + f"/invoices/{document.id}")
    expect(desk.locator("#amounts")).to_contain_text("£120.00")
    books.pay(document, "120.00")
    books.listen()
    desk.evaluate("() => htmx.ajax('GET', document.getElementById('quickbooks').getAttribute('hx-get'), '#quickbooks')")
    expect(desk.locator("#document-states")).to_contain_text("Paid")
    expect(desk.locator("#payments")).to_contain_text("£120.00")


def test_the_number_of_chosen_operations_is_said(books: Books, desk: Page, address: str) -> None:
    enliven(books)
    desk.goto(address + "/quickbooks/log?show=problems")
    desk.get_by_role("checkbox", name="All on this page").check()
    desk.get_by_role("button", name="Retry the 4 chosen").click()
    expect(desk.get_by_text("4 operations are tried again now.")).to_be_visible()
