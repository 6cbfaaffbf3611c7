"""What the dashboard says first: one sentence, and what needs somebody. Pure; facts in, sentences out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.quickbooks.lifetimes import Ending
from app.sync.reconciling.compared import Compared
from app.sync.steering.causes import Cause
from app.sync.watching.running import Running, State


@dataclass(frozen=True)
class Facts:
    """What is known of all billing entities together."""

    running: Sequence[tuple[int, str, Running]]
    """(entity id, its name, how its sync stands)."""
    waiting: int
    minutes_left: int | None
    causes: Sequence[Cause]
    drifts: int
    unsent: Sequence[tuple[int, str, int]]
    """(entity id, its name, how many open documents were not sent) where a person must be asked."""
    compared: Compared
    """How much of what is in QuickBooks a comparison has seen."""
    endings: Sequence[tuple[int, str, Ending]] = ()
    """(entity id, its name, the end of its permission) where that is near."""

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
    page: str = ""
    """The endpoint where a comparison is asked for, where one is due."""
    fix: str = ""
    entity_id: int | None = None
    """Whose standstill it is, where one billing entity's comes first."""


@dataclass(frozen=True)
class Problem:
    """Something that needs somebody: how many, a sentence, and where it is mended (a fix or a page)."""

    tone: str
    title: str
    text: str = ""
    fix: str = ""
    page: str = ""
    """An endpoint, where no fix names the place."""
    entity_id: int | None = None
    """The billing entity whose company is meant, where it is one."""


_FLOWS = (State.RUNNING, State.TRIAL, State.HELD)
_HEALS = (State.SLOWED, State.SILENT)
_KNOWN = {
    Compared.ALL: "No difference is known.",
    Compared.BEFORE: "No difference is known; not compared since.",
    Compared.NOTHING: "Nothing was compared yet.",
}


def first_news(facts: Facts) -> News:
    """Is money flowing? What stands still comes before what is held, and that before what only takes its time."""
    for entity_id, name, now in facts.running:
        if now.state not in {*_FLOWS, *_HEALS}:
            whose = f"{name}: " if len(facts.running) > 1 else ""
            return News(now.tone, now.words, f"{whose}{now.sentence}", fix=now.fix, entity_id=entity_id)
    if facts.held or facts.drifts:
        return News("warn", "Something needs you", _needs(facts))
    slow = next((now for _id, _name, now in facts.running if now.state in {*_HEALS, State.TRIAL}), None)
    return News(slow.tone, slow.words, slow.sentence) if slow else _on_the_way(facts)


def _on_the_way(facts: Facts) -> News:
    if not facts.waiting:
        return _at_rest(facts)
    about = f", about {facts.minutes_left} min at the present rate" if facts.minutes_left else ""
    return News("busy", "Sending", f"{_things(facts.waiting, 'operation')} on the way to QuickBooks{about}.")


def _at_rest(facts: Facts) -> News:
    """Nothing is on the way. All is well only where nobody has to be asked and a comparison has said so."""
    if facts.unsent:
        return News("wait", "Something to decide", f"{_unsent(facts)}. {_KNOWN[facts.compared]}")
    if facts.compared is Compared.ALL:
        return News("good", "All is well", "Everything that may be sent is in QuickBooks, and no difference is known.")
    if facts.compared is Compared.BEFORE:
        sentence = "Everything that may be sent is in QuickBooks; not compared since."
        return News("calm", "Not compared since", sentence, page="reconciliation.index")
    sentence = f"Everything that may be sent is in QuickBooks. {_KNOWN[facts.compared]}"
    return News("calm", "Not compared yet", sentence, page="reconciliation.index")


def _unsent(facts: Facts) -> str:
    number = sum(count for _id, _name, count in facts.unsent)
    return f"{_things(number, 'open document')} {'was' if number == 1 else 'were'} not sent"


def problems(facts: Facts) -> list[Problem]:
    """What needs somebody beside the causes of what is held; each vanishes by itself once it is mended."""
    return [*_standstills(facts), *_ends(facts), *_questions(facts)]


def _standstills(facts: Facts) -> Iterator[Problem]:
    for entity_id, name, now in facts.running:
        if now.state in {State.RECONNECT, State.NO_WORKER, State.PAUSED}:
            said = f"{name}: {now.sentence}"
            yield Problem(now.tone, now.words, said, fix=now.fix or "sync_state", entity_id=entity_id)


def _ends(facts: Facts) -> Iterator[Problem]:
    for entity_id, name, near in facts.endings:
        said = f"{name}: {near.words}"
        yield Problem("warn", "The permission ends soon", said, fix="connect", entity_id=entity_id)


def _questions(facts: Facts) -> Iterator[Problem]:
    if facts.drifts:
        title = f"{_things(facts.drifts, 'difference')} between both sides"
        yield Problem("warn", title, "Both values and the likely cause are listed.", page="reconciliation.index")
    for entity_id, name, number in facts.unsent:
        title = f"{_things(number, 'open document')} not sent to QuickBooks"
        said = f"{name}: they were opened while nothing was sent by itself."
        yield Problem("wait", title, said, fix="old_documents", entity_id=entity_id)


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
