"""The crash points: for each scene the steps in which a process goes through it, in their order, by name.

A step is a commit, named by what it changes (see `marks`), or a call on the wire. A process is killed before and
after each; during each write, too, while the other side is at work on it. `test_crashes` holds this table against what
the engine does: a commit that is not listed fails there, and one that is listed and does not happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from tests.crashes import stories_of_people
from tests.crashes.fate import AFTER, BEFORE, DURING, Point

STORIES: dict[str, str] = {
    **stories_of_people.STORIES,
    "a draft is opened": (
        "document opened, lease taken, envelope stored, write admitted, POST invoice, success noted, "
        "envelope answered, lease given back"
    ),
    "a new client and its invoice": (
        "lease taken, message posted, message waits, envelope stored, write admitted, POST customer, "
        "success noted, envelope answered, envelope stored, write admitted, POST invoice, envelope answered, "
        "lease given back"
    ),
    "a batch with client and item": (
        "lease taken, message posted, message waits, envelope stored, write admitted, POST batch, success noted, "
        "envelope answered, envelope stored, write admitted, POST batch, envelope answered, lease given back"
    ),
    "an amended invoice": (
        "lease taken, envelope stored, write admitted, POST invoice, success noted, envelope answered, lease given back"
    ),
    "a voided invoice": (
        "lease taken, envelope stored, write admitted, POST invoice void, success noted, envelope answered, "
        "lease given back"
    ),
    "a deleted credit note": (
        "lease taken, envelope stored, write admitted, POST creditmemo delete, success noted, envelope answered, "
        "lease given back"
    ),
    "a batch of changes": (
        "lease taken, envelope stored, write admitted, POST invoice void, success noted, envelope answered, "
        "envelope stored, write admitted, POST batch, envelope answered, lease given back"
    ),
    "client and item known by name": (
        "lease taken, message posted, message waits, link made, message done, message waits, envelope stored, "
        "write admitted, POST invoice, success noted, envelope answered, lease given back"
    ),
    "a taken name": (
        "lease taken, message posted, message waits, envelope stored, write admitted, POST customer, "
        "call counted, read admitted, GET query customer, read landed, success noted, envelope answered, "
        "envelope stored, write admitted, POST invoice, envelope answered, lease given back"
    ),
    "an invoice that is there": (
        "lease taken, envelope stored, write admitted, POST invoice, call counted, read admitted, "
        "GET query invoice, read landed, success noted, envelope answered, envelope stored, write admitted, "
        "POST invoice, envelope answered, lease given back"
    ),
    "a refused member": (
        "lease taken, envelope stored, write admitted, POST batch, success noted, read admitted, "
        "GET query invoice, read landed, envelope answered, lease given back"
    ),
    "a failure that heals": (
        "lease taken, envelope stored, write admitted, POST invoice, call counted, envelope answered, "
        "lease given back, lease taken, envelope stored, write admitted, POST invoice, success noted, "
        "envelope answered, lease given back"
    ),
    "a stale token": (
        "lease taken, envelope stored, write admitted, POST invoice, call counted, read admitted, GET invoice, "
        "read landed, success noted, envelope answered, envelope stored, write admitted, POST invoice, "
        "envelope answered, lease given back"
    ),
    "an answer lost": (
        "lease taken, envelope stored, write admitted, POST invoice, call counted, envelope postponed, "
        "lease given back, lease taken, envelope marked sent, write admitted, POST invoice, call counted, "
        "success noted, envelope answered, lease given back"
    ),
    "a batch whose answer is lost": (
        "lease taken, envelope stored, write admitted, POST batch, call counted, envelope postponed, "
        "lease given back, lease taken, envelope marked sent, write admitted, POST batch, call counted, "
        "success noted, envelope answered, lease given back"
    ),
    "a batch that never arrived": (
        "lease taken, envelope stored, write admitted, POST batch, call counted, envelope postponed, "
        "lease given back, lease taken, envelope marked sent, write admitted, POST batch, call counted, "
        "success noted, envelope answered, lease given back"
    ),
    "a throttled call": (
        "lease taken, envelope stored, write admitted, POST invoice, call counted, pause set, lease given back, "
        "lease taken, lease given back, lease taken, lease given back, lease taken, envelope marked sent, "
        "write admitted, POST invoice, success noted, envelope answered, lease given back"
    ),
    "looked up after thirteen hours": (
        "lease taken, envelope marked sent, GET openid_configuration, refresh claimed, POST bearer, "
        "tokens stored, read admitted, GET query invoice, read landed, success noted, envelope looked up, "
        "lease given back"
    ),
    "looked up in vain": (
        "lease taken, envelope marked sent, GET openid_configuration, refresh claimed, POST bearer, "
        "tokens stored, read admitted, GET query invoice, read landed, success noted, read admitted, "
        "GET query invoice, read landed, envelope looked up, envelope stored, write admitted, POST invoice, "
        "envelope answered, lease given back"
    ),
    "amended in flight": (
        "lease taken, envelope marked sent, write admitted, POST invoice, call counted, success noted, "
        "envelope answered, envelope stored, write admitted, POST invoice, envelope answered, lease given back"
    ),
    "held for a mapping": "lease taken, message parked, mail written, lease given back",
    "released by a mapping": (
        "service mapped by a person, lease taken, envelope stored, write admitted, POST invoice, success noted, "
        "envelope answered, lease given back"
    ),
    "skipped by policy": "lease taken, message skipped, lease given back",
    "a token renewed": (
        "lease taken, envelope stored, GET openid_configuration, refresh claimed, POST bearer, tokens stored, "
        "envelope marked sent, write admitted, POST invoice, success noted, envelope answered, lease given back"
    ),
    "a token that died early": (
        "lease taken, envelope stored, write admitted, POST invoice, call counted, GET openid_configuration, "
        "refresh claimed, POST bearer, tokens stored, envelope marked sent, write admitted, POST invoice, "
        "success noted, envelope answered, lease given back"
    ),
    "a permission taken back": (
        "lease taken, envelope stored, write admitted, POST invoice, call counted, GET openid_configuration, "
        "refresh claimed, POST bearer, permission lost, mail written, pause set, lease given back"
    ),
    "the same company again": (
        "GET openid_configuration, POST bearer, tokens stored, company accepted, read admitted, GET companyinfo, "
        "read landed, success noted, read admitted, GET preferences, read landed, company looked at, "
        "lease taken, envelope marked sent, write admitted, POST invoice, envelope answered, lease given back"
    ),
    "a company connected": (
        "GET openid_configuration, POST bearer, tokens stored, read admitted, GET companyinfo, read landed, "
        "success noted, read admitted, GET preferences, read landed, company looked at, company accepted, "
        "read admitted, GET query customer, read landed, list read, read admitted, GET query item, read landed, "
        "list read, read admitted, GET query account, read landed, list read, read admitted, GET query taxrate, "
        "read landed, read admitted, GET query taxcode, read landed, list read, read admitted, GET query term, "
        "read landed, list read, lease taken, lease given back"
    ),
    "a company disconnected": "GET openid_configuration, POST revoke, tokens forgotten",
    "a payment told by a webhook": (
        "delivery kept, lease taken, lease given back, delivery opened, events kept, lease taken, "
        "lease given back, event claimed, read admitted, GET query payment, read landed, success noted, "
        "event settled, payment made, read admitted, GET query invoice, read landed, event settled, event settled"
    ),
    "a payment taken back": (
        "delivery kept, lease taken, lease given back, delivery opened, events kept, lease taken, "
        "lease given back, event claimed, read admitted, GET query payment, read landed, success noted, "
        "event settled, payment changed, read admitted, GET query invoice, read landed, event settled"
    ),
    "records touched by a bookkeeper": (
        "delivery kept, lease taken, lease given back, delivery opened, events kept, lease taken, "
        "lease given back, event claimed, read admitted, GET query invoice, read landed, success noted, "
        "event settled, event settled, read admitted, GET query customer, read landed, event settled"
    ),
    "a comparison asked for": (
        "lease taken, lease given back, comparison claimed, read admitted, GET query invoice, read landed, success "
        "noted, progress told, read admitted, GET query creditmemo, read landed, progress told, read admitted, GET "
        "query payment, read landed, progress told, progress told, read admitted, GET query customer, read landed, "
        "list read, progress told, payment made, pictures kept, comparison done"
    ),
    "a comparison that has to wait": (
        "lease taken, lease given back, comparison claimed, read admitted, GET query invoice, read landed, success "
        "noted, progress told, read admitted, GET query creditmemo, read landed, progress told, lease taken, lease "
        "given back, lease taken, lease given back, lease taken, lease given back, comparison claimed, read admitted, "
        "GET query invoice, read landed, success noted, progress told, read admitted, GET query creditmemo, read "
        "landed, progress told, read admitted, GET query payment, read landed, progress told, progress told, read "
        "admitted, GET query customer, read landed, list read, progress told, payment made, pictures kept, comparison "
        "done"
    ),
    "a comparison that finds lost links": (
        "lease taken, lease given back, comparison claimed, read admitted, GET query invoice, read landed, success "
        "noted, progress told, read admitted, GET query creditmemo, read landed, read admitted, GET query payment, "
        "read landed, progress told, progress told, read admitted, GET query customer, read landed, list read, "
        "progress told, link made, pictures kept, comparison done"
    ),
    "catching up after an outage": (
        "outage noticed, catching up claimed, read admitted, GET cdc, read landed, success noted, events kept, cursor "
        "moved, lease taken, lease given back, event claimed, read admitted, GET query payment, read landed, event "
        "settled, payment made, read admitted, GET query invoice, read landed, event settled, event settled, event "
        "settled"
    ),
    "catching up with what is too old to be asked for": (
        "outage noticed, catching up claimed, read admitted, GET query customer, read landed, success noted, list "
        "read, read admitted, GET query item, read landed, list read, read admitted, GET query account, read landed, "
        "list read, read admitted, GET query taxrate, read landed, read admitted, GET query taxcode, read landed, "
        "list read, read admitted, GET query term, read landed, list read, comparison asked for, lease taken, lease "
        "given back, comparison claimed, read admitted, GET query invoice, read landed, progress told, read admitted, "
        "GET query creditmemo, read landed, progress told, read admitted, GET query payment, read landed, progress "
        "told, progress told, read admitted, GET query customer, read landed, list read, progress told, payment made, "
        "pictures kept, comparison done, cursor moved, lease taken, lease given back"
    ),
    "the comparison of the night": (
        "comparison asked for, lease taken, lease given back, comparison claimed, GET openid_configuration, refresh "
        "claimed, POST bearer, tokens stored, read admitted, GET query invoice, read landed, success noted, progress "
        "told, read admitted, GET query creditmemo, read landed, progress told, read admitted, GET query payment, "
        "read landed, progress told, progress told, read admitted, GET query customer, read landed, list read, "
        "progress told, payment made, pictures kept, comparison done"
    ),
}

NOT_BY_THE_REAL_CLOCK = ("a throttled call", "looked up after thirteen hours", "looked up in vain")
"""Scenes that wait a minute or half a day, which no test does."""

LONG = ("a list of several pages taken over",)
"""Scenes whose scenery takes many seconds to build: played by the proof alone."""

AT_THE_DOOR = (
    "a draft is opened",
    "released by a mapping",
    "the same company again",
    "a company connected",
    "a company disconnected",
    "a told payment taken back",
    "a list of several pages taken over",
    "mails sent",
)
"""Scenes that begin with a person's click, or do something else that no lease guards: it may be done a second time."""


class Crash(NamedTuple):
    """One crash: its scene and its point."""

    scene: str
    point: Point

    def __str__(self) -> str:
        return f"{self.scene}: {self.point}"


def crashes() -> list[Crash]:
    """Every crash of the table."""
    return [Crash(scene, point) for scene in STORIES for point in points(scene)]


def points(scene: str) -> Iterator[Point]:
    """Every point of a scene."""
    times: Counter[str] = Counter()
    for step in steps(scene):
        times[step] += 1
        yield Point(BEFORE, step, times[step])
        if is_write(step) and scene not in NOT_BY_THE_REAL_CLOCK:
            yield Point(DURING, step, times[step])
        yield Point(AFTER, step, times[step])


def steps(scene: str) -> list[str]:
    """The steps of a scene in their order."""
    return STORIES[scene].split(", ")


def is_write(step: str) -> bool:
    """Whether a step is a write to QuickBooks on the wire."""
    return step.startswith("POST ") and step.split()[1] not in {"bearer", "revoke", "query"}


def is_call(step: str) -> bool:
    """Whether a step is a call on the wire, and no commit."""
    return step.startswith(("GET ", "POST "))
