"""Every page of the url map in a real browser: all can read it in both colours and narrow, and it keeps to our host."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, ViewportSize, expect

from tests.journeys.newcomer import RULES
from tests.sync.books import Books
from tests.web.every_page import every_page, first_pages, in_years, populate
from tests.world import PASSWORD, World

pytestmark = pytest.mark.browser

SLICE = {"statements.show", "quickbooks.import_run", "terms.edit"}
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=800)
WRONG = """<!doctype html><html lang="en"><title>Wrong</title><h1>One</h1><h1>Two</h1><script>go()</script>
<table width="2000"><tr><td><img src="http://elsewhere.example/a.png"></td></tr></table>"""
COUNTS = "() => ['h1', 'main'].map(tag => document.querySelectorAll(tag).length)"
OVERFLOWS = "() => document.documentElement.scrollWidth > window.innerWidth"


@dataclass
class Reader:
    """Olivia's browser, and all that was wrong with what it showed."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    def watch(self) -> None:
        """Hear the console, and see where requests go."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on("request", self._follow)

    def open(self, name: str, path: str) -> None:
        """Look at a page in daylight, at night and on a telephone."""
        answer = self.page.goto(self.base + path)
        if answer is None or answer.status != 200:
            self._complain(f"{name} answers {answer and answer.status}")
        elif answer.request.redirected_from is None:
            self.looked_at.add(name)
            self._look()

    def _look(self) -> None:
        if self.page.evaluate(COUNTS) != [1, 1]:
            self._complain("it has not one heading and one main part")
        self.page.evaluate(AXE_SCRIPT)
        self._ask_axe("light")
        self.page.emulate_media(color_scheme="dark")
        self._ask_axe("dark")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(NARROW)
        self._ask_axe("narrow")
        if self.page.evaluate(OVERFLOWS):
            self._complain("it is wider than a telephone")
        self.page.set_viewport_size(WIDE)

    def _ask_axe(self, look: str) -> None:
        found = AxeResults(self.page.evaluate("options => axe.run(document, options)", RULES))
        if found.violations_count:
            self._complain(f"{look}\n{found.generate_report()}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._complain(message.text)

    def _follow(self, request: Request) -> None:
        if not request.url.startswith(("data:", self.base)):
            self._complain(f"it asks for {request.url}")

    def _complain(self, what: str) -> None:
        self.complaints.append(f"{self.page.url.removeprefix(self.base)}: {what}")


def sign_in(page: Page, base: str, email: str) -> None:
    """As a person does."""
    page.goto(base + "/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Northgate IT")).to_be_visible()


@pytest.fixture
def reader(page: Page, address: str, northgate: World) -> Reader:
    """Olivia's browser, signed in."""
    reader = Reader(page, address)
    reader.watch()
    reader.open("security.login", "/sign-in")
    sign_in(page, address, northgate.olivia.email)
    return reader


@pytest.mark.usefixtures("firm")
def test_everybody_can_read_pages_that_no_other_test_opens(reader: Reader, app: Flask, northgate: World) -> None:
    for place in every_page(app):
        if place.name in SLICE:
            reader.open(place.name, place.address(app, northgate))
    assert reader.looked_at == SLICE | {"security.login"}
    assert reader.complaints == []


def test_what_is_wrong_with_a_page_is_seen(reader: Reader, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.view_functions, "help.index", lambda: WRONG)
    reader.open("help.index", "/help")
    told = "\n".join(reader.complaints)
    seen = {word for word in ("one heading", "image-alt", "wider", "asks for http", "Content Security") if word in told}
    assert seen == {"one heading", "image-alt", "wider", "asks for http", "Content Security"}, told


@pytest.mark.usefixtures("firm")
def test_what_only_scripts_do_is_not_offered_without_them(
    browser: Browser, browser_context_args: dict[str, Any], address: str, northgate: World
) -> None:
    with browser.new_context(**browser_context_args, java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page, address, northgate.olivia.email)
        page.goto(address + "/settings/quickbooks/intuit-app")
        buttons = page.locator("[data-copy]")
        assert buttons.count() > 0
        expect(buttons.first).to_be_hidden()


@pytest.mark.prove(weight=0)
def test_everybody_can_read_every_page(
    books: Books, reader: Reader, app: Flask, northgate: World, *, record_property: Callable[[str, object], None]
) -> None:
    populate(books)
    places = [*every_page(app), *in_years(books)]
    for place in places:
        reader.open(place.name, place.address(app, northgate))
    record_property("pages looked at", len(reader.looked_at))
    assert "\n".join(reader.complaints) == ""
    assert reader.looked_at >= {place.name for place in places}


@pytest.mark.usefixtures("firm")
@pytest.mark.prove(weight=0)
def test_everybody_can_read_every_page_of_a_new_organisation(
    reader: Reader, app: Flask, northgate: World, record_property: Callable[[str, object], None]
) -> None:
    for place in first_pages(app):
        reader.open(place.name, place.address(app, northgate))
    record_property("pages looked at", len(reader.looked_at))
    assert "\n".join(reader.complaints) == ""
    assert "invoices.new" in reader.looked_at
