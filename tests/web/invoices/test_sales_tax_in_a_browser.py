"""In a real browser: an invoice's page waits for the tax that QuickBooks computes, and shows it without a reload."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.sync.engine import Engine
from tests.browser import RULES, sign_in
from tests.simulation import Simulation
from tests.sync import american as bay_it
from tests.sync.books import Books
from tests.world import World

pytestmark = pytest.mark.browser

SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
SIZES = {"wide": (1280, 900), "narrow": (360, 780)}


@pytest.fixture
def american(northgate: World, engine: Engine, simulation: Simulation) -> Books:
    """Northgate IT bills in California; QuickBooks computes the sales tax."""
    return bay_it.connect(engine, simulation)


@pytest.fixture
def stella(page: Page, address: str, northgate: World) -> Page:
    """Stella's browser, signed in."""
    sign_in(page, address, northgate.stella.email)
    return page


def readable(page: Page, name: str) -> None:
    """Nothing stands in the way of anybody, in both colours, wide and narrow; with PICTURES set, a picture of each."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            found = Axe().run(page, options=RULES).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], (name, scheme, size)
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=Path(folder) / f"{name}-{scheme}-{size}.png", full_page=True)


def test_the_page_waits_and_shows_the_tax_by_itself(american: Books, stella: Page, address: str) -> None:
    firm = american.firm
    draft = firm.draft(firm.line(code="TAX"), firm.line("40", code="NON"), firm.line("20.01", code="TAX"))
    stella.goto(f"{address}/invoices/{draft.id}")
    stella.get_by_role("button", name="Open and send to QuickBooks").click()
    notice = stella.locator("#sales-tax")
    expect(notice).to_contain_text("QuickBooks is computing the sales tax")
    readable(stella, "tax-awaited")
    american.send()
    expect(notice).to_contain_text("Sales tax as QuickBooks computed it")
    expect(stella.locator("#document-lines")).to_contain_text("$9.37")
    expect(stella.locator("#amounts")).to_contain_text("as QuickBooks computed it")
    readable(stella, "tax-taken-over")
