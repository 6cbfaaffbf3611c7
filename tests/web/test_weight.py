"""What a page weighs on its way to the reader, compressed: the first one with all that it loads, and the next ones."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.world import World

FIRST = 150_000
LATER = 20_000
PAGES = ("/", "/invoices", "/clients", "/clients/new", "/services", "/payments", "/debtors", "/users", "/mail")
_LOADED = re.compile(r'(?:src|href)="(/static/[^"#]+)')
"""Scripts, styles, icons and pictures: everything from our own folder of files."""


def weight(browser: FlaskClient, path: str) -> int:
    """Bytes of an answer, compressed."""
    return len(gzip.compress(browser.get(path).data))


def loaded(browser: FlaskClient, path: str) -> set[str]:
    """Every file that a page names, each once."""
    return set(_LOADED.findall(browser.get(path).text))


def test_a_first_page_weighs_less_than_150_kb(northgate: World, sign_in: Callable[..., FlaskClient]) -> None:
    olivia = sign_in(northgate.olivia)
    files = loaded(olivia, "/clients/new")
    assert any("tabler" in path for path in files)
    assert weight(olivia, "/clients/new") + sum(weight(olivia, path) for path in files) < FIRST


def test_every_later_page_weighs_less_than_20_kb_and_brings_no_new_file(
    northgate: World, sign_in: Callable[..., FlaskClient]
) -> None:
    olivia = sign_in(northgate.olivia)
    known = loaded(olivia, "/")
    found = {path: weight(olivia, path) for path in PAGES}
    assert {path: size for path, size in found.items() if size >= LATER} == {}
    assert {path: loaded(olivia, path) - known for path in PAGES if loaded(olivia, path) - known} == {}
