"""The way in and out of the Accounting API: ordered faults, token, environment, limits, then the work, then the log."""

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime

from flask import Response

from app.simulator.api import answers
from app.simulator.api.visit import Visit
from app.simulator.api.work import carry_out
from app.simulator.bookkeeping.recorded import RECORDED, ordered
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.wire import Body
from app.simulator.mischief import MEMBER_EFFECTS
from app.simulator.oauth.authority import ACCOUNTING
from app.simulator.server import SEVER
from app.simulator.world import World

_EXCERPT = 2000


def _throttle(world: World, now: datetime) -> Response:
    return answers.throttled(world.switches["throttle_body"], int(world.switches.number("retry_after_seconds")), now)


def _stopped(world: World, visit: Visit) -> Response | None:
    """The gateway's own refusals: 401 for the token, 403 for keys or company, 429 for the limits."""
    paper = world.authority.look_up(visit.token)
    form = world.switches["unauthorized_body"]
    if paper is None:
        return answers.unauthorized(visit.token, form, visit.came)
    if (paper["environment"], paper["realm"]) != (visit.environment, visit.realm) or visit.realm not in world.books:
        return answers.forbidden(form, visit.came)
    if ACCOUNTING not in paper["scope"].split():
        return answers.forbidden(form, visit.came, "insufficient_scope")
    if _is_spent(world, visit) or not world.traffic.admits(visit.realm, paper["client"], batch=visit.word == "batch"):
        return _throttle(world, visit.came)
    return None


def _is_spent(world: World, visit: Visit) -> bool:
    """Whether the month's metered reads are used up (§7); sandbox and writes do not count. A switch; off by default."""
    most = world.switches.number("metered_reads")
    is_metered = bool(most) and visit.environment == "production" and not visit.writes
    return is_metered and bool(world.traffic.counters(visit.realm)["reads"] >= most)


def _as_response(refusal: Refusal, visit: Visit) -> Response:
    status, content_type, text = answers.refused(refusal, visit.came)
    return Response(text, status, content_type=content_type)


def _struck_before(world: World, visit: Visit, order: Body) -> Response:
    """The answer of a fault that keeps the work from being done."""
    effect, form = str(order["effect"]), world.switches["unauthorized_body"]
    if effect in _GATEWAY:
        status, code, message = _GATEWAY[effect]
        return answers.GatewayFault(code, message, None, "AUTHENTICATION").response(status, form, visit.came)
    if effect in _SPOILS:
        return _SPOILS[effect](world, visit)
    code = "10000" if effect == "server_error" else str(order.get("code", "6000"))
    known = ordered(code, order.get("message"), order.get("detail"))
    status = int(order.get("status", known.status))
    return _as_response(Refusal(*known.errors, status=status, fault_type=known.fault_type), visit)


def _unauthorized(world: World, visit: Visit) -> Response:
    return answers.unauthorized(visit.token, world.switches["unauthorized_body"], visit.came)


_SPOILS: dict[str, Callable[[World, Visit], Response]] = {
    "throttle": lambda world, visit: _throttle(world, visit.came),
    "unauthorized": _unauthorized,
    "forbidden": lambda world, visit: answers.forbidden(world.switches["unauthorized_body"], visit.came),
    "html_502": lambda _world, _visit: answers.bad_gateway(),
    "lost_before": lambda _world, _visit: Response("", 503, headers={SEVER: "lost"}),
}
_GATEWAY = {
    "wrong_cluster": (401, "130", "message=AccessingWrongCluster; errorCode=000130; statusCode=401"),
    "no_access": (401, "120", "message=AuthorizationFailure; errorCode=000120; statusCode=401"),
}
"""What the gateway says by status, code and message. The texts around the numbers are not recorded."""
_BEFORE = frozenset({*_SPOILS, *_GATEWAY, "server_error", "fault"})


def _struck_after(visit: Visit, order: Body | None, done: Response) -> Response:
    """The answer of a fault that lets the work be done and spoils the answer."""
    effect = order["effect"] if order else ""
    if effect in {"lost_after", "half_answer"}:
        done.headers[SEVER] = "lost" if effect == "lost_after" else "half"
    elif effect == "server_error_after":
        return _as_response(RECORDED["10000"], visit)
    elif effect == "garbage":
        return Response("<html>Your session", 200, content_type="text/html")
    elif effect == "stream_timeout":
        return Response("stream timeout", 504, content_type="text/plain")
    return done


def serve(world: World, visit: Visit) -> Response:
    """One call from its arrival to its answer."""
    started = time.perf_counter()
    with world.lock:
        order = world.mischief.strike(visit.call)
    if order and order["effect"] == "slow":
        time.sleep(float(order.get("seconds", 5)))
    with world.traffic.writing(visit.realm) if visit.writes else nullcontext():
        response = _answer(world, visit, order)
        _take_time(world, visit, started)
    milliseconds = round((time.perf_counter() - started) * 1000)
    with world.lock:
        world.traffic.note(_entry(visit, response, milliseconds, order))
        world.store.commit()
    return answers.dressed(response, visit.tid)


def _take_time(world: World, visit: Visit, started: float) -> None:
    """The work is done; its answer leaves no sooner than the switches say."""
    records = _operations(visit) if visit.writes else 0
    seconds = world.switches.number("request_seconds") + records * world.switches.number("document_seconds")
    left = started + seconds - time.perf_counter()
    # Even a sleep of nothing gives the processor away, which costs milliseconds on a busy machine.
    if seconds and left > 0:
        time.sleep(left)


def _answer(world: World, visit: Visit, order: Body | None) -> Response:
    with world.turn():
        if order and order["effect"] in _BEFORE:
            response = _struck_before(world, visit, order)
        else:
            response = _stopped(world, visit) or _worked(world, visit, order)
        _count(world, visit, response)
    return response


def _worked(world: World, visit: Visit, order: Body | None) -> Response:
    member = order if order and order["effect"] in MEMBER_EFFECTS else None
    status, content_type, text = carry_out(world, replace(visit, order=member))
    return _struck_after(visit, order, Response(text, status, content_type=content_type))


def _count(world: World, visit: Visit, response: Response) -> None:
    """Throttled calls count apart; a batch is one request, and its items are operations."""
    if visit.realm not in world.companies:
        return
    if response.status_code == 429:
        world.traffic.count(visit.realm, throttled=1)
        return
    world.traffic.count(
        visit.realm, requests=1, reads=int(not visit.writes), writes=int(visit.writes),
        batches=int(visit.word == "batch"), operations=_operations(visit), refused=int(response.status_code >= 400),
    )  # fmt: skip


def _operations(visit: Visit) -> int:
    return visit.raw.count(b'"bId"') if visit.word == "batch" else 1


def _entry(visit: Visit, response: Response, milliseconds: int, order: Body | None) -> Body:
    """A line of the log; the token stays out of it."""
    sent = visit.raw[:_EXCERPT].decode("utf-8", "replace") or visit.arguments.get("query", "")
    return {
        "at": visit.came.astimezone(UTC).isoformat(timespec="milliseconds"), "environment": visit.environment,
        "realm": visit.realm, "method": visit.method, "path": visit.address, "operation": visit.operation,
        "status": response.status_code, "tid": visit.tid, "milliseconds": milliseconds, "sent": sent[:_EXCERPT],
        "answered": response.get_data()[:_EXCERPT].decode("utf-8", "replace"),
        "request_id": visit.request_id[:100], "ordered": order["effect"] if order else "",
    }  # fmt: skip
