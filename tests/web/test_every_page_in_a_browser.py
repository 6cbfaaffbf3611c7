"""Every page of the url map in a real browser: all can read it in both colours and narrow, and it keeps to our host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.browser import sign_in
from tests.sync.books import Books
from tests.web.every_page import every_page, first_pages, in_years, populate
from tests.web.reader import Reader
from tests.world import World

pytestmark = pytest.mark.browser

SLICE = {"statements.show", "quickbooks.import_run", "terms.edit"}
MAIN_PAGES = {
    *("home.index", "invoices.index", "invoices.new", "invoices.show", "payments.index"),
    *("quickbooks.index", "quickbooks.mappings", "sync_state.index", "sync_log.index", "reconciliation.index"),
}
"""What people see most of; pictures of them are taken."""
WRONG = """<!doctype html><html lang="en"><title>Wrong</title><h1>One</h1><h1>Two</h1><script>go()</script>
<table width="2000"><tr><td><img src="http://elsewhere.example/a.png"></td></tr></table>"""


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
    places, taken = [*every_page(app), *in_years(books)], set[Path]()
    for place in places:
        reader.open(place.name, place.address(app, northgate))
        if place.name in MAIN_PAGES:
            taken.update(reader.photograph(place.name))
    record_property("pages looked at", len(reader.looked_at))
    record_property("pictures", len(taken))
    assert "\n".join(reader.complaints) == ""
    assert reader.looked_at >= {place.name for place in places}
    assert len(taken) == len(MAIN_PAGES) * 4


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
