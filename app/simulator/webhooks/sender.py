"""The thread that carries deliveries to the endpoints (§9.1). The only place here that calls out."""

import threading
import uuid

import requests

from app.simulator.bookkeeping.wire import Body
from app.simulator.webhooks.bodies import signature
from app.simulator.world import World

# Intuit wants an answer within three seconds (§9.1).
_ANSWER_SECONDS = 3
_LONGEST_NAP_SECONDS = 1.0
_SHORTEST_NAP_SECONDS = 0.02


def _post(delivery: Body, endpoint: Body) -> tuple[str, bool]:
    raw = str(delivery["raw"]).encode()
    headers = {
        "intuit-signature": signature(raw, endpoint["verifier"]),
        "intuit-created-time": delivery["created"],
        "intuit-t-id": str(uuid.uuid4()),
        "intuit-notification-schema-version": "0.1",
        "content-type": "application/json; charset=utf-8",
        "accept": "application/json",
        "user-agent": "intuit_notification_server/0.1",
    }
    try:
        answer = requests.post(
            endpoint["url"], data=raw, headers=headers, timeout=_ANSWER_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        return type(error).__name__, False
    return str(answer.status_code), answer.status_code == requests.codes.ok


def deliver(world: World, *, at_once: bool = False) -> int:
    """Send everything that is due (with `at_once` everything that waits); how many deliveries got their 200."""
    with world.turn():
        world.outgoing.bundle(at_once=at_once)
        waiting = world.outgoing.due(at_once=at_once)
    arrived = 0
    for delivery in waiting:
        with world.lock:
            endpoint = world.outgoing.endpoint(delivery["environment"])
        outcome, delivered = _post(delivery, endpoint) if endpoint["url"] else ("no endpoint", False)
        arrived += int(delivered)
        with world.turn():
            world.outgoing.settle(delivery, outcome, delivered=delivered)
    return arrived


def _nap(world: World) -> float:
    """How long nothing can become due, in seconds."""
    with world.lock:
        if world.outgoing.has_unsent:
            return max(_SHORTEST_NAP_SECONDS, world.switches.number("webhook_delay_seconds") / 2)
        due = world.outgoing.next_due()
        if due is None or world.outgoing.mode == "paused":
            return _LONGEST_NAP_SECONDS
        wait = (due - world.clock.now()).total_seconds()
    return min(_LONGEST_NAP_SECONDS, max(_SHORTEST_NAP_SECONDS, wait))


def _carry(world: World) -> None:
    while not world.outgoing.stopped:
        world.outgoing.bell.wait(_nap(world))
        world.outgoing.bell.clear()
        if not world.outgoing.stopped:
            deliver(world)


def start_sender(world: World) -> threading.Thread:
    """Start the thread; it ends with `world.close()` or with the process."""
    thread = threading.Thread(target=_carry, args=(world,), name="webhook-sender", daemon=True)
    thread.start()
    return thread
