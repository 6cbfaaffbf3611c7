"""Pages in a real browser: nothing is refused by the policy, nothing reaches outside, everybody can read them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect

from app.foundation.database import transaction
from app.foundation.mail import queue_mail
from tests.browser import RULES, sign_in
from tests.world import World

pytestmark = pytest.mark.browser

PAGES = ("/", "/account", "/account/password", "/settings/users", "/settings/mail", "/help", "/nothing-here")


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complained about, apart from answers that are meant to be refusals."""
    heard: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status" not in message.text:
            heard.append(message.text)

    page.on("console", hear)
    yield heard
    assert heard == []


@pytest.fixture
def olivia(page: Page, address: str, northgate: World, complaints: list[str]) -> Page:
    """Olivia's browser, signed in, with one mail to read."""
    with transaction():
        queue_mail([northgate.olivia.email], "INV-1 was refused", "Line 2 has no tax code.", occasion="refused 1")
    sign_in(page, address, northgate.olivia.email)
    return page


def readable(page: Page) -> str:
    found = Axe().run(page, options=RULES)
    return "" if not found.violations_count else f"{page.url}\n{found.generate_report()}"


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_read_every_page(olivia: Page, address: str, colours: str) -> None:
    olivia.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    for path in PAGES:
        olivia.goto(address + path)
        assert readable(olivia) == ""


@pytest.mark.parametrize("width", [360, 3840])
def test_no_page_is_wider_than_the_window(olivia: Page, address: str, width: int) -> None:
    olivia.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        olivia.goto(address + path)
        assert olivia.evaluate("() => document.documentElement.scrollWidth") <= width, path


def test_a_refused_sign_in_is_told_and_focused(page: Page, address: str, world: World, complaints: list[str]) -> None:
    page.goto(address + "/sign-in")
    page.get_by_label("E-mail address").fill(world.olivia.email)
    page.get_by_label("Password").fill("not her password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page).to_have_title("Error: Sign in · Counterfoil")
    assert readable(page) == ""


def test_the_colours_are_chosen_without_script_of_ours(olivia: Page) -> None:
    olivia.locator("summary", has_text="Olivia").click()
    olivia.get_by_role("button", name="Dark").click()
    expect(olivia.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_role_is_changed_by_choosing_it(olivia: Page, address: str) -> None:
    olivia.goto(address + "/settings/users")
    olivia.get_by_label("Role of Stella").select_option("admin")
    expect(olivia.get_by_role("status").filter(has_text="Stella is now Admin.")).to_be_visible()


def test_icons_are_drawn_from_the_sprite(olivia: Page) -> None:
    box = olivia.locator(".menu-list use").first.bounding_box()
    assert box is not None
    assert box["width"] > 5


def test_the_country_of_a_new_billing_entity_sets_what_is_usual_there_and_nothing_else(
    olivia: Page, address: str
) -> None:
    olivia.goto(address + "/settings/billing-entity/new")
    olivia.get_by_label("Name", exact=True).fill("Northgate America")
    olivia.get_by_label("Tax number").fill("12-3456789")
    olivia.get_by_label("Country").select_option("US")
    expect(olivia.get_by_label("Home currency")).to_have_value("USD")
    expect(olivia.get_by_label("Tax ID")).to_have_value("12-3456789")
    expect(olivia.get_by_label("Time zone")).to_have_value("America/New_York")
    expect(olivia.get_by_label("Name", exact=True)).to_have_value("Northgate America")
    assert readable(olivia) == ""


@pytest.mark.usefixtures("dublin")
def test_the_sync_log_is_searched_from_one_line_and_by_date_from_a_second(olivia: Page, address: str) -> None:
    olivia.goto(address + "/quickbooks/log")
    search, what = olivia.get_by_label("intuit_tid"), olivia.get_by_label("What", exact=True)
    whose, button = (
        olivia.get_by_label("Billing entity"),
        olivia.locator("#content").get_by_role("button", name="Search"),
    )
    boxes = [each.bounding_box() for each in (search, what, whose, button)]
    assert len({round(box["y"] + box["height"]) for box in boxes if box}) == 1
    expect(olivia.get_by_label("From", exact=True)).to_be_hidden()
    olivia.get_by_text("By date").click()
    olivia.get_by_label("From", exact=True).fill("2026-03-02")
    button.click()
    expect(olivia.get_by_label("From", exact=True)).to_have_value("2026-03-02")
    assert readable(olivia) == ""


@pytest.mark.usefixtures("firm")
def test_the_first_day_of_a_firm_can_be_read_by_everybody(olivia: Page, address: str) -> None:
    for path in ("/", "/settings/billing-entity"):
        olivia.goto(address + path)
        expect(olivia.get_by_role("link", name="Connect QuickBooks").first).to_be_visible()
        assert readable(olivia) == ""
