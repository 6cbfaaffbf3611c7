"""No token stays in a text."""

import pytest

from app.quickbooks import masking


@pytest.mark.parametrize(
    "text",
    [
        "Token expired: SECRETVALUE123",
        '{"access_token":"SECRETVALUE123","x":1}',
        "Authorization: Bearer SECRETVALUE123",
        "see eyJhbGciSECRETVALUE123.abc.def",
        "RT1-39-H0-SECRETVALUE123",
        "AB11SECRETVALUE123SECRETVALUE123",
    ],
)
def test_a_token_is_masked(text: str) -> None:
    assert "SECRETVALUE123" not in masking.mask(text)


def test_a_sync_token_is_no_secret() -> None:
    assert masking.excerpt(b'{"Id":"7","SyncToken":"3"}') == '{"Id":"7","SyncToken":"3"}'


def test_an_excerpt_is_short_and_readable_whatever_came() -> None:
    assert len(masking.excerpt(b"x" * 100_000)) == masking.EXCERPT_CHARACTERS
    assert masking.excerpt(b"\xff\xfe!") == "\ufffd\ufffd!"


def test_what_no_database_stores_is_left_out() -> None:
    assert masking.excerpt(b"PK\x03\x04\x00\x00 of a proxy") == "PK\x03\x04 of a proxy"
