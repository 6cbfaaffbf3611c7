"""The first day of somebody new: from the first link to what goes to QuickBooks by itself, in one walk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.firms import FIRMS, SERVICES, Firm
from tests.journeys.house import House, open_house
from tests.journeys.newcomer import Newcomer

pytestmark = [pytest.mark.journey, pytest.mark.browser, pytest.mark.prove]

SLOWLY = 25_000
"""Milliseconds for what the worker does meanwhile."""
USUALLY = 5_000
"""Playwright's own patience, which is set for all tests of a process."""
TOO_MANY = 40
"""Clicks; fewer must do for thirty services of exact names."""
_INVOICES = 6


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house in which nobody is yet."""
    with open_house(tmp_path, furnished=False) as opened:
        yield opened


@pytest.fixture
def someone(page: Page, house: House) -> Iterator[Newcomer]:
    """Somebody new in front of it, with open eyes and patience."""
    page.set_default_timeout(SLOWLY)
    expect.set_options(timeout=SLOWLY)
    found = Newcomer(page, house)
    found.watch()
    yield found
    expect.set_options(timeout=USUALLY)


@pytest.mark.parametrize("firm", FIRMS, ids=lambda firm: firm.label)
def test_somebody_new_gets_from_the_first_link_to_automatic_push(
    someone: Newcomer, firm: Firm, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    firm.stock(someone.house)
    someone.page.goto(someone.house.first_link())
    begin(someone, firm)
    bring_invoices(someone, firm.write_file(tmp_path / "november.csv"))
    connect(someone, firm)
    map_all(someone, firm)
    link_what_is_there(someone)
    send_one(someone, firm)
    turn_on(someone, firm)
    open_one_more(someone, firm)
    tell(someone, firm, record_property)
    assert not someone.complaints, "\n".join(someone.complaints)
    assert someone.clicks < TOO_MANY


def begin(someone: Newcomer, firm: Firm) -> None:
    """Say who one is, and who sends the invoices."""
    someone.reads("Welcome to Counterfoil")
    someone.write("Your name", "Nell Newcome")
    someone.write("Your e-mail address", "nell@northgate.example")
    someone.write("Company", firm.name)
    someone.choose("Country", firm.country)
    someone.write("Password", "a plain long password")
    someone.write("Password again", "a plain long password")
    someone.press("Begin")
    someone.takes_up("Say who sends the invoices")
    someone.reads(firm.name)
    someone.write(re.compile("^Address"), firm.address)
    someone.press("Save")


def bring_invoices(someone: Newcomer, file: Path) -> None:
    """Hand in the file, look at what it will do, open what is in it."""
    someone.takes_up("Bring your invoices")
    someone.reads("Import invoices and credit notes")
    someone.hand_in("File", file)
    someone.press("Look at what it will do")
    someone.reads(file.name)
    someone.sees("Invoices come to")
    someone.press("Import 6 documents and open them")
    someone.sees("6 documents were taken")


def connect(someone: Newcomer, firm: Firm) -> None:
    """Settings, Connect, the consent page, this company."""
    someone.takes_up("Connect QuickBooks")
    someone.reads("QuickBooks")
    someone.press("Connect to QuickBooks", within=someone.page.locator("#company"))
    someone.tick(firm.realm)
    someone.press("Connect")
    someone.reads(f"You connected {firm.name}")
    someone.press("Use this company")
    someone.sees(f"{firm.name} is connected.")


def map_all(someone: Newcomer, firm: Firm) -> None:
    """Confirm what has the very same name on both sides: services, tax codes where lines name them, clients."""
    someone.takes_up("Map services")
    someone.reads("Services and items")
    someone.press(f"Confirm all {len(SERVICES)} exact")
    someone.sees(f"{len(SERVICES)} services mapped.")
    if firm.label != "us":
        someone.turns_to("Tax codes")
        someone.reads("Tax codes")
        someone.press(re.compile("Confirm all"))
        someone.sees("tax codes mapped.")
    someone.turns_to("Clients")
    someone.reads("Clients and customers")
    someone.press(f"Link all {len(firm.customers)} of the same name")
    someone.sees(f"{len(firm.customers)} clients linked.")


def link_what_is_there(someone: Newcomer) -> None:
    """One invoice was typed into QuickBooks before: it is linked, and nothing is written there."""
    someone.takes_up("Decide about earlier documents")
    someone.reads("6 open documents were not sent")
    someone.press("Link those first")
    someone.reads("Link history")
    someone.press("Read QuickBooks now")
    someone.sees("1 agrees exactly")
    someone.press("Link it")
    someone.sees("1 document is linked.")


def send_one(someone: Newcomer, firm: Firm) -> None:
    """Rehearse; send one, after which it pauses; look at it, and at what QuickBooks has."""
    someone.turns_to("Dry run")
    someone.reads("Dry run")
    someone.turns_to("Earlier documents")
    someone.reads("5 open documents were not sent")
    someone.press("Send one first, then pause")
    someone.reads("Sync state")
    someone.sees("Paused by Nell Newcome")
    someone.goes_to("Invoices")
    someone.reads("Invoices")
    someone.press("FIRST-1")
    someone.reads("Invoice FIRST-1")
    expect(someone.page.locator("#quickbooks-state")).to_have_text("In QuickBooks")
    made = {str(row["DocNumber"]): Decimal(str(row["TotalAmt"])) for row in firm.there(someone.house, "Invoice")}
    assert made.keys() == {"FIRST-1", "FIRST-2"}
    expect(someone.page.locator("#amounts .whole").first).to_contain_text(f"{made['FIRST-1']:.2f}")
    assert made["FIRST-1"] > 210


def turn_on(someone: Newcomer, firm: Firm) -> None:
    """Go on: the others are sent, and the list of first steps says that all is on."""
    someone.takes_up("Turn it on")
    someone.reads("Sync state")
    someone.press("Resume")
    someone.sees("Everything that may be sent has been sent.")
    assert len(firm.there(someone.house, "Invoice")) == _INVOICES


def open_one_more(someone: Newcomer, firm: Firm) -> None:
    """What is opened now goes by itself."""
    buyer = firm.customers[0]
    someone.goes_to("Invoices")
    someone.press("New invoice")
    someone.reads("New invoice")
    someone.write("Client", buyer.name)
    someone.write("Service of line 1", SERVICES[0])
    someone.page.keyboard.press("Tab")
    someone.page.wait_for_load_state("networkidle")
    someone.write("Description of line 1", "Looked at the mail server")
    someone.write("Quantity of line 1", "2")
    someone.write("Unit price of line 1", "85")
    someone.choose("Tax code of line 1", buyer.tax_code)
    someone.press(re.compile("^Open invoice"))
    someone.reads(re.compile("Invoice INV-"))
    expect(someone.page.locator("#quickbooks-state")).to_have_text("In QuickBooks")
    assert len(firm.there(someone.house, "Invoice")) == _INVOICES + 1
    someone.goes_to("Dashboard")
    expect(someone.page.locator("#step-on")).to_contain_text("Completed")


def tell(someone: Newcomer, firm: Firm, record_property: Callable[[str, object], None]) -> None:
    """Say what it took."""
    took = {"clicks": someone.clicks, "fields": someone.fields, "pages": len(someone.looked_at)}
    for name, count in took.items():
        record_property(f"{firm.label}_{name}", count)
    print(f"{firm.label}: " + ", ".join(f"{count} {name}" for name, count in took.items()))  # noqa: T201 - for whoever runs it with -s
