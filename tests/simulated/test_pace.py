"""The guard against endless loops: what is done too often while time hardly passes, and what is not."""

from __future__ import annotations

import pytest

from tests.simulated.pace import SPAN, Pace, StandstillError


def test_what_is_done_again_and_again_in_a_minute_is_told_by_name() -> None:
    pace = Pace(most=2)
    for moment in (7.0, 7.1):
        pace.step(moment, "worker:1 wrote")
    with pytest.raises(StandstillError, match="worker:1 wrote more than 2 times in a minute, 7 s after"):
        pace.step(7.2, "worker:1 wrote")


def test_what_is_done_as_often_in_several_minutes_or_by_several_is_no_standstill() -> None:
    pace = Pace(most=1)
    for moment, who in ((0.0, "Ann"), (0.5, "Bob"), (SPAN, "Ann"), (2 * SPAN, "Ann")):
        pace.step(moment, who)
