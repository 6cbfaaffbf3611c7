"""Filling an envelope: due messages are decided, what needs no call is settled, the rest is put in an envelope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from app.foundation.apart import apart, is_everybodys
from app.foundation.database import db, end_reading
from app.foundation.errors import BadInputError
from app.outbox import lanes
from app.quickbooks import calls
from app.quickbooks.calls import Call
from app.quickbooks.models import Connection, ConnectionState
from app.sync.company.former_links import KEPT as PAYMENT
from app.sync.engine import Turn
from app.sync.judging.decisions import Agree, Decision, Due, Match, Tell, Withhold, Write
from app.sync.judging.facts import Books
from app.sync.judging.readiness import Step
from app.sync.judging.survey import books_of
from app.sync.payments import looking as payment_looking
from app.sync.records.holding import hold
from app.sync.records.links import seen_of
from app.sync.records.mappings import MappingKind, mappings_of
from app.sync.telling import packing, restoring, trials, without_call
from app.sync.telling.deciding import decide, without_twins
from app.sync.telling.loading import Loaded, load

LOOKED_AT = 300
"""Due messages decided in one go at most; more would only make a person who clicks meanwhile wait."""
_SERVICE = "service"


def fill(turn: Turn, policy: Any, *, alone: bool) -> tuple[bool, Loaded | None]:
    """Decide what is due; returns whether anything was due, and the envelope that was stored, if any.

    `policy` is the connection's, as `policy_seen` gave it a moment ago; `alone`: this minute's batches are used up, so
    single writes, which have a limit of their own, go on meanwhile. Where nothing stands against the envelope, it is
    let go by the transaction that stores it: one commit before it leaves.
    """
    trial = trials.step(turn, policy.trial_at)
    dues = lanes.due(turn.lane, calls.BATCH_LIMIT, only=trial.only)
    if not dues:  # as at the end of every lane: nothing else need be read for that
        end_reading()
        return False, None
    connection = db.session.get_one(Connection, turn.connection_id)
    books, ready = books_of(connection, policy), turn.engine.quickbooks.ready(connection)
    decisions = _decided(turn, books, dues, trial.only)
    end_reading()
    tells = packing.chosen([decision for decision in decisions if isinstance(decision, Tell)], alone=alone)
    tells = payment_looking.new_there(turn, tells)
    with turn.writing() as session:
        # Whoever maps or links holds this row too, so nothing is withheld for what was mended a moment ago.
        if hold(turn.connection_id) is not ConnectionState.ACTIVE:
            return False, None  # disconnected while we decided: an envelope for it would never be answered
        if not trials.still_on(turn, trial):
            return True, None  # paused, or told to send one alone, while we decided: decided anew
        for decision in _still_so(turn, decisions):
            without_call.settle(turn, decision)
        free = _without_tied(turn.connection_id, tells)
        sound = [(tell, call) for tell in free if (call := _sound(turn, tell)) is not None]
        doubtful = restoring.doubtful(turn.connection_id, policy.unsure_since, sound)
        if doubtful is not None:
            return True, load(turn, session, doubtful.sound, None, sent_before=doubtful.since)
        return True, load(turn, session, sound, ready)


def _without_tied(connection_id: int, tells: Sequence[Tell]) -> list[Tell]:
    """Without what would be made there although it was linked or mapped while we decided; that is decided anew.

    Under the lock of the company's row, which whoever ties by hand holds, and of the messages, which a payment's twin
    holds that arrives meanwhile: told now, it would be made twice.
    """
    ids: dict[str, dict[int, int]] = defaultdict(dict)
    for tell in tells:
        if tell.write is Write.CREATE:
            ids[tell.due.subject.kind][tell.due.subject.id] = tell.due.id
    lanes.lock(list(ids[PAYMENT].values()))
    tied = {(kind, our_id) for kind, of_kind in ids.items() for our_id in _tied(connection_id, kind, list(of_kind))}
    return [tell for tell in tells if tell.write is not Write.CREATE or tuple(tell.due.subject) not in tied]


def _tied(connection_id: int, kind: str, ids: Sequence[int]) -> Collection[int]:
    if not ids:
        return ()
    if kind == _SERVICE:
        return mappings_of(connection_id, MappingKind.SERVICE, ids)
    return seen_of(connection_id, kind, ids)


def _decided(turn: Turn, books: Books, dues: Sequence[Due], only: Sequence[int] | None) -> list[Decision]:
    """Decide a batch at a time until one envelope is full: looking at more would be done again for the next one."""
    decisions: list[Decision] = []
    ready = 0
    while dues:
        decided = _decide(dues, books)
        ready += sum(isinstance(decision, Tell) for decision in decided)
        decisions += decided
        if len(dues) < calls.BATCH_LIMIT or ready >= calls.BATCH_LIMIT or len(decisions) >= LOOKED_AT:
            break
        seen = [decision.due.id for decision in decisions]
        dues = lanes.due(turn.lane, calls.BATCH_LIMIT, without=seen, only=only)
    return without_twins(decisions)


def _decide(dues: Sequence[Due], books: Books) -> list[Decision]:
    """Decide; one that stumbles over a defect of ours is held by itself and must not stop its lane."""
    try:
        with apart():
            return decide(dues, books)
    except Exception as problem:
        if is_everybodys(problem):
            raise
        if len(dues) > 1:
            return [decision for due in dues for decision in _decide([due], books)]
        return [without_call.stumbled(due) for due in dues]


def _still_so(turn: Turn, decisions: Sequence[Decision]) -> list[Match | Agree | Withhold]:
    """What is settled without a call; of what is held or waits, what is decided about it now."""
    now = {decision.due.id: decision for decision in (*decisions, *_again(turn, decisions))}
    latest = (now[decision.due.id] for decision in decisions if not isinstance(decision, Tell))
    return [decision for decision in latest if not isinstance(decision, Tell)]


def _again(turn: Turn, decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that are sent, and those that only a release would end, decided once more beside them."""
    doubtful = [one.due for one in decisions if isinstance(one, Withhold) and one.finding.step in _RELEASED]
    if not doubtful:
        return []
    books = books_of(db.session.get_one(Connection, turn.connection_id))
    tells = [decision for decision in decisions if isinstance(decision, Tell)]
    return without_twins([*tells, *_decide(doubtful, books)])


def _sound(turn: Turn, tell: Tell) -> Call | None:
    """The call of one write by itself; None for one that breaks a documented rule or can't be said, which is held."""
    try:
        return packing.single(tell)
    except BadInputError as problem:
        sentence = f"It can't be sent: {problem.field} {problem.message}."
        held = without_call.held(tell.due, sentence, tell.label)
    except Exception:  # noqa: BLE001 - whatever it is, the others go on
        held = without_call.stumbled(tell.due)
    without_call.settle(turn, held)
    return None


_RELEASED = (Step.HOLD, Step.AWAIT)
"""Steps that end only when somebody releases the message."""
