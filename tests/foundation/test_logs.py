"""No secret travels in a log line, and nothing else is lost from it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from app.foundation.logs import MASK, configure_logs, logger, mask_text

SECRET = "hush-hush-hush"


@pytest.mark.parametrize(
    "text",
    [
        f"access_token={SECRET}",
        f'{{"refresh_token": "{SECRET}"}}',
        f"{{'access_token': '{SECRET}'}}",
        f"previous_refresh_token={SECRET}&x=1",
        f"client_secret: {SECRET}",
        f"token={SECRET}",
        f"password={SECRET}",
        f"https://portal.example/callback?code={SECRET}&state=1",
        f"Authorization: Bearer {SECRET}",
        f"Basic {SECRET}",
    ],
)
def test_a_secret_in_a_text_is_masked(text: str) -> None:
    assert SECRET not in mask_text(text)
    assert MASK in mask_text(text)


@pytest.mark.parametrize(
    "text",
    ["SyncToken=3", '"SyncToken":"3"', "sync_token: 3", "tax_code=5", "postcode=YO1", "3 tokens: none", "a basic rule"],
)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert mask_text(text) == text


@pytest.fixture(params=[True, False], ids=["json", "console"])
def lines(request: pytest.FixtureRequest) -> Iterator[bool]:
    before = structlog.get_config()
    configure_logs(as_json=request.param)
    structlog.configure(cache_logger_on_first_use=False)
    yield request.param
    structlog.configure(**before)


def test_a_line_masks_by_name_also_deep_inside(lines: bool, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: FBT001 - a fixture
    logger().info(
        "told",
        refresh_token=SECRET,
        headers={"Authorization": SECRET, "parts": [f"token={SECRET}"]},
        SyncToken="3",
        n=5,
    )
    told = capsys.readouterr().out
    assert SECRET not in told
    assert "SyncToken" in told
    assert MASK in told or "\\u2022" in told


def test_an_errors_own_words_are_masked_too(lines: bool, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: FBT001 - a fixture
    def fail() -> None:
        message = "code=" + "-".join(["hush"] * 3)
        raise RuntimeError(message)

    try:
        fail()
    except RuntimeError:
        logger().error("a task failed", exc_info=True)
    told = capsys.readouterr().out
    assert SECRET not in told
    assert "RuntimeError: code=" in (json.loads(told)["exception"] if lines else told)
