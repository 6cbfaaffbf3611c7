"""What is settled without a call: linked to what is there, found to agree, skipped, held, or made to wait.

One message at a time, each apart from the others: one that meets a defect of ours is held, and the rest go on.
"""

from __future__ import annotations

from collections.abc import Callable

from app.foundation.apart import apart, is_everybodys
from app.foundation.database import db
from app.foundation.logs import logger
from app.outbox import lanes, settling, tray
from app.outbox.models import Message, Priority
from app.sync.answered import landing, recording
from app.sync.answered.ground import ground
from app.sync.company import notices
from app.sync.engine import Turn
from app.sync.judging.decisions import WITHHELD_AS, Agree, Decision, Due, Match, Withhold
from app.sync.judging.kinds import LISTED
from app.sync.judging.readiness import Finding, Step
from app.sync.records.attempts import Outcome

_DEFECT = "It could not be prepared: a fault in Counterfoil, see its log."


def settle(turn: Turn, decision: Match | Agree | Withhold) -> None:
    """Settle one message, in the caller's transaction; where that stumbles it is held instead.

    Left alone when it changed while we decided: its newer generation is due and comes next.
    """
    try:
        with apart():
            _settle(turn, decision)
    except Exception as problem:
        if is_everybodys(problem):
            raise
        _settle(turn, stumbled(decision.due))


def stumbled(due: Due) -> Withhold:
    """Held because of a defect of ours that is just being handled, which goes into the log."""
    logger().error("a message could not be prepared", message_id=due.id, exc_info=True)
    return held(due, _DEFECT)


def held(due: Due, sentence: str, label: str = "") -> Withhold:
    """Held for its own sake: a change of it, or a person's retry, lets it go."""
    return Withhold(
        due=due, label=label, finding=Finding(Step.HOLD, sentence, lanes.blocker_of(due.subject), "document")
    )


def _settle(turn: Turn, decision: Match | Agree | Withhold) -> None:
    message = db.session.get_one(Message, decision.due.id, with_for_update=True, populate_existing=True)
    if message.generation != decision.due.generation:
        return
    _SETTLERS[type(decision)](turn, message, decision)


def _settle_match(turn: Turn, message: Message, decision: Match) -> None:
    subject, remote = decision.due.subject, decision.remote
    with ground(turn.connection_id, [subject], remotes=[(remote.entity, remote.remote_id)]) as known:
        if known.is_tied(subject) or known.book.linked_to(remote.entity, remote.remote_id):
            return  # by a person, while we decided: decided anew
        landing.link_known(known, subject, remote)
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
