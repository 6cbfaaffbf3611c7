"""Somebody in front of a browser: does only what a person sees, counts it, and minds what each page is like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from tests.browser import RULES
from tests.journeys.house import House

_NUMBERS = re.compile(r"\d+")
_TAKEN_BACK = ("htmx:afterRequest", "htmx:sendAbort")
"""How htmx tells that a later question took the place of one, or that its page was left meanwhile."""

Words = str | re.Pattern[str]


@dataclass
class Newcomer:
    """A page, how often it was clicked and how many fields were filled in, and what was wrong on the way."""

    page: Page
    house: House
    clicks: int = 0
    fields: int = 0
    complaints: list[str] = field(default_factory=list)
    looked_at: set[str] = field(default_factory=set)

    def watch(self) -> None:
        """Hear the console, and see where requests go."""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._follow)

    def press(self, name: Words, *, within: Locator | None = None) -> None:
        """Click the button or link of this name."""
        place = within or self.page.locator("body")
        found = place.get_by_role("button", name=name, exact=True).or_(place.get_by_role("link", name=name, exact=True))
        self._click(found)

    def turns_to(self, tab: str) -> None:
        """Go to another page of the settings of QuickBooks."""
        tabs = self.page.get_by_role("navigation", name="QuickBooks settings")
        self.press(tab, within=tabs)

    def goes_to(self, name: str) -> None:
        """Go to a page of the menu, unless it is open."""
        entry = self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)
        if entry.get_attribute("aria-current") is None:
            self._click(entry)

    def takes_up(self, title: str) -> None:
        """Go to the dashboard and from its first steps to this one."""
        self.goes_to("Dashboard")
        step = self.page.locator("#onboarding li").filter(has_text=title)
        expect(step).to_be_visible()
        self.look()
        self._click(step.get_by_role("link"))

    def write(self, label: Words, text: str) -> None:
        """Fill in a field."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.fields += 1

    def choose(self, label: Words, option: str) -> None:
        """Choose from a list."""
        self.page.get_by_label(label, exact=True).select_option(label=option)
        self.fields += 1

    def tick(self, label: str) -> None:
        """Choose one of several."""
        self._click(self.page.get_by_label(label))

    def hand_in(self, label: str, file: Path) -> None:
        """Choose a file."""
        self.page.get_by_label(label, exact=True).set_input_files(file)
        self.fields += 1

    def sees(self, text: Words) -> None:
        """Wait until it stands on the page, and look whether everybody can read that."""
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()
        self.look()

    def reads(self, heading: Words) -> None:
        """Wait for the page of this heading, and look whether everybody can read it."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.look()

    def look(self) -> None:
        """Ask axe about the page in both colours, once for each state of a page."""
        if self.page.url.startswith(self.house.portal):
            for colours in self._colours():
                found = Axe().run(self.page, options=RULES)
                if found.violations_count:
                    self.complaints.append(f"{self.page.url} {colours}\n{found.generate_report()}")

    def _colours(self) -> Iterator[str]:
        state = _NUMBERS.sub("#", f"{self.page.url} {self.page.locator('h1, h2').all_inner_texts()}")
        if state not in self.looked_at:
            self.looked_at.add(state)
            self.page.emulate_media(color_scheme="dark")
            yield "dark"
            self.page.emulate_media(color_scheme="light")
            yield "light"

    def _click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def _hear(self, message: ConsoleMessage) -> None:
        where = message.location["url"]
        if message.type == "error" and where.startswith(self.house.portal) and not message.text.startswith(_TAKEN_BACK):
            self.complaints.append(f"{self.page.url}: {message.text} ({where})")

    def _follow(self, request: Request) -> None:
        if not request.url.startswith(("data:", self.house.portal, self.house.simulator)):
            self.complaints.append(f"{self.page.url} asks for {request.url}")
