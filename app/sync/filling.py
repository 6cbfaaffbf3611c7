"""Filling an envelope: due messages are decided, what needs no call is settled, the rest is put in an envelope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.foundation.database import db, end_reading
from app.foundation.errors import BadInputError
from app.foundation.logs import logger
from app.outbox import lanes, settling, tray
from app.outbox.models import Message, Priority
from app.quickbooks import calls
from app.quickbooks.calls import Call
from app.quickbooks.models import Connection, ConnectionState
from app.sync import landing, notices, packing, payment_looking, recording, trials
from app.sync.attempts import Outcome
from app.sync.deciding import decide, without_twins
from app.sync.decisions import WITHHELD_AS, Agree, Decision, Due, Match, Tell, Withhold, Write
from app.sync.engine import Turn
from app.sync.facts import Books
from app.sync.former_links import KEPT as PAYMENT
from app.sync.kinds import LISTED
from app.sync.links import seen_of
from app.sync.loading import Loaded, load
from app.sync.mappings import MappingKind, mappings_of
from app.sync.readiness import Finding, Step
from app.sync.survey import books_of

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
        connection = session.get_one(Connection, turn.connection_id, with_for_update=True)
        if connection.state is not ConnectionState.ACTIVE:
            return False, None  # disconnected while we decided: an envelope for it would never be answered
        if not trials.still_on(turn, trial):
            return True, None  # paused, or told to send one alone, while we decided: decided anew
        for decision in _still_so(turn, decisions):
            _settle_without_call(turn, decision)
        free = _without_tied(turn.connection_id, tells)
        sound = [(tell, call) for tell in free if (call := _sound(turn, tell)) is not None]
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
        return decide(dues, books)
    except SQLAlchemyError:
        raise
    except Exception:  # noqa: BLE001 - whatever it is, the others go on
        if len(dues) > 1:
            return [decision for due in dues for decision in _decide([due], books)]
        (due,) = dues
        logger().error("a message could not be decided", message_id=due.id, exc_info=True)
        itself = lanes.blocker_of(due.subject)
        finding = Finding(
            Step.HOLD, "It could not be prepared: a fault in Counterfoil, see its log.", itself, "document"
        )
        return [Withhold(due=due, label="", finding=finding)]


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


def _settle_without_call(turn: Turn, decision: Match | Agree | Withhold) -> None:
    """The message is left alone when it changed while we decided: its newer generation is due and comes next."""
    message = db.session.get_one(Message, decision.due.id, with_for_update=True, populate_existing=True)
    if message.generation != decision.due.generation:
        return
    _SETTLERS[type(decision)](turn, message, decision)


def _settle_match(turn: Turn, message: Message, decision: Match) -> None:
    subject = decision.due.subject
    with landing.ground(turn.connection_id, [subject]) as known:
        landing.link_known(known, subject, decision.remote)
    _log(turn, message, decision.label, (Outcome.MATCHED, decision.sentence))
    settling.settle(message.id)


def _settle_agreement(_turn: Turn, message: Message, _decision: Agree) -> None:
    settling.settle(message.id)


def _withhold(turn: Turn, message: Message, decision: Withhold) -> None:
    finding = decision.finding
    if finding.step in WITHHELD_AS:
        _log(turn, message, decision.label, (WITHHELD_AS[finding.step], finding.sentence))
    _WITHHOLDERS[finding.step](turn, message, finding)


def _skip(_turn: Turn, message: Message, finding: Finding) -> None:
    """A payment that waits for a document which is not sent must say so."""
    settling.skip(message.id, finding.sentence)
    lanes.release(message.lane, lanes.blocker_of(message.subject))


def _drop(_turn: Turn, message: Message, finding: Finding) -> None:
    """Who waits for its subject must be decided anew: this one will never be settled."""
    settling.cancel_one(message.id, finding.sentence)
    lanes.release(message.lane, lanes.blocker_of(message.subject))


def _hold(turn: Turn, message: Message, finding: Finding) -> None:
    settling.park(message.id, finding.blocker, finding.sentence)
    notices.tell_held(turn.connection_id, finding.blocker, finding.sentence)


def _await(turn: Turn, message: Message, finding: Finding) -> None:
    """Every missing prerequisite is posted at once; the message waits for the last, which is settled last.

    One that waits, is held or flies already is left as it is: its own trouble must not begin anew. A document is never
    posted for the sake of a payment: where its fate was settled meanwhile, the payment is decided anew.
    """
    pending = lanes.pending_among(finding.awaited, turn.lane)
    missing = [subject for subject in finding.awaited if subject not in pending]
    if any(subject.kind not in LISTED for subject in missing):
        return
    for subject in missing:
        tray.post(subject, turn.lane, priority=Priority(message.priority), asked=True)
    settling.await_subject(message.id, finding.awaited[-1], finding.sentence)


def _log(turn: Turn, message: Message, label: str, told: tuple[Outcome, str]) -> None:
    recording.without_call(turn.connection_id, message, label, told)


def _sound(turn: Turn, tell: Tell) -> Call | None:
    """The call of one write by itself; None for one that breaks a documented rule, which is held."""
    try:
        return packing.single(tell)
    except BadInputError as problem:
        sentence = f"It can't be sent: {problem.field} {problem.message}."
        finding = Finding(Step.HOLD, sentence, lanes.blocker_of(tell.due.subject), "document")
        _settle_without_call(turn, Withhold(due=tell.due, label=tell.label, finding=finding))
        return None


_SETTLERS: dict[type[Decision], Callable[..., None]] = {
    Match: _settle_match,
    Agree: _settle_agreement,
    Withhold: _withhold,
}
_RELEASED = (Step.HOLD, Step.AWAIT)
"""Steps that end only when somebody releases the message."""
_WITHHOLDERS: dict[Step, Callable[[Turn, Message, Finding], None]] = {
    Step.SKIP: _skip,
    Step.NOTHING: _drop,
    Step.HOLD: _hold,
    Step.AWAIT: _await,
}
