"""What the dashboard says first: one sentence, and what needs somebody. Pure; facts in, sentences out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.quickbooks.lifetimes import Ending
from app.sync.causes import Cause
from app.sync.running import Running, State


@dataclass(frozen=True)
class Facts:
    """What is known of all billing entities together."""

    running: Sequence[tuple[str, Running]]
    """(the entity's name, how its sync stands)."""
    waiting: int
    minutes_left: int | None
    causes: Sequence[Cause]
    drifts: int
    unsent: Sequence[tuple[int, str, int]]
    """(entity id, its name, how many open documents were not sent) where a person must be asked."""
    compared: bool
    """Whether both sides were ever compared to the end."""
    endings: Sequence[tuple[str, Ending]] = ()
    """(the entity's name, the end of its permission) where that is near."""

    @property
    def held(self) -> int:
        """How many documents, clients and services wait for somebody, directly or behind another."""
        return sum(cause.waiting for cause in self.causes)


@dataclass(frozen=True)
class News:
    """The first sentence: its tone, its word, and itself."""

    tone: str
    word: str
    sentence: str


@dataclass(frozen=True)
class Problem:
    """Something that needs somebody: how many, a sentence, and where it is mended (a fix or a page)."""

    tone: str
    title: str
    text: str = ""
    fix: str = ""
    page: str = ""
    """An endpoint, where no fix names the place."""


_FLOWS = (State.RUNNING, State.TRIAL, State.HELD)
_HEALS = (State.SLOWED, State.SILENT)


def first_news(facts: Facts) -> News:
    """Is money flowing? What stands still comes before what is held, and that before what only takes its time."""
    for name, now in facts.running:
        if now.state not in {*_FLOWS, *_HEALS}:
            beside = f" ({name})" if len(facts.running) > 1 else ""
            return News(now.tone, f"{now.words}{beside}", now.sentence)
    if facts.held or facts.drifts:
        return News("warn", "Something needs you", _needs(facts))
    slow = next((now for _name, now in facts.running if now.state in {*_HEALS, State.TRIAL}), None)
    return News(slow.tone, slow.words, slow.sentence) if slow else _on_the_way(facts)


def _on_the_way(facts: Facts) -> News:
    if not facts.waiting:
        return _at_rest(facts)
    about = f", about {facts.minutes_left} min at the present rate" if facts.minutes_left else ""
    return News("busy", "Sending", f"{_things(facts.waiting, 'operation')} on the way to QuickBooks{about}.")


def _at_rest(facts: Facts) -> News:
    """Nothing is on the way. All is well only where nobody has to be asked and a comparison has said so."""
    if facts.compared and not facts.unsent:
        return News("good", "All is well", "Everything that may be sent is in QuickBooks, and no difference is known.")
    unknown = "No difference is known." if facts.compared else "Nothing was compared yet."
    if facts.unsent:
        return News("wait", "Something to decide", f"{_unsent(facts)}. {unknown}")
    return News("calm", "Not compared yet", f"Everything that may be sent is in QuickBooks. {unknown}")


def _unsent(facts: Facts) -> str:
    number = sum(count for _id, _name, count in facts.unsent)
    return f"{_things(number, 'open document')} {'was' if number == 1 else 'were'} not sent"


def problems(facts: Facts) -> list[Problem]:
    """What needs somebody beside the causes of what is held; each vanishes by itself once it is mended."""
    return [*_standstills(facts), *_ends(facts), *_questions(facts)]


def _standstills(facts: Facts) -> Iterator[Problem]:
    for name, now in facts.running:
        if now.state in {State.RECONNECT, State.NO_WORKER, State.PAUSED}:
            yield Problem(now.tone, now.words, f"{name}: {now.sentence}", fix=now.fix or "sync_state")


def _ends(facts: Facts) -> Iterator[Problem]:
    for name, near in facts.endings:
        yield Problem("warn", "The permission ends soon", f"{name}: {near.words}", fix="connect")


def _questions(facts: Facts) -> Iterator[Problem]:
    if facts.drifts:
        title = f"{_things(facts.drifts, 'difference')} between both sides"
        yield Problem("warn", title, "Both values and the likely cause are listed.", page="reconciliation.index")
    for _id, name, number in facts.unsent:
        title = f"{_things(number, 'open document')} not sent to QuickBooks"
        yield Problem("wait", title, f"{name}: nothing is sent by itself from before connecting.", fix="old_documents")


def _needs(facts: Facts) -> str:
    parts = []
    if facts.held:
        parts.append(f"{_things(facts.held, 'operation')} held or failed")
    if facts.drifts:
        parts.append(f"{_things(facts.drifts, 'difference')} to QuickBooks")
    rest = _unsent(facts) if facts.unsent else "everything else has been sent"
    return f"{' and '.join(parts)}; {'the rest is flowing' if facts.waiting else rest}."


def _things(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
