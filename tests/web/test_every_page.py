"""Every page of the url map as it is without scripts: whole, with a title of its own, and every control leads on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.quickbooks import catalogue
from benchmarks.pages import NO_PAGES
from tests.simulation import REALM
from tests.sync.books import Books
from tests.web.elements import Element, Reading
from tests.web.every_page import (
    ASKED,
    FRAGMENTS,
    MEASURED_NOT,
    OPEN,
    Place,
    every_page,
    first_pages,
    in_years,
    populate,
)
from tests.web.routes_table import ROUTES
from tests.web.walking import Walker
from tests.world import World

UNGUARDED_AND_NO_PAGES = {"static", "health.healthz", "health.readyz", "health.metrics"}
BEFORE_SIGN_IN = {"security.login", "welcome.show"}
LEADS_OUT = "/settings/quickbooks/connect"
OF_SCRIPT_ALONE = {"data-copy", "data-pause", "data-print"}
"""Buttons of no use without scripts; the styles hide them then."""
_DIGITS = re.compile(r"\d+")


def test_every_address_is_a_page_or_a_fragment_or_named_as_neither(app: Flask) -> None:
    named = NO_PAGES - MEASURED_NOT | UNGUARDED_AND_NO_PAGES | BEFORE_SIGN_IN | set(FRAGMENTS)
    pages = {place.endpoint for place in every_page(app)}
    assert pages | named == {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert not pages & named
    assert {endpoint for endpoint in OPEN if ROUTES[endpoint].action} == set()


@pytest.mark.usefixtures("firm")
def test_no_page_of_a_new_organisation_needs_scripts(app: Flask, northgate: World, olivia: Walker) -> None:
    seen = readings(app, northgate, olivia, first_pages(app))
    assert "invoices.new" in seen
    assert list(complaints(seen)) == []


@pytest.mark.parametrize(
    "control",
    [
        "<a>On</a>",
        '<a href="#nowhere">On</a>',
        "<button>Go</button>",
        '<form><button type="button">Go</button></form>',
        '<p hx-get="/now">Now</p>',
        '<form hx-post="/now" hx-target="#nowhere"></form>',
    ],
)
def test_a_control_that_leads_nowhere_without_scripts_is_seen(control: str) -> None:
    assert len(idle(Reading(f"<main>{control}</main>"))) == 1


@pytest.mark.prove(weight=0)
def test_no_page_of_a_practice_needs_scripts_or_leads_nowhere(
    app: Flask, books: Books, olivia: Walker, northgate: World, *, record_property: Callable[[str, object], None]
) -> None:
    populate(books)
    places = [*every_page(app), *in_years(books)]
    seen = readings(app, northgate, olivia, places)
    assert set(seen) == {place.name for place in places}
    assert list(complaints(seen)) == []
    assert shared_titles(seen) == []
    links = {link: name for name, page in seen.items() for link in links_of(page)}
    record_property("links followed", len(links))
    assert {link: name for link, name in links.items() if olivia.get(link).status_code != 200} == {}


@pytest.mark.prove(weight=0)
def test_every_fragment_has_one_root_that_its_page_includes(
    app: Flask, books: Books, northgate: World, olivia: Walker
) -> None:
    populate(books)
    _list_many_items(books)
    pairs = [(Place(name, name), Place(page, page, ASKED.get(page, {}))) for name, page in FRAGMENTS.items()]
    pairs += [(place, place) for place in every_page(app)]
    found = (astray(app, northgate, olivia, pair) for pair in pairs)
    assert [complaint for complaint in found if complaint] == []


def readings(app: Flask, world: World, reader: Walker, places: list[Place]) -> dict[str, Reading]:
    """Every page as it is read, by its name, without those that lead to another."""
    answers = {place.name: reader.get(place.address(app, world)) for place in places}
    return {name: Reading(answer.text) for name, answer in answers.items() if answer.status_code != 302}


def complaints(seen: dict[str, Reading]) -> Iterator[str]:
    """What is wrong with these pages, without scripts."""
    for name, page in seen.items():
        if [len(page.all(tag)) for tag in ("html", "h1", "main")] != [1, 1, 1]:
            yield f"{name} is no whole page with one heading and one main part"
        yield from (f"{name}: {one.tag} {one.attributes} does nothing" for one in idle(page))


def shared_titles(seen: dict[str, Reading]) -> list[set[str]]:
    """The endpoints with one title, whatever the numbers in it. What is printed is named as what it prints."""
    found: dict[str, set[str]] = {}
    for name, page in seen.items():
        endpoint = name.partition(":")[0]
        if not endpoint.endswith(".print"):
            found.setdefault(_DIGITS.sub("#", page.title), set()).add(endpoint)
    return [endpoints for endpoints in found.values() if len(endpoints) > 1]


def idle(page: Reading) -> list[Element]:
    """Controls that only a script brings to life, and what would be put where nothing is."""
    return [element for element in page.elements if _is_idle(element) or _misses(element, page.ids)]


def _is_idle(element: Element) -> bool:
    if element.tag == "a":
        return not element.get("href")
    if element.tag == "button":
        return not (element.sends_form or OF_SCRIPT_ALONE & set(element.attributes))
    # A part of the page that is asked for anew shows already what there was; a form is sent as it stands.
    return element.asks_by_itself and not (element.tag == "form" or element.get("id") or element.around("form"))


def _misses(element: Element, ids: set[str]) -> bool:
    wanted = element.get("href") if element.tag == "a" else element.get("hx-target")
    return wanted.startswith("#") and wanted[1:] not in ids


def links_of(page: Reading) -> set[str]:
    """Where a page leads to, inside."""
    links = {link.get("href").partition("#")[0] for link in page.all("a")}
    return {link for link in links if link.startswith("/") and link != LEADS_OUT}


def astray(app: Flask, world: World, reader: Walker, pair: tuple[Place, Place]) -> str:
    """What is wrong with a fragment and its page; empty where htmx is given the whole page.

    Some fragments stand only in what htmx has put into a page: as well there.
    """
    fragment, page = pair
    values = fragment.values(world)
    answer = reader.fragment(fragment.path(app, values))
    if "<html" in answer.text and fragment is page:
        return ""
    roots = Reading(answer.text).roots
    around = (Reading(ask(page.path(app, {**page.asked, **values})).text).ids for ask in (reader.get, reader.fragment))
    good = len(roots) == 1 and roots[0].get("id") in set().union(*around)
    return "" if good else f"{fragment.name} on {page.name}: {[(one.tag, one.attributes) for one in roots]}"


def _list_many_items(books: Books) -> None:
    """So many that they are searched for instead of shown."""
    for number in range(16):
        item = {"Name": f"Licence {number}", "Type": "Service", "IncomeAccountRef": {"value": "1"}}
        books.simulation.control(f"companies/{REALM}/records/Item", item)
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
