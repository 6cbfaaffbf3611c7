"""The settings of QuickBooks in a real browser: readable in both colours, narrow too, saved row by row."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from app.billing import catalogue
from app.billing.catalogue_fields import ServiceFields
from app.foundation.database import transaction
from app.quickbooks import catalogue as mirror
from tests.billing.firm import ANN
from tests.browser import RULES, sign_in
from tests.simulation import REALM
from tests.web.quickbooks.desk import HOME, Desk
from tests.world import World

pytestmark = pytest.mark.browser

UNCONNECTED = ("", "/intuit-app", "/mode")
CONNECTED = (
    "",
    "/test",
    "/policies",
    "/mappings?tab=unmapped",
    "/mappings?tab=suggested",
    "/mappings?tab=mapped",
    "/mappings?tab=broken",
    "/mappings?kind=tax-codes&tab=suggested",
    "/mappings?kind=terms",
    "/mappings?kind=classes",
    "/mappings?kind=locations&tab=unmapped",
    "/mappings?kind=income-accounts&tab=unmapped",
    "/clients?tab=unlinked",
    "/clients?tab=suggested",
    "/clients?tab=linked",
    "/clients?tab=broken",
    "/clients?tab=skipped",
    "/clients/file",
    "/tax?amount=100&lines=3&code=1",
    "/numbers/long",
    "/earlier-documents",
    "/disconnect",
    "/mode",
    "/intuit-app",
)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Documents from before, services with and without a likeness, one of them mapped, something held."""
    with transaction():
        for code, name in (("MSP", "Manged support"), ("HOURS", "Hours"), ("M365", "Microsoft 365 licence")):
            catalogue.create_service(ServiceFields(code=code, name=name), actor=ANN)
    desk.firm.open()
    desk.firm.open()
    desk.send()
    desk.connect()
    desk.post("/mappings/confirm?kind=services")
    desk.firm.open()
    desk.send()
    return desk


@pytest.fixture
def olivia(page: Page, address: str, northgate: World) -> Page:
    """Olivia's browser, signed in."""
    sign_in(page, address, northgate.olivia.email)
    return page


def look(page: Page, address: str, paths: tuple[str, ...], name: str) -> str:
    """What axe finds on these pages; nothing is wider than the window."""
    found = ""
    for number, path in enumerate(paths):
        page.goto(address + HOME + path)
        result = Axe().run(page, options=RULES)
        found += f"{path}\n{result.generate_report()}" if result.violations_count else ""
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=Path(folder) / f"{name}-{number}.png", full_page=True)
    return found


@pytest.mark.parametrize(("colours", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_everybody_can_read_the_pages_of_a_company(
    busy: Desk, olivia: Page, address: str, *, colours: str, width: int
) -> None:
    olivia.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    olivia.set_viewport_size({"width": width, "height": 800})
    choose = (f"/mappings/services/{busy.firm.support.id}", f"/clients/{busy.firm.bolt.id}")
    assert look(olivia, address, (*CONNECTED, *choose), f"connected-{colours}-{width}") == ""


def test_everybody_can_read_the_pages_before_connecting(desk: Desk, olivia: Page, address: str) -> None:
    assert look(olivia, address, UNCONNECTED, "before") == ""
    desk.browser.get(desk.consent())
    assert look(olivia, address, ("/company",), "company") == ""


def test_a_person_connects_maps_and_is_asked(busy: Desk, olivia: Page, address: str) -> None:
    olivia.goto(f"{address}{HOME}/mappings?tab=unmapped")
    row = olivia.locator(f"#row-{busy.firm.support.id}")
    row.get_by_role("link", name="Choose for SUP").click()
    search = row.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.fill("mana")
    row.get_by_role("button", name="Managed support").click()
    expect(row.get_by_role("status")).to_contain_text("Mapped to Managed support.")
    expect(row.get_by_role("link", name="Change for SUP")).to_be_focused()
    row.get_by_role("button", name="Clear SUP").click()
    expect(row).to_contain_text("Not mapped")


def test_clients_are_matched_by_the_keyboard_alone(busy: Desk, olivia: Page, address: str) -> None:
    bolt = busy.firm.bolt.id
    busy.simulation.control(f"companies/{REALM}/records/Customer", {"DisplayName": "Thunder and Sons"})
    mirror.refresh(busy.engine.quickbooks, busy.connection.id)
    olivia.goto(f"{address}{HOME}/clients?tab=unlinked")
    row, linked = olivia.locator(f"#client-{bolt}"), int(olivia.locator("#count-linked").inner_text())
    press(row.get_by_role("link", name="Choose for Bolt"))
    search = row.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.press_sequentially("thund")
    press(row.get_by_role("button", name="Thunder and Sons"))
    expect(row.get_by_role("status")).to_contain_text("Linked to the customer “Thunder and Sons”.")
    expect(row.get_by_role("link", name="Change for Bolt")).to_be_focused()
    expect(olivia.locator("#count-linked")).to_have_text(str(linked + 1))
    press(row.get_by_role("button", name="Unlink Bolt"))
    expect(row).to_contain_text("Matched by its whole name, or created")
    expect(row.get_by_role("link", name="Choose for Bolt")).to_be_focused()
    press(row.get_by_role("button", name="Skip Bolt"))
    expect(row).to_contain_text("Skipped by Olivia")
    expect(row.get_by_role("link", name="Choose for Bolt")).to_be_focused()
    press(row.get_by_role("button", name="Take up Bolt"))
    expect(row.get_by_role("link", name="Choose for Bolt")).to_be_focused()


def press(control: Locator) -> None:
    """As a person does who has no mouse."""
    control.focus()
    control.press("Enter")
