"""Is the sync running? One state in words, from a few signs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """How it stands; the values are for filters and tests, the words for people are in `Running`."""

    RUNNING = "running"
    NOT_CONNECTED = "not_connected"
    RECONNECT = "reconnect"
    PAUSED = "paused"
    NO_WORKER = "no_worker"
    SILENT = "silent"
    SLOWED = "slowed"
    TRIAL = "trial"
    HELD = "held"


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What is known; nothing of a company that is not connected."""

    worker_alive: bool
    waiting: int
    """In line, or on the line; without those that wait behind something held."""
    held: int = 0
    """What waits for a person, and what waits behind it."""
    connected: bool = False
    must_reconnect: bool = False
    paused_by: str = ""
    paused_reason: str = ""
    trial_by: str = ""
    trial_of: str = ""
    """The document that a trial sends next."""
    slowed_until: datetime | None = None
    slowed_why: str = ""
    silent_until: datetime | None = None


@dataclass(frozen=True)
class Running:
    """The state in words; `until` is when it is expected to end by itself, in UTC."""

    state: State
    tone: str
    words: str
    sentence: str
    until: datetime | None = None
    fix: str = ""
    """A name of the catalogue of fixes."""


def running(signs: Signs, now: datetime) -> Running:
    """What stands in the way comes first, whoever can remove it; what heals by itself comes last."""
    if not signs.connected:
        said = "No QuickBooks company is connected. Nothing is sent, and nothing is lost."
        return Running(State.NOT_CONNECTED, "calm", "Not connected", said, fix="connect")
    if signs.must_reconnect:
        said = "QuickBooks no longer accepts our permission. What waits is sent once somebody reconnects."
        return Running(State.RECONNECT, "bad", "Waiting to be reconnected", said, fix="connect")
    if signs.paused_by:
        return Running(State.PAUSED, "warn", f"Paused by {signs.paused_by}", signs.paused_reason)
    return _by_itself(signs, now)


def _by_itself(signs: Signs, now: datetime) -> Running:
    if not signs.worker_alive:
        said = "The worker is the process that talks to QuickBooks. Start one with: flask worker"
        return Running(State.NO_WORKER, "bad", "No worker is running", said)
    if signs.silent_until is not None:
        return _silent(signs.silent_until, now)
    if signs.slowed_until is not None:
        said = f"No action is needed. {_sentence(signs.slowed_why)}".strip()
        return Running(State.SLOWED, "warn", "Slowed by QuickBooks", said, until=signs.slowed_until)
    if signs.trial_by:
        next_one = (
            f"Next is {signs.trial_of}." if signs.trial_of else "Nothing is in line; it is the next opened or released."
        )
        return Running(State.TRIAL, "busy", "Sending one, then pausing", f"{signs.trial_by} asked for it. {next_one}")
    return _flowing(signs)


def _flowing(signs: Signs) -> Running:
    """Nothing stands in the way of all; but where all that is left waits for a person, nothing runs."""
    if signs.waiting:
        return Running(State.RUNNING, "good", "Running", "What waits is sent, up to thirty documents at a time.")
    if signs.held:
        waits = "1 operation is" if signs.held == 1 else f"{signs.held:,} operations are"
        said = f"{waits} held until somebody decides; everything else has been sent."
        return Running(State.HELD, "warn", "Waiting for somebody", said, fix="sync_log")
    return Running(State.RUNNING, "good", "Running", "Everything that may be sent has been sent.")


def _silent(until: datetime, now: datetime) -> Running:
    said = "Its last answers were lost or were errors of its own. It is tried again by itself at growing intervals."
    return Running(State.SILENT, "warn", "QuickBooks does not answer", said, until=until if until > now else None)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}." if words else ""
