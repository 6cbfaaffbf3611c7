"""Style sheets and scripts arrive compressed where the browser understands it, and as they are where it does not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "br;q=0, gzip"}


@pytest.fixture
def passer_by(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("path", ["css/shell.css", "vendor/tabler.min.css", "vendor/htmx.min.js", "vendor/icons.svg"])
def test_a_text_arrives_compressed_and_whole(app: Flask, passer_by: FlaskClient, path: str) -> None:
    answer, whole = passer_by.get(f"/static/{path}", headers=GZIP), (Path(str(app.static_folder)) / path).read_bytes()
    assert (answer.headers["Content-Encoding"], gzip.decompress(answer.data) == whole) == ("gzip", True)
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(whole)
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_who_does_not_understand_it_gets_the_file_itself(passer_by: FlaskClient) -> None:
    for headers in ({}, {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip;q=0"}):
        answer = passer_by.get("/static/css/shell.css", headers=headers)
        assert ("Content-Encoding" in answer.headers, answer.data[:2] == b"\x1f\x8b") == (False, False)


def test_what_the_browser_has_already_is_not_sent_again(passer_by: FlaskClient) -> None:
    tag = passer_by.get("/static/css/shell.css", headers=GZIP).headers["ETag"]
    again = passer_by.get("/static/css/shell.css", headers=GZIP | {"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_is_not_compressed_and_a_missing_file_is_missing(passer_by: FlaskClient) -> None:
    assert "Content-Encoding" not in passer_by.get("/sign-in", headers=GZIP).headers
    assert passer_by.get("/static/css/none.css", headers=GZIP).status_code == 404
