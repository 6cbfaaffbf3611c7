"""One state in words, from a few signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.sync.watching.running import Signs, State, running

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WELL = Signs(worker_alive=True, waiting=0, connected=True)
SOON = NOW + timedelta(seconds=40)


@pytest.mark.parametrize(
    ("signs", "state", "words"),
    [
        ({}, State.RUNNING, "Running"),
        ({"connected": False}, State.NOT_CONNECTED, "Not connected"),
        ({"must_reconnect": True}, State.RECONNECT, "Waiting to be reconnected"),
        ({"paused_by": "Ann", "paused_reason": "year end"}, State.PAUSED, "Paused by Ann"),
        ({"worker_alive": False}, State.NO_WORKER, "No worker is running"),
        ({"slowed_until": SOON, "slowed_why": "429"}, State.SLOWED, "Slowed by QuickBooks"),
        ({"silent_until": SOON}, State.SILENT, "QuickBooks does not answer"),
        ({"trial_by": "Ann"}, State.TRIAL, "Sending one, then pausing"),
        ({"held": 1}, State.HELD, "Waiting for somebody"),
        ({"held": 1, "waiting": 1}, State.RUNNING, "Running"),
    ],
)
def test_each_sign_has_its_words(signs: dict[str, object], state: State, words: str) -> None:
    found = running(replace(WELL, **signs), NOW)  # type: ignore[arg-type]
    assert (found.state, found.words) == (state, words)


def test_what_a_person_must_do_comes_before_what_heals_by_itself() -> None:
    signs = replace(WELL, must_reconnect=True, worker_alive=False, slowed_until=SOON)
    assert running(signs, NOW).state is State.RECONNECT


def test_a_slowdown_says_until_when_and_that_nothing_is_to_be_done() -> None:
    found = running(replace(WELL, slowed_until=SOON, slowed_why="too many requests"), NOW)
    assert (found.until, found.sentence) == (SOON, "No action is needed. Too many requests.")


def test_a_probe_that_is_due_has_no_countdown() -> None:
    assert running(replace(WELL, silent_until=NOW - timedelta(seconds=1)), NOW).until is None
