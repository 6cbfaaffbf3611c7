"""Webhook endpoints and deliveries."""

from flask import Response

from app.simulator.bookkeeping.wire import Body
from app.simulator.control.door import Unknown, control, text_of
from app.simulator.doors import as_json, row_number, sent_object, world
from app.simulator.oauth.keys import BY_ENVIRONMENT
from app.simulator.webhooks.sender import deliver


def _present(delivered: int | None = None) -> Body:
    outgoing = world().outgoing
    with world().lock:
        told: Body = {
            "mode": outgoing.mode, "waiting_events": outgoing.has_unsent, "pending": len(outgoing.due(at_once=True)),
            "endpoints": {environment: outgoing.endpoint(environment) for environment in BY_ENVIRONMENT},
            "deliveries": outgoing.deliveries(100),
        }  # fmt: skip
    return told if delivered is None else told | {"delivered": delivered}


@control.get("/webhooks")
def webhooks() -> Response:
    """Mode, endpoints and the last 100 deliveries."""
    return as_json(_present())


@control.route("/webhooks/endpoints/<environment>", methods=["POST", "PUT"])
def set_endpoint(environment: str) -> Response:
    """Change an endpoint; an empty url stops webhooks of that environment."""
    if environment not in BY_ENVIRONMENT:
        raise Unknown(f"no environment {environment[:20]}")
    sent = sent_object()
    wanted = {name: text_of(sent, name) for name in ("url", "verifier") if name in sent}
    with world().turn():
        world().outgoing.set_endpoint(environment, **wanted)
    return webhooks()


@control.post("/webhooks/mode")
def set_mode() -> Response:
    """sending, paused or withheld."""
    with world().turn():
        world().outgoing.set_mode(text_of(sent_object(), "mode"))
    world().outgoing.bell.set()
    return webhooks()


@control.post("/webhooks/flush")
def flush() -> Response:
    """Send everything that waits, now, in this call."""
    return as_json(_present(deliver(world(), at_once=True)))


@control.post("/webhooks/repeat")
def repeat() -> Response:
    """Send one delivery again, or all withheld ones."""
    sent = sent_object()
    number = row_number(sent["id"]) if "id" in sent else None
    with world().turn():
        repeated = world().outgoing.repeat(number)
    return as_json(_present() | {"repeated": repeated})
