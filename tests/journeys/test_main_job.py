"""The main job as a person does it, in a real browser, with real processes and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.house import House, open_house

pytestmark = [pytest.mark.journey, pytest.mark.browser]

PICTURES = Path(os.environ.get("PICTURES", "screenshots"))
SLOWLY = 20_000
"""Milliseconds for what the worker does meanwhile."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house on its first day."""
    with open_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture
def olivia(page: Page, house: House) -> Page:
    """The owner's browser, signed in."""
    page.set_default_timeout(SLOWLY)
    page.goto(house.portal)
    page.get_by_label("E-mail address").fill("olivia@northgate.example")
    page.get_by_label("Password").fill("counterfoil-demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Dashboard")).to_be_visible()
    return page


def test_an_invoice_opened_here_is_there_and_a_payment_made_there_is_here(olivia: Page, house: House) -> None:
    connect(olivia, house)
    map_all(olivia, house)
    number = open_invoice(olivia, house)
    pay_in_the_console(olivia, house, number)
    see_it_paid(olivia, house, number)
    compare(olivia, house)
    take_pictures(olivia, house)


def connect(page: Page, house: House) -> None:
    """Settings, Connect, the consent page, this company."""
    page.goto(f"{house.portal}/settings/quickbooks")
    page.get_by_role("link", name="Connect to QuickBooks", exact=True).click()
    expect(page.get_by_role("heading", name="Connect a company")).to_be_visible()
    page.get_by_role("button", name="Connect").click()
    page.get_by_role("button", name="Use this company").click()
    expect(page.get_by_role("heading", name="Northgate IT Services Ltd")).to_be_visible()
    page.goto(f"{house.portal}/settings/quickbooks/earlier-documents")
    expect(page.get_by_role("heading", level=1)).to_contain_text("open documents were not sent")


def map_all(page: Page, house: House) -> None:
    """Confirm the tax codes that have their name there; let missing items be made on an income account."""
    page.goto(f"{house.portal}/settings/quickbooks/mappings?kind=tax-codes&tab=suggested")
    page.get_by_role("button", name="Confirm all").click()
    page.goto(f"{house.portal}/settings/quickbooks/policies")
    page.locator("input[name=service_missing][value=create]").check()
    page.get_by_label("Default income account", exact=True).select_option(label="Services")
    page.get_by_role("button", name="Save policies").click()
    expect(page.get_by_text("The policies were saved.")).to_be_visible()


def open_invoice(page: Page, house: House) -> str:
    """Write an invoice of one line and open it; returns its number once it is in QuickBooks."""
    page.goto(f"{house.portal}/invoices/new")
    page.get_by_label("Client", exact=True).fill("Calder Valley Estates")
    page.get_by_label("Service of line 1").fill("SUPPORT-HR")
    page.get_by_label("Description of line 1").fill("Moving the mail server")
    page.get_by_label("Quantity of line 1").fill("4")
    page.get_by_label("Unit price of line 1").fill("85")
    page.get_by_label("Tax code of line 1").select_option(label="20.0% S")
    page.get_by_role("button", name="Open invoice").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Invoice INV-")
    expect(page.get_by_text("In QuickBooks", exact=True).first).to_be_visible(timeout=SLOWLY)
    return heading.inner_text().removeprefix("Invoice ").strip()


def pay_in_the_console(page: Page, house: House, number: str) -> None:
    """Find the invoice in the simulated company and receive its whole balance."""
    page.goto(f"{house.simulator}/companies/9341450000000001/?search={number}")
    page.get_by_role("link", name=number).click()
    expect(page.get_by_text("408.00").first).to_be_visible()
    page.get_by_role("button", name="Receive").click()


def see_it_paid(page: Page, house: House, number: str) -> None:
    """The portal shows Paid once the webhook was worked on."""
    page.goto(f"{house.portal}/invoices?search={number}")
    page.get_by_role("link", name=number).click()
    for _try in range(40):
        if page.get_by_text("Paid", exact=True).first.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text("Paid", exact=True).first).to_be_visible()


def compare(page: Page, house: House) -> None:
    """Both sides agree."""
    page.goto(f"{house.portal}/quickbooks/reconciliation")
    page.get_by_role("button", name="Run now").click()
    for _try in range(40):
        page.goto(f"{house.portal}/quickbooks/reconciliation")
        if page.get_by_text("No differences").first.is_visible():
            return
        page.wait_for_timeout(500)
    expect(page.get_by_text("No differences").first).to_be_visible()


def take_pictures(page: Page, house: House) -> None:
    """The pages that the README shows; one of them dark."""
    PICTURES.mkdir(exist_ok=True)
    for name, path, colours in (
        ("dashboard", "/", "light"),
        ("invoices", "/invoices", "light"),
        ("quickbooks", "/settings/quickbooks", "light"),
        ("sync-state", "/quickbooks/state", "dark"),
    ):
        page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
        page.goto(house.portal + path)
        page.screenshot(path=PICTURES / f"{name}.png")
