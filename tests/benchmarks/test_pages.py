"""Which pages `make bench ONLY=pages` asks for: all that a signed-in person can look at."""

from __future__ import annotations

from flask import Flask

from benchmarks.pages import FURTHER, NO_PAGES, pages_of
from tests.web.routes_table import ROUTES


def test_every_address_that_can_be_looked_at_is_measured_or_named_as_no_page(app: Flask) -> None:
    looked_at = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    guarded = {endpoint for endpoint in looked_at if ROUTES[endpoint].action is not None}
    assert {rule.endpoint for rule in pages_of(app)} == guarded - NO_PAGES
    assert guarded >= NO_PAGES


def test_what_is_asked_of_a_page_beside_its_first_look_is_asked_of_a_measured_one(app: Flask) -> None:
    assert {endpoint for endpoint, _asked in FURTHER.values()} <= {rule.endpoint for rule in pages_of(app)}
