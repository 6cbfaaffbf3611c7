"""Wrong settings refuse to start, with all that is wrong in one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.foundation.settings import SettingsError, parse_keys, read_settings, sqlite_path
from tests.portal import SECRETS, settings_for

KEY = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "SEALING_KEYS", "DATABASE_URL", "HUEY_URL", "MAIL_URL", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(
            secret_key="short", database_url="mysql://x", huey_url="amqp://x", mail_url="pop3://x", public_url="x"
        )
    told = str(refused.value).splitlines()
    assert told[0] == "The settings are not usable:"
    assert [line.split(":")[0].strip() for line in told[1:] if line.startswith("  ")] == [
        "DATABASE_URL",
        "HUEY_URL",
        "SECRET_KEY",
        "SEALING_KEYS",
        "PUBLIC_URL",
        "MAIL_URL",
    ]
    assert "  SEALING_KEYS: is missing" in told


def test_each_fault_is_one_line() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(**SECRETS, public_url="no address")
    assert len(str(refused.value).splitlines()) == 2


def test_no_secret_is_in_the_message() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(secret_key="hush-hush", sealing_keys="a:hush-hush")
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", "a:", "a:short", ":" + KEY, "a.b:" + KEY, "a:" + KEY + ",b:x", KEY, f"a:{KEY},a:{KEY}"]
)
def test_keys_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="KEY"):
        parse_keys(text)


def test_the_first_key_comes_first() -> None:
    assert list(parse_keys(f"new:{KEY}, old:{KEY}")) == ["new", "old"]


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_postgresql_is_spoken_to_by_psycopg_however_it_is_written(url: str) -> None:
    settings = settings_for(url)
    assert (settings.database_url, settings.is_sqlite) == ("postgresql+psycopg://u@h/d", False)


def test_addresses_lose_their_trailing_slash() -> None:
    assert settings_for("sqlite:///x", public_url="https://portal.example/").public_url == "https://portal.example"


@pytest.mark.parametrize("name", ["single_call_seconds", "batch_call_seconds", "request_rate", "scan_seconds"])
def test_durations_and_rates_are_above_nought(name: str) -> None:
    with pytest.raises(SettingsError):
        settings_for("sqlite:///x", **{name: 0})


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///a/b.sqlite", Path("a/b.sqlite")),
        ("sqlite:///:memory:", None),
        ("postgresql://x", None),
        ("sqlite:///", None),
    ],
)
def test_the_file_behind_an_address(url: str, path: Path | None) -> None:
    assert sqlite_path(url) == path


def test_the_sealer_uses_the_first_key() -> None:
    settings = settings_for("sqlite:///x", sealing_keys=f"new:{KEY},old:{KEY}")
    assert settings.sealer()._current == "new"


@pytest.mark.parametrize("wrong", [{"operator_email": "a@x, b@x"}, {"terms_url": "ours"}, {"privacy_url": "/privacy"}])
def test_public_pages_name_no_address_that_leads_nowhere(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong)).upper()):
        read_settings(**SECRETS, **wrong)
