"""Filling an envelope: due messages are decided, what needs no call is settled, the rest is put in an envelope."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.errors import BadInputError
from app.outbox import lanes, settling, tray
from app.outbox.models import Message, Priority
from app.quickbooks import calls
from app.quickbooks.calls import BatchItem, Call, CallForm
from app.quickbooks.models import Connection
from app.sync import landing, notices, recording
from app.sync.attempts import Outcome
from app.sync.deciding import decide, digest
from app.sync.decisions import WITHHELD_AS, Agree, Decision, Due, Match, Tell, Withhold, Write
from app.sync.engine import Turn
from app.sync.envelopes import Envelope, Member
from app.sync.facts import Books
from app.sync.kinds import KINDS
from app.sync.readiness import Finding, Step
from app.sync.survey import books_of

LOOKED_AT = 300
"""Due messages decided in one go at most; more would only make a person who clicks meanwhile wait."""
MOST_LINES = 500
"""Lines in one batch: it must be done well within the 120 s after which Intuit gives up (DESIGN 8)."""
A_SHORT_REST = 1.0
"""Seconds that are better waited for than spent on single writes."""
A_PERSON_WAITS = 5
"""Members of a batch while a person waits: it is back sooner."""


def fill(turn: Turn) -> tuple[bool, int | None]:
    """Decide what is due; returns whether anything was due, and the id of the envelope that was stored, if any."""
    books = books_of(db.session.get_one(Connection, turn.connection_id))
    decisions = _decided(turn, books)
    end_reading()
    if not decisions:
        return False, None
    tells = chosen([decision for decision in decisions if isinstance(decision, Tell)], alone=_batches_rest(turn))
    with turn.writing():
        for decision in decisions:
            if not isinstance(decision, Tell):
                _settle_without_call(turn, decision)
        envelope = _store(turn, tells) if tells else None
    return True, envelope.id if envelope else None


def _decided(turn: Turn, books: Books) -> list[Decision]:
    """Decide a batch at a time until one envelope is full: looking at more would be done again for the next one."""
    decisions: list[Decision] = []
    ready = 0
    while ready < calls.BATCH_LIMIT and len(decisions) < LOOKED_AT:
        seen = [decision.due.id for decision in decisions]
        dues = [_due(message) for message in lanes.due(turn.lane, calls.BATCH_LIMIT, without=seen)]
        if not dues:
            break
        decided = decide(dues, books)
        ready += sum(isinstance(decision, Tell) for decision in decided)
        decisions += decided
    return decisions


def _batches_rest(turn: Turn) -> bool:
    """Whether this minute's batches are used up: single writes have a limit of their own and go on meanwhile."""
    rest = turn.engine.quickbooks.governor.rest_seconds(turn.lease.realm, CallForm.BATCH)
    end_reading()
    return rest > A_SHORT_REST


def chosen(tells: Sequence[Tell], *, alone: bool = False) -> list[Tell]:
    """Which of the ready ones share the next envelope: persons first, then customers, items, documents (pure).

    A void goes alone, for a batch has no documented way to say it; so does a document of very many lines, and
    everything while `alone`.
    """
    ordered = sorted(tells, key=lambda tell: (tell.due.priority, KINDS[tell.due.subject.kind].tier, tell.due.id))
    limit = A_PERSON_WAITS if ordered and ordered[0].due.priority == Priority.PERSON else calls.BATCH_LIMIT
    limit = 1 if alone else limit
    together: list[Tell] = []
    lines = 0
    for tell in ordered:
        lines += tell.lines
        if together and (tell.write is Write.VOID or lines > MOST_LINES or len(together) == limit):
            break
        together.append(tell)
        if tell.write is Write.VOID:
            break
    return together


def _due(message: Message) -> Due:
    return Due(
        id=message.id,
        generation=message.generation,
        subject=message.subject,
        tries=message.tries,
        asked=message.asked,
        priority=message.priority,
    )


def _settle_without_call(turn: Turn, decision: Match | Agree | Withhold) -> None:
    """The message is left alone when it changed while we decided: its newer generation is due and comes next."""
    message = db.session.get_one(Message, decision.due.id, with_for_update=True, populate_existing=True)
    if message.generation != decision.due.generation:
        return
    _SETTLERS[type(decision)](turn, message, decision)


