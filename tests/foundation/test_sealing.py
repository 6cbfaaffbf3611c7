"""A secret opens in its own place only, with a key we have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.sealing import Place, Sealer, Secret, UnsealError

OLD, NEW = {"old": b"o" * 32}, {"new": b"n" * 32}
HERE = Place("connection", "access_token", 1, 7)


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    sealer = Sealer(OLD)
    assert sealer.unseal(sealer.seal(Secret(text), HERE), HERE).value == text


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(HERE, table="intuit_app"),
        replace(HERE, column="refresh_token"),
        replace(HERE, organisation_id=2),
        replace(HERE, row_id=8),
    ],
    ids=["table", "column", "organisation", "row"],
)
def test_what_was_moved_does_not_open(elsewhere: Place) -> None:
    sealer = Sealer(OLD)
    with pytest.raises(UnsealError):
        sealer.unseal(sealer.seal(Secret("token"), HERE), elsewhere)


@pytest.mark.parametrize(
    "spoilt", ["", "v1", "v1.old.x.y", "v1.unknown.AAAA.AAAA", "v1.old..", "nonsense.with.four.parts"]
)
def test_what_was_never_sealed_does_not_open(spoilt: str) -> None:
    with pytest.raises(UnsealError):
        Sealer(OLD).unseal(spoilt, HERE)


def test_one_changed_letter_does_not_open() -> None:
    sealed = Sealer(OLD).seal(Secret("token"), HERE)
    changed = sealed[:-3] + ("A" if sealed[-3] != "A" else "B") + sealed[-2:]
    with pytest.raises(UnsealError):
        Sealer(OLD).unseal(changed, HERE)


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key() -> None:
    before, after = Sealer(OLD), Sealer(NEW | OLD)
    sealed = before.seal(Secret("token"), HERE)
    assert after.unseal(sealed, HERE).value == "token"
    assert (after.is_current(sealed), after.is_current(after.seal(Secret("token"), HERE))) == (False, True)


def test_without_the_old_key_old_values_stay_shut() -> None:
    with pytest.raises(UnsealError):
        Sealer(NEW).unseal(Sealer(OLD).seal(Secret("token"), HERE), HERE)


def test_the_same_secret_is_never_sealed_the_same_twice() -> None:
    sealer = Sealer(OLD)
    assert sealer.seal(Secret("token"), HERE) != sealer.seal(Secret("token"), HERE)


def test_a_secret_is_not_printed() -> None:
    assert "token" not in f"{Secret('token')} {Secret('token')!r} {[Secret('token')]}"
