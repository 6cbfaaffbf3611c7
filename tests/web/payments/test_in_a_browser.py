"""Payments, debtors and statements in a real browser: readable in both colours, narrow too, by keyboard alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.billing import receiving
from app.foundation.database import transaction
from tests.billing.firm import ANN, Firm
from tests.browser import RULES, sign_in
from tests.world import World

pytestmark = pytest.mark.browser


@pytest.fixture
def pages(firm: Firm) -> list[str]:
    """Open invoices, one of them partly paid, and money left over."""
    first, second = firm.open(), firm.open(firm.line("1234.56"))
    with transaction():
        payment = receiving.record_here(firm.facts(30000, (first, 12000), (second, 6000)), actor=ANN)
    acme = f"/clients/{firm.acme.id}"
    of_payment = [f"/payments/{payment.id}{step}" for step in ("", "/divide", "/void")]
    recording = ["/payments", "/payments/new", f"/payments/new/{firm.acme.id}?invoice={second.id}"]
    return [*recording, *of_payment, "/debtors", f"{acme}/statement?since=2026-01-01", acme]


@pytest.fixture
def stella(page: Page, address: str, northgate: World) -> Page:
    """Stella's browser, signed in."""
    sign_in(page, address, northgate.stella.email)
    return page


@pytest.mark.parametrize(("colours", "width"), [("light", 360), ("dark", 1280)])
def test_everybody_can_read_these_pages(
    stella: Page, address: str, pages: list[str], *, colours: str, width: int
) -> None:
    stella.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    stella.set_viewport_size({"width": width, "height": 800})
    for number, path in enumerate(pages):
        stella.goto(address + path)
        keep(stella, f"payments-{colours}-{width}-{number}")
        found = Axe().run(stella, options=RULES)
        assert not found.violations_count, f"{path}\n{found.generate_report()}"
        assert stella.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path


def test_a_payment_is_recorded_by_keyboard(stella: Page, address: str, pages: list[str]) -> None:
    stella.goto(address + pages[2].partition("?")[0])
    stella.get_by_label("Amount received").focus()
    stella.keyboard.type("50")
    stella.get_by_role("button", name="Fill in the oldest first").focus()
    stella.keyboard.press("Enter")
    expect(stella.get_by_label("Part for INV-00002")).to_have_value("50.00")
    stella.get_by_role("button", name="Record payment").focus()
    stella.keyboard.press("Enter")
    expect(stella.get_by_text("The payment was recorded.")).to_be_visible()


def keep(page: Page, name: str) -> None:
    """A picture for whoever asks for them."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
