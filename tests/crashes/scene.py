"""A scene of the play: what is prepared, what a process then does, and what the one after it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.crashes.life import Life
from tests.crashes.stage import Stage

Props = dict[str, Any]


def at_once(opening: datetime) -> datetime:
    """With the opening, ten minutes after the preparation."""
    return opening


def half_a_day_later(opening: datetime) -> datetime:
    """When Intuit may have forgotten what was sent before."""
    return opening + timedelta(hours=13)


def at_night(opening: datetime) -> datetime:
    """At three in the morning, local time or an hour later in summer, of the day after."""
    return (opening + timedelta(days=1)).replace(hour=3, minute=0)


@dataclass(frozen=True)
class Scene:
    """Preparation leaves props; `act` is played by the one who dies and, with `again`, by the one who goes on.

    Where the answer of a token server is lost with a process, `may_lose_permission` allows the one other end that
    DESIGN allows: "reconnect", and one mail. `starts` gives the moment of the first act from that of the theatre's
    opening.
    """

    prepare: Callable[[Stage], Props | None]
    act: Callable[[Life], None] = Life.work
    may_lose_permission: bool = False
    starts: Callable[[datetime], datetime] = at_once
