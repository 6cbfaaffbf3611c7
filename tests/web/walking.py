"""A person at billing's pages: reads, fills in forms, follows where an answer leads."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import portal


class Walker:
    """A signed-in browser that knows its form token."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser
        self.token = portal.csrf_token(browser.get("/account/password").text)

    def get(self, path: str, **headers: str) -> TestResponse:
        """A page."""
        return self.browser.get(path, headers=headers)

    def fragment(self, path: str) -> TestResponse:
        """What htmx gets."""
        return self.browser.get(path, headers={"HX-Request": "true"})

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form."""
        return self.browser.post(path, data={"csrf_token": self.token, **fields})

    def follow(self, path: str, **fields: Any) -> str:
        """Send a form and give the text of the page it leads to."""
        answer = self.post(path, **fields)
        assert answer.status_code in {302, 303}, answer.text
        return self.browser.get(answer.location).text


def linked(page: str, pattern: str) -> str:
    """The first address in a page that looks so; `#` stands for a number."""
    found = re.search(f'"({re.escape(pattern).replace(re.escape("#"), "[0-9]+")})"', page)
    assert found, (pattern, page)
    return found.group(1)


def words(page: str) -> str:
    """The text of a page without its tags, blanks drawn together."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def line(at: int, **cells: str) -> dict[str, str]:
    """The cells of one line of the editor."""
    return {f"lines-{at}-{name}": text for name, text in cells.items()}
