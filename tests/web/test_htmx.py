"""Page or fragment, and polling that costs little."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web import htmx

NOTICE = {"title": "T", "sentence": "S", "status": 404}


@pytest.mark.parametrize(
    ("headers", "fragment"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
    ],
)
def test_a_fragment_only_where_a_piece_is_wanted(app: Flask, headers: dict[str, str], fragment: bool) -> None:  # noqa: FBT001 - a column of the table
    with app.test_request_context(headers=headers):
        assert htmx.wants_fragment() is fragment


@pytest.mark.parametrize(
    ("path", "finished", "status"),
    [("/?revision=7", False, 204), ("/?revision=6", False, 200), ("/?revision=7", True, 286)],
)
def test_polling(app: Flask, path: str, finished: bool, status: int) -> None:  # noqa: FBT001 - a column of the table
    with app.test_request_context(path):
        assert htmx.poll("errors/_notice.html", "7", lambda: NOTICE, finished=finished).status_code == status


def test_what_did_not_change_is_not_even_read(app: Flask) -> None:
    def read() -> dict[str, str]:
        raise AssertionError

    with app.test_request_context("/?revision=7"):
        assert htmx.poll("errors/_notice.html", "7", read).status_code == 204
