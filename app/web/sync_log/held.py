"""What is held, as it is shown by cause: who waits in words, what heals it, what that releases."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for

from app.accounts.permissions import Action
from app.foundation.errors import NotFoundError
from app.sync.judging.kinds import KINDS
from app.sync.steering import causes, mending
from app.sync.steering.causes import Cause
from app.sync.steering.mending import Mender
from app.web.quickbooks.fixes import Fix, fix_link
from app.web.session import may_here

MOST = 8
ON_DASHBOARD = 4


@dataclass(frozen=True)
class Shown:
    """One cause with its control; `wrong` is why the last choice was refused."""

    cause: Cause
    mender: Mender | None
    fix: Fix | None
    wrong: str = ""

    @property
    def waits(self) -> str:
        """All that wait: "14 invoices of 9 clients wait"."""
        return who_waits(self.cause)

    @property
    def effect(self) -> str:
        """What mending does, for its button: "release 14"."""
        return f"release {self.cause.waiting:,}"


@dataclass(frozen=True)
class Held:
    """The causes that are shown, how many more there are, and how many operations wait in all."""

    rows: list[Shown]
    more: int
    waiting: int
    said: str = ""
    """What was just done."""


def held(most: int = MOST, *, wrong: tuple[str, str] = ("", ""), said: str = "") -> Held:
    """The largest causes; `wrong` is (key, why its choice was refused)."""
    found, may_map = causes.causes(), may_here(Action.MAP)
    rows = [
        Shown(cause, mending.mender(cause) if may_map else None, _fix(cause), wrong[1] if cause.key == wrong[0] else "")
        for cause in found[:most]
    ]
    return Held(rows, len(found) - len(rows), sum(cause.waiting for cause in found), said)


def _fix(cause: Cause) -> Fix | None:
    """Of those that are each at fault itself there is no one page, unless it is one."""
    if cause.is_own and cause.number > 1:
        return None
    return fix_link(cause.blocker, entity_id=cause.entity_id)


def back() -> str:
    """The page on which something was done; of the log the same filters. Never an address from outside."""
    if request.form.get("page") == "home":
        return url_for("home.index")
    query = request.form.get("back", "")
    return url_for("sync_log.index") + (f"?{query}" if query else "")


def the_cause(key: str) -> Cause:
    """The cause with this key. Raises NotFoundError for one that is gone, or not ours."""
    found = causes.cause_of(key)
    if found is None:
        raise NotFoundError("Nothing waits for this any more: somebody has mended it meanwhile.")
    return found


def fragment(found: Held) -> str:
    """The part of the dashboard that shows them."""
    return render_template("sync_log/_causes.html", held=found, swaps=True, can_retry=may_here(Action.RETRY))


def who_waits(cause: Cause) -> str:
    """All that wait for a cause, as "14 invoices of 9 clients wait" (pure)."""
    documents = " and ".join(_some(number, KINDS[kind].word.lower()) for kind, number in cause.documents.items())
    if not documents:
        return f"{_some(cause.waiting, 'operation')} {_waits(cause.waiting)}"
    of_clients = f" of {_some(cause.clients, 'client')}" if cause.clients else ""
    return f"{documents}{of_clients} {_waits(sum(cause.documents.values()))}"


def _some(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _waits(number: int) -> str:
    return "waits" if number == 1 else "wait"
