"""What a commit means, read from the statements it makes last: its name says which rows changed and how.

Boundaries are named so, and not by counting commits, that a step keeps its name when the engine's commits are merged
or parted: one commit may carry several names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

GIVEN, NOTHING, ANY = object(), object(), object()
"""A column that gets a value, is emptied, or either."""

_STATEMENT = re.compile(
    r"^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)\"?(?:\s+SET\s+(.*?)(?:\sWHERE\s|$))?", re.DOTALL
)
_COLUMN = re.compile(r"(?:^|,\s*)\"?(\w+)\"?\s*=")
_VERBS = {"INSERT INTO": "made", "UPDATE": "changed", "DELETE FROM": "deleted"}


class Change(NamedTuple):
    """One statement: table, verb, and the columns it sets with their values where those are told by name."""

    table: str
    verb: str
    values: Mapping[str, Any]


class Mark(NamedTuple):
    """A name for changes: of this table, by this verb, and (unless empty) of this column to this value."""

    name: str
    table: str
    verb: str
    column: str = ""
    value: Any = ANY

    def fits(self, change: Change) -> bool:
        """Whether a change is of this kind."""
        if (change.table, change.verb) != (self.table, self.verb):
            return False
        return not self.column or (self.column in change.values and self._means(change.values[self.column]))

    def _means(self, value: Any) -> bool:
        if self.value is ANY:
            return True
        if self.value in {GIVEN, NOTHING}:
            return (value is None) is (self.value is NOTHING)
        return bool(value == self.value)


LOUD = (
    Mark("lease taken", "governor", "changed", "owner", GIVEN),
    Mark("lease given back", "governor", "changed", "owner", NOTHING),
    Mark("envelope stored", "envelope", "made"),
    Mark("envelope marked sent", "envelope", "changed", "sends"),
    Mark("envelope postponed", "envelope", "changed", "unknown_outcomes"),
    Mark("envelope answered", "envelope", "changed", "state", "answered"),
    Mark("envelope looked up", "envelope", "changed", "state", "looked_up"),
    Mark("write admitted", "governor", "changed", "call_over_at", GIVEN),
    Mark("read admitted", "governor", "changed", "reader", GIVEN),
    Mark("read landed", "governor", "changed", "reader", NOTHING),
    Mark("success noted", "connection", "changed", "last_success_at"),
    Mark("refresh claimed", "connection", "changed", "refresh_owner", GIVEN),
    Mark("tokens stored", "connection", "changed", "access_token", GIVEN),
    Mark("tokens forgotten", "connection", "changed", "access_token", NOTHING),
    Mark("permission lost", "connection", "changed", "state", "reconnect"),
    Mark("company looked at", "connection", "changed", "company_seen_at"),
    Mark("company accepted", "connection", "changed", "state", "active"),
    Mark("delivery kept", "delivery", "made"),
    Mark("delivery opened", "delivery", "changed", "processed_at"),
    Mark("events kept", "event", "made"),
    Mark("event settled", "event", "changed", "processed_at"),
    Mark("payment made", "payment", "made"),
    Mark("payment changed", "payment", "changed"),
    Mark("comparison asked for", "reconciliation_run", "made"),
    Mark("comparison claimed", "reconciliation_run", "changed", "started_at"),
    Mark("comparison done", "reconciliation_run", "changed", "ended_at"),
    Mark("outage noticed", "sync_cursor", "changed", "gap", "outage"),
    Mark("catching up claimed", "sync_cursor", "changed", "started_at"),
    Mark("cursor moved", "sync_cursor", "changed", "since"),
    Mark("trial carried on", "policy", "changed", "trial_message_id", GIVEN),
    Mark("lane paused", "policy", "changed", "paused_at", GIVEN),
    Mark("client taken over", "client", "made"),
    Mark("mail claimed", "mail", "changed", "tries"),
    Mark("mail sent", "mail", "changed", "state", "sent"),
    Mark("document opened", "document", "changed", "opened_at"),
    Mark("service mapped by a person", "mapping", "made", "chosen_by", "Olivia"),
)
"""What gives a commit its name. Several may be true of one."""

QUIET = (
    Mark("link made", "link", "made"),
    Mark("link changed", "link", "changed"),
    Mark("message posted", "message", "made"),
    Mark("message done", "message", "changed", "state", "done"),
    Mark("message skipped", "message", "changed", "state", "skipped"),
    Mark("message parked", "message", "changed", "state", "parked"),
    Mark("message cancelled", "message", "changed", "state", "cancelled"),
    Mark("message waits", "message", "changed", "state", "waiting"),
    Mark("progress told", "reconciliation_run", "changed", "progress"),
    Mark("changes looked at", "sync_cursor", "changed", "held_until", GIVEN),
    Mark("event claimed", "event", "changed", "due_at"),
    Mark("list read", "catalogue", "made"),
    Mark("list read", "catalogue", "changed"),
    Mark("pictures kept", "document_picture", "made"),
    Mark("pictures kept", "document_picture", "deleted"),
    Mark("mail written", "mail", "made"),
    Mark("call counted", "governor", "changed", "version"),
    Mark("pause set", "envelope", "changed", "due_at"),
)
"""Names for commits in which nothing louder happens."""

SILENT = (Mark("fence checked", "governor", "changed", "call_over_at", NOTHING),)
"""What every commit under a lease does beside, and some do alone."""


_WAITED = ("governor", {"lease_until"})
"""Who waits for the limits, or is long at work, keeps its lease: it happens or not, as fast as the machine is."""


def read(statement: str, values: Mapping[str, Any]) -> Change | None:
    """The change that a statement makes; None for one that only asks."""
    found = _STATEMENT.match(statement)
    if found is None:
        return None
    verb, table, assigned = _VERBS[found[1]], found[2], found[3]
    columns = _COLUMN.findall(assigned) if assigned else list(values)
    if (table, set(columns)) == _WAITED:
        return None
    return Change(table, verb, {column: values.get(column, GIVEN) for column in columns})


def names(changes: Iterable[Change]) -> list[str]:
    """The names of a commit with these changes, in the order of the lists above; empty when it has none."""
    changes = list(changes)
    return next((found for marks in (LOUD, QUIET, SILENT) if (found := _fitting(marks, changes))), [])


def _fitting(marks: Iterable[Mark], changes: list[Change]) -> list[str]:
    return list(dict.fromkeys(mark.name for mark in marks if any(mark.fits(change) for change in changes)))
