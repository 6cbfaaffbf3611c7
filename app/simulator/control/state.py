"""Health, figures, log, clock, reset and snapshots."""

import re

from flask import Response, request

from app.simulator.bookkeeping import clock as clocks
from app.simulator.bookkeeping.wire import Body
from app.simulator.control.door import Unknown, control, text_of
from app.simulator.doors import as_json, row_number, sent_object, world
from app.simulator.traffic import COUNTERS

_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


@control.get("/health")
def health() -> Response:
    """Alive."""
    return as_json({"status": "ok"})


@control.get("/stats")
def stats() -> Response:
    """Counters per realm and together; the maximum of writes in flight is not summed."""
    with world().lock:
        realms = {realm: dict(world().traffic.counters(realm)) for realm in world().companies}
    total: Body = {name: sum(one[name] for one in realms.values()) for name in COUNTERS}
    total["max_writes_in_flight"] = max(one["max_writes_in_flight"] for one in realms.values())
    return as_json({"realms": realms, "total": total, "limits": world().traffic.limits})


@control.post("/stats/reset")
def reset_stats() -> Response:
    """Counters back to zero."""
    with world().turn():
        for realm in world().companies:
            world().traffic.begin_anew(realm)
    return stats()


@control.get("/requests")
def requests() -> Response:
    """The log, newest first."""
    limit, offset = row_number(request.args.get("limit", "100")), row_number(request.args.get("offset", "0"))
    with world().lock:
        return as_json({"requests": world().traffic.calls(min(limit, 5000), offset)})


@control.post("/limits")
def limits() -> Response:
    """Intuit's rate limits on or off until the next start."""
    wanted = sent_object().get("on")
    if not isinstance(wanted, bool):
        raise TypeError("on must be true or false")
    world().traffic.limits = wanted
    return as_json({"limits": wanted})


@control.get("/clock")
def clock() -> Response:
    """Simulated now."""
    return as_json({"now": world().clock.now().isoformat(), "offset_seconds": world().clock.offset_seconds})


@control.post("/clock")
def move_clock() -> Response:
    """Move simulated now: by seconds, to a moment, or to an offset."""
    sent = sent_object()
    with world().turn():
        if "now" in sent:
            world().clock.move_to(clocks.moment_from(text_of(sent, "now")))
        elif "offset_seconds" in sent:
            world().clock.shift(_seconds(sent["offset_seconds"]))
        else:
            world().clock.shift(world().clock.offset_seconds + _seconds(sent.get("advance_seconds")))
        world().keep_clock()
    world().outgoing.bell.set()
    return clock()


def _seconds(value: object) -> float:
    return float(str(value))


@control.post("/reset")
def reset() -> Response:
    """First day again."""
    world().reset()
    return as_json({"status": "reset"})


def _name() -> str:
    name = text_of(sent_object(), "name", "snapshot")
    if not _NAME.fullmatch(name):
        raise ValueError("name: letters, digits, - and _ only")
    return name


@control.post("/snapshot")
def snapshot() -> Response:
    """Keep the state under a name."""
    name = _name()
    world().snapshot(name)
    return as_json({"snapshot": name})


@control.post("/restore")
def restore() -> Response:
    """Return to a kept state."""
    name = _name()
    try:
        world().restore(name)
    except FileNotFoundError as error:
        raise Unknown(f"no snapshot {name}") from error
    return as_json({"restored": name})
