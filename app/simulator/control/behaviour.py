"""Switches and ordered faults."""

from flask import Response

from app.simulator.bookkeeping.switches import SWITCHES
from app.simulator.control.door import control
from app.simulator.doors import as_json, sent_object, world
from app.simulator.mischief import EFFECTS


@control.get("/switches")
def switches() -> Response:
    """Every switch as it stands."""
    with world().lock:
        values = world().switches.values()
    told = [
        {"name": one.name, "value": values[one.name], "default": one.default, "others": one.others,
         "question": one.question, "source": one.source}
        for one in SWITCHES
    ]  # fmt: skip
    return as_json({"switches": values, "meaning": told})


@control.route("/switches", methods=["POST", "PUT"])
def turn_switches() -> Response:
    """Turn some switches; all or none."""
    with world().turn():
        for name, value in sent_object().items():
            world().switches.turn(name, value)
    return switches()


@control.get("/faults")
def faults() -> Response:
    """What is ordered and not used up."""
    with world().lock:
        return as_json({"faults": world().mischief.orders(), "effects": EFFECTS})


@control.post("/faults")
def order_fault() -> Response:
    """Order one."""
    with world().turn():
        return as_json(world().mischief.order(sent_object()), 201)


@control.delete("/faults", defaults={"name": None})
@control.delete("/faults/<name>")
def clear_faults(name: str | None) -> Response:
    """Drop one order or all."""
    with world().turn():
        world().mischief.clear(name)
    return faults()