def _settle_match(turn: Turn, message: Message, decision: Match) -> None:
    landing.match(turn.connection_id, decision)
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
    settling.skip(message.id, finding.sentence)


def _drop(_turn: Turn, message: Message, finding: Finding) -> None:
    settling.cancel_one(message.id, finding.sentence)


def _hold(turn: Turn, message: Message, finding: Finding) -> None:
    settling.park(message.id, finding.blocker, finding.sentence)
    notices.tell_held(turn.connection_id, finding.blocker, finding.sentence)


def _await(turn: Turn, message: Message, finding: Finding) -> None:
    """Every missing prerequisite is posted at once; the message waits for the last, which is settled last.

    One that waits, is held or flies already is left as it is: its own trouble must not begin anew.
    """
    pending = lanes.pending_among(finding.awaited, turn.lane)
    for subject in finding.awaited:
        if subject not in pending:
            tray.post(subject, turn.lane, priority=Priority(message.priority))
    settling.await_subject(message.id, finding.awaited[-1], finding.sentence)


def _log(turn: Turn, message: Message, label: str, told: tuple[Outcome, str]) -> None:
    recording.without_call(turn.connection_id, message, label, told)


def _store(turn: Turn, tells: Sequence[Tell]) -> Envelope | None:
    """The envelope with its exact bytes; members that break a documented rule are held instead."""
    sound = [tell for tell in tells if _is_sound(turn, tell)]
    taken = [tell for tell in sound if settling.put_in_envelope(tell.due.id, tell.due.generation)]
    if not taken:
        return None
    now = clock.now()
    envelope = Envelope(
        connection_id=turn.connection_id,
        request_id=secrets.token_hex(16),
        call=call_of(taken).to_json(),
        due_at=now,
        stored_at=now,
        members=[_member(number, tell) for number, tell in enumerate(taken, start=1)],
    )
    db.session.add(envelope)
    db.session.flush()
    return envelope


def _is_sound(turn: Turn, tell: Tell) -> bool:
    try:
        _single(tell)
    except BadInputError as problem:
        sentence = f"It can't be sent: {problem.field} {problem.message}."
        message = db.session.get_one(Message, tell.due.id)
        finding = Finding(Step.HOLD, sentence, f"{tell.due.subject.kind}:{tell.due.subject.id}", "document")
        _withhold(turn, message, Withhold(due=tell.due, label=tell.label, finding=finding))
        return False
    return True


def call_of(tells: Sequence[Tell]) -> Call:
    """A lone write goes as itself, several as a batch (pure)."""
    if len(tells) == 1:
        return _single(tells[0])
    return calls.batch(
        [BatchItem(_bid(number), tell.write, tell.entity, tell.body) for number, tell in enumerate(tells, start=1)]
    )


def _single(tell: Tell) -> Call:
    if tell.write in {Write.VOID, Write.DELETE}:
        remove = calls.void if tell.write is Write.VOID else calls.delete
        return remove(tell.entity, tell.body["Id"], tell.body["SyncToken"])
    make = calls.create if tell.write is Write.CREATE else calls.update
    return make(tell.entity, tell.body)


def _member(number: int, tell: Tell) -> Member:
    return Member(
        message_id=tell.due.id,
        bid=_bid(number),
        step=tell.write.value,
        revision=tell.revision,
        digest=digest({name: value for name, value in tell.body.items() if name not in {"Id", "SyncToken"}}),
        label=tell.label[:120],
    )


def _bid(number: int) -> str:
    return f"m{number}"


_SETTLERS: dict[type[Decision], Callable[..., None]] = {
    Match: _settle_match,
    Agree: _settle_agreement,
    Withhold: _withhold,
}
_WITHHOLDERS: dict[Step, Callable[[Turn, Message, Finding], None]] = {
    Step.SKIP: _skip,
    Step.NOTHING: _drop,
    Step.HOLD: _hold,
    Step.AWAIT: _await,
}
