"""What a person can order and watch: calls, webhooks, faults, switches, clock, snapshots."""

from collections.abc import Callable

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.simulator.bookkeeping.recorded import RECORDED
from app.simulator.bookkeeping.switches import SWITCHES, SwitchValue
from app.simulator.console.door import PAGE_ROWS, back_to, console, page_number
from app.simulator.doors import row_number, world
from app.simulator.mischief import EFFECTS
from app.simulator.oauth.keys import BY_ENVIRONMENT
from app.simulator.webhooks.sender import deliver

_KINDS = ("", "invoice", "creditmemo", "payment", "customer", "item", "batch", "query", "cdc", "token")


@console.get("/requests")
def calls() -> str:
    """The log of calls, newest first."""
    number = page_number()
    with world().lock:
        found = world().traffic.calls(PAGE_ROWS, (number - 1) * PAGE_ROWS)
        counters = {realm: world().traffic.counters(realm) for realm in world().companies}
    return render_template("calls.html", calls=found, number=number, counters=counters, more=len(found) == PAGE_ROWS)


@console.get("/webhooks")
def webhooks() -> str:
    """Endpoints and deliveries."""
    outgoing = world().outgoing
    with world().lock:
        endpoints = {environment: outgoing.endpoint(environment) for environment in BY_ENVIRONMENT}
        redirects = {environment: world().redirects.registered(environment) for environment in BY_ENVIRONMENT}
        found = outgoing.deliveries(PAGE_ROWS)
    shown = {"endpoints": endpoints, "redirects": redirects, "mode": outgoing.mode}
    return render_template("webhooks.html", deliveries=found, **shown)


@console.post("/webhooks/<environment>")
def set_endpoint(environment: str) -> AnyResponse:
    """Change what the app registered in an environment: webhook endpoint, verifier, redirect addresses."""
    if environment not in BY_ENVIRONMENT:
        abort(404)
    form = request.form
    with world().turn():
        world().redirects.register(environment, form.get("redirects", "").split())
        world().outgoing.set_endpoint(environment, url=form.get("url", "").strip(), verifier=form.get("verifier", ""))
    return back_to(url_for("console.webhooks"), "Saved.")


@console.post("/webhooks/deliveries/<any(flush, repeat, sending, paused, withheld):act>")
def steer_webhooks(act: str) -> AnyResponse:
    """Send now, repeat one, or change the mode."""
    if act == "flush":
        return back_to(url_for("console.webhooks"), f"{deliver(world(), at_once=True)} delivered.")
    with world().turn():
        if act == "repeat":
            world().outgoing.repeat(row_number(request.form.get("id", "0")))
        else:
            world().outgoing.set_mode(act)
    return back_to(url_for("console.webhooks"), "Done.")


@console.get("/faults")
def faults() -> str:
    """Faults and switches."""
    with world().lock:
        orders, values = world().mischief.orders(), world().switches.values()
    return render_template(
        "faults.html", orders=orders, effects=EFFECTS, codes=RECORDED, switches=SWITCHES, values=values, kinds=_KINDS,
        limits=world().traffic.limits, now=world().clock.now().isoformat(), offset=world().clock.offset_seconds,
    )  # fmt: skip


@console.post("/faults")
def order_fault() -> AnyResponse:
    """Order a fault."""
    form = request.form
    wish: dict[str, object] = {"effect": form.get("effect", ""), "count": int(form.get("count", "1") or 1)}
    wish |= {name: form[name] for name in ("kind", "operation", "code", "detail") if form.get(name)}
    wish |= {name: float(form[name]) for name in ("seconds", "member") if form.get(name)}
    with world().turn():
        world().mischief.order(wish)
    return back_to(url_for("console.faults"), "Ordered.")


@console.post("/faults/clear")
def clear_faults() -> AnyResponse:
    """Drop all orders."""
    with world().turn():
        world().mischief.clear()
    return back_to(url_for("console.faults"), "All faults are gone.")


@console.post("/switches/<name>")
def turn_switch(name: str) -> AnyResponse:
    """Turn one switch."""
    with world().turn():
        world().switches.turn(name, _answer(name, request.form.get("value", "")))
    return back_to(url_for("console.faults"), f"{name} turned.")


def _answer(name: str, text: str) -> SwitchValue:
    """A form's word as a value of the switch's own type."""
    switch = next((one for one in SWITCHES if one.name == name), None)
    if switch is None:
        raise ValueError(f"no switch {name[:40]}")
    known = {str(value): value for value in (switch.default, *switch.others)}
    return known[text] if text in known else float(text)


@console.post("/limits")
def turn_limits() -> AnyResponse:
    """Intuit's rate limits on or off."""
    world().traffic.limits = request.form.get("on") == "yes"
    return back_to(url_for("console.faults"), "Limits are on." if world().traffic.limits else "Limits are off.")


@console.post("/clock")
def move_clock() -> AnyResponse:
    """Move simulated now by hours; 0 returns to the machine's time."""
    hours = float(request.form.get("hours", "0") or 0)
    with world().turn():
        world().clock.shift(world().clock.offset_seconds + hours * 3600 if hours else 0.0)
        world().keep_clock()
    return back_to(url_for("console.faults"), "The clock was moved.")


@console.post("/state/<any(reset, snapshot, restore):act>")
def keep_state(act: str) -> AnyResponse:
    """First day again, keep the state, or return to the kept one."""
    acts: dict[str, Callable[[], None]] = {
        "reset": world().reset,
        "snapshot": lambda: world().snapshot("console"),
        "restore": lambda: world().restore("console"),
    }
    try:
        acts[act]()
    except FileNotFoundError:
        return back_to(url_for("console.faults"), "Nothing was kept yet.")
    return back_to(url_for("console.faults"), f"{act.capitalize()} done.")
