"""Somebody who reads pages in a real browser: in both colours and narrow, and notes all that is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize

from tests.browser import RULES

WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=800)
ALBUM = Path("screenshots")
"""Where pictures go for people to look at; git does not keep them."""
COUNTS = "() => ['h1', 'main'].map(tag => document.querySelectorAll(tag).length)"
OVERFLOWS = "() => document.documentElement.scrollWidth > window.innerWidth"
CUT_OFF = """() => [...document.querySelectorAll(".table-region")]
    .filter(region => region.scrollWidth > region.clientWidth + 1).map(region => region.ariaLabel)"""
"""The tables that are wider than their place."""
REFUSED = "Failed to load resource: the server responded with a status of 422"
"""What Chromium says of a form that was refused; it is the answer that was wanted."""

_COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


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
        self.page.on("pageerror", lambda error: self.complain(str(error)))
        self.page.on("request", self._follow)

    def open(self, name: str, path: str) -> None:
        """Look at a page in daylight, at night and on a telephone."""
        answer = self.page.goto(self.base + path)
        if answer is None or answer.status != 200:
            self.complain(f"{name} answers {answer and answer.status}")
        elif answer.request.redirected_from is None:
            self.looked_at.add(name)
            self.look()

    def look(self) -> None:
        """At the page that is open: in daylight, at night and on a telephone."""
        if self.page.evaluate(COUNTS) != [1, 1]:
            self.complain("it has not one heading and one main part")
        self.page.evaluate(AXE_SCRIPT)
        self._ask_axe("light")
        self.page.emulate_media(color_scheme="dark")
        self._ask_axe("dark")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(NARROW)
        self._ask_axe("narrow")
        if self.page.evaluate(OVERFLOWS):
            self.complain("it is wider than a telephone")
        for table in self.page.evaluate(CUT_OFF):
            self.complain(f"its table {table} is wider than a telephone")
        self.page.set_viewport_size(WIDE)

    def photograph(self, name: str) -> list[Path]:
        """Take pictures of the page that is open: in daylight and at night, wide and on a telephone."""
        taken = []
        for width, size in (("wide", WIDE), ("narrow", NARROW)):
            self.page.set_viewport_size(size)
            for colours in _COLOURS:
                self.page.emulate_media(color_scheme=colours)
                taken.append(ALBUM / f"{name}-{colours}-{width}.png")
                self.page.screenshot(path=taken[-1], full_page=True)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(WIDE)
        return taken

    def _ask_axe(self, look: str) -> None:
        found = AxeResults(self.page.evaluate("options => axe.run(document, options)", RULES))
        if found.violations_count:
            self.complain(f"{look}\n{found.generate_report()}")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED):
            self.complain(message.text)

    def _follow(self, request: Request) -> None:
        if not request.url.startswith(("data:", self.base)):
            self.complain(f"it asks for {request.url}")

    def complain(self, what: str) -> None:
        """Note what is wrong with the page that is open."""
        self.complaints.append(f"{self.page.url.removeprefix(self.base)}: {what}")
