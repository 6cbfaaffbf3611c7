"""A play: a process dies at a point, perhaps a second one too, and the last one goes on until it is quiet."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.foundation.database import db
from app.quickbooks.models import ConnectionState
from app.quickbooks.realm import Governor
from tests.crashes.fate import DURING, Point
from tests.crashes.nursery import End
from tests.crashes.plays import SCENES
from tests.crashes.portrait import faults, portrait, rows
from tests.crashes.stage import SHORT, Stage
from tests.crashes.theatre import LATER, Theatre
from tests.sync.books import connection

_SLOW_SECONDS = 0.4
"""How long the other side works on a call during which its sender dies; less than any call may take."""
_REAL = {**SHORT, "retry_base_seconds": 0.001}
_PATIENT = {"retry_base_seconds": 30.0}
"""Lives on a clock of their own sleep through the pauses of a real day at once."""


@dataclass(frozen=True)
class Ending:
    """What is seen when all is quiet."""

    picture: dict[str, Any]
    faults: list[str]
    permission_lost: bool


def undisturbed(theatre: Theatre, scene: str) -> tuple[list[str], Ending]:
    """The story of a scene in which nobody dies, and its ending."""
    theatre.put_up(scene)
    end = theatre.nursery.live(theatre.order(scene, settings=_PATIENT))
    return end.story, ending(theatre)


def ending(theatre: Theatre) -> Ending:
    """Look at both sides."""
    with theatre.seen() as stage:
        return Ending(portrait(stage), faults(stage), _must_reconnect(stage))


def _must_reconnect(stage: Stage) -> bool:
    return connection(stage.books).state is ConnectionState.RECONNECT


def play(theatre: Theatre, scene: str, points: Sequence[Point]) -> tuple[int, Ending]:
    """How many died, and the ending. A process that did not come by its point goes on as the last one."""
    theatre.put_up(scene)
    died = 0
    for number, point in enumerate([*points, None]):
        if _lives(theatre, scene, number, point).signal == 0:
            break
        died += 1
    return died, ending(theatre)


def _lives(theatre: Theatre, scene: str, number: int, point: Point | None) -> End:
    start = theatre.starts(SCENES[scene]) + number * LATER
    order = theatre.order(scene, start=start, again=number > 0, point=point, settings=_PATIENT)
    end = theatre.nursery.live(order)
    assert end.signal in {0, signal.SIGKILL}
    return end


def play_in_flight(theatre: Theatre, scene: str, point: Point) -> tuple[int, Ending]:
    """As `play`, by the real clock: the sender dies while the other side is still at work on its call."""
    assert point.side == DURING
    theatre.put_up(scene)
    theatre.simulation.control("clock", {"now": datetime.now(UTC).isoformat()})
    theatre.simulation.control("switches", {"request_seconds": _SLOW_SECONDS})
    end = theatre.nursery.live(theatre.order(scene, start=None, point=point, settings=_REAL))
    theatre.simulation.control("switches", {"request_seconds": 0.0})
    theatre.nursery.live(theatre.order(scene, start=None, again=True, settings=_REAL))
    return int(end.signal == signal.SIGKILL), ending(theatre)


class Haunting(NamedTuple):
    """The ending after a stopped process went on, and the tables in which it wrote anything."""

    ending: Ending
    written: list[str]


def haunt(theatre: Theatre, scene: str, point: Point) -> Haunting:
    """A process is stopped at a point for so long that another takes over and ends all; then it goes on.

    Where nobody may write for the company any more (its permission is lost), nobody takes over, and who was stopped
    ends what is still his.
    """
    theatre.put_up(scene)
    stopped = theatre.nursery.live(theatre.order(scene, point=point, how=signal.SIGSTOP, settings=_PATIENT))
    assert stopped.stopped, f"nobody came by {point}"
    fence = _fence(theatre)
    _lives(theatre, scene, 1, None)
    taken_over, before = _fence(theatre) > fence, _all_rows(theatre)
    theatre.nursery.go_on()
    after = _all_rows(theatre)
    changed = [name for name in after if after[name] != before[name]] if taken_over else []
    return Haunting(ending(theatre), [f"{name}: {_only(after[name], before[name])}" for name in changed])


def _fence(theatre: Theatre) -> int:
    """The number of the company's last writer; where it has not risen nobody took over."""
    with theatre.seen():
        return db.session.scalar(select(func.max(Governor.fence))) or 0


def _all_rows(theatre: Theatre) -> dict[str, Any]:
    with theatre.seen():
        return rows()


def mended(theatre: Theatre, scene: str, seen: Ending, whole: Ending) -> list[str]:
    """What is wrong with an ending; the one that ends in "reconnect" is followed until somebody has reconnected."""
    if not (seen.permission_lost and not whole.permission_lost and SCENES[scene].may_lose_permission):
        return differences(whole, seen)
    lost = [occasion for occasion, _state in seen.picture["mails"] if occasion.startswith("lost:")]
    mails = [] if len(lost) == 1 else [f"{len(lost)} mails told of the lost permission"]
    theatre.nursery.live(theatre.order("the same company again", start=_late(theatre, scene), settings=_PATIENT))
    return [*mails, *differences(whole, ending(theatre), but="mails")]


def _late(theatre: Theatre, scene: str) -> datetime:
    return theatre.starts(SCENES[scene]) + 10 * LATER


def differences(whole: Ending, seen: Ending, but: str = "") -> list[str]:
    """In what both sides are not as if nothing had happened."""
    told = [fault for fault in seen.faults if fault not in whole.faults]
    for name, wanted in whole.picture.items():
        if name != but and seen.picture[name] != wanted:
            told.append(f"{name}: {_only(seen.picture[name], wanted)} instead of {_only(wanted, seen.picture[name])}")
    return told


def _only(one: Any, other: Any) -> Any:
    if isinstance(one, dict):
        return {key: _only(value, other[key]) for key, value in one.items() if value != other[key]}
    return [row for row in one if row not in other]
