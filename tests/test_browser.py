"""The browser that other tests look through."""

import pytest
from playwright.sync_api import Error, Page

pytestmark = pytest.mark.browser


def test_it_stands_on_a_british_desk(page: Page) -> None:
    assert page.evaluate("() => new Date(0).toLocaleString()") == "01/01/1970, 01:00:00"


def test_it_reaches_nothing_outside(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.com/")
