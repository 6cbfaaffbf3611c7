"""The browser: the system's Chromium as Playwright starts it. Where there is none, the test is skipped by name.

And what every test in it does: sign in, and ask what stands in anybody's way.
"""

import shutil
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import servers
from tests.world import PASSWORD

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
"""What axe looks for: the levels A and AA of WCAG 2.2."""


def sign_in(page: Page, address: str, email: str) -> None:
    """As a person of the named world does."""
    page.goto(address + "/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium, which here is often root's, and which shall ask nobody outside for anything."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        servers.absent(servers.Missing("Chromium is not installed"))
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    offline = [
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    return {**browser_type_launch_args, "executable_path": chromium, "args": [*quiet, *offline]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Look at pages as a bookkeeper in London does, without animations to wait for."""
    here = {"locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce"}
    return {**browser_context_args, **here, "viewport": {"width": 1280, "height": 800}}
