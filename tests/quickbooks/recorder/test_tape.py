"""What a tape keeps."""

from __future__ import annotations

from io import StringIO

import pytest

from app.quickbooks.ports import HttpAnswer, HttpRequest
from app.quickbooks.recorder.tape import Exchange, RecordingHttp, exchanges
from tests.quickbooks.intuit import Intuit

URL = "https://quickbooks.example/v3/company/123/customer?requestid=a%20b"
SENT = HttpRequest("POST", URL, {"Authorization": "Bearer eyJ0b2tlbi5vZg", "Content-Type": "application/json"}, b"", 5)


def taped(said: bytes, request: HttpRequest = SENT, *, private: bool = False) -> list[Exchange]:
    """Let a call be answered so."""
    kept: list[Exchange] = []
    line = Intuit(answers=[HttpAnswer(200, {"Intuit-Tid": "1-a", "Server": "nginx"}, said, 0.1)])
    RecordingHttp(line, kept.append, private=private).send(request)
    return kept


def test_a_line_is_read_as_it_was_written() -> None:
    (kept,) = taped(b'{"Customer":{"Id":"60"}}')
    assert (kept.path, kept.query, kept.headers) == ("/customer", (("requestid", "a b"),), {"intuit-tid": "1-a"})
    assert list(exchanges(StringIO(kept.line() + "\n"))) == [kept]


def test_no_token_is_kept() -> None:
    (kept,) = taped(b'{"fault":{"error":[{"detail":"Token expired: eyJhbGciOiJkaXIi"}]}}')
    assert "eyJ" not in kept.line()


def test_a_person_is_the_same_word_wherever_she_was_named() -> None:
    (kept,) = taped(b'{"A":{"DisplayName":"Amy"},"B":{"DisplayName":"Amy","Address":"amy@x.example"}}', private=True)
    assert "Amy" not in kept.answer
    assert kept.answer.count("private-") == 3
    assert "@private.example" in kept.answer


def test_the_sign_in_service_is_not_kept() -> None:
    request = HttpRequest("POST", "https://oauth.example/oauth2/v1/tokens/bearer", {}, b"refresh_token=RT1-1", 5)
    assert taped(b"{}", request) == []


@pytest.mark.parametrize("line", ["x", "[]", '{"step":""}'])
def test_what_is_no_exchange_is_refused_by_its_line(line: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        list(exchanges([line]))
