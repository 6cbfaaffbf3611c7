"""Attempts: writing down what was tried and how it ended, with the wire's own words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.foundation import clock
from app.foundation.database import db
from app.outbox.models import Message
from app.quickbooks import masking, wire
from app.quickbooks.calls import Call, CallForm
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.sending import Answer
from app.sync.attempts import Attempt, Outcome
from app.sync.envelopes import Envelope, Member

_LONGEST_TEXT = 20_000
"""Characters of a request or response kept in the log."""
_LONGEST_TID = 80


def without_call(connection_id: int, message: Message, label: str, told: tuple[Outcome, str]) -> None:
    """A line in the sync log for something that needed no call: skipped, held, matched.

    The same finding again (a retry that changed nothing) adds no second line.
    """
    last = latest_of(message.id)
    if last is None or (last.outcome, last.sentence) != told:
        db.session.add(_attempt(connection_id, message, label, told))


def answered(
    envelope: Envelope, member: Member, got: tuple[Answer, Mapping[str, Any]], told: tuple[Outcome, str]
) -> None:
    """A sending that QuickBooks accepted: the answer, and this member's own part of it."""
    answer, record = got
    attempt = _enclosed(envelope, member, told)
    attempt.http_status, attempt.tid = answer.status, answer.tid[:_LONGEST_TID]
    attempt.milliseconds = round(answer.seconds * 1000)
    attempt.response_text = masking.mask(wire.encode(record).decode())[:_LONGEST_TEXT]


def failed(envelope: Envelope, member: Member, problem: Exception, told: tuple[Outcome, str]) -> None:
    """A sending that did not succeed: how it is called and the sentence a person reads."""
    attempt = _enclosed(envelope, member, told)
    if isinstance(problem, QuickBooksError):
        evidence = problem.evidence
        attempt.http_status, attempt.code = evidence.http_status or None, evidence.code[:20]
        attempt.tid = evidence.tid[:_LONGEST_TID]
        attempt.milliseconds = round(evidence.seconds * 1000)
        attempt.response_text = evidence.excerpt[:_LONGEST_TEXT]


def latest_of(message_id: int) -> Attempt | None:
    """The newest attempt of a message."""
    newest = db.select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.id.desc()).limit(1)
    return db.session.scalars(newest).first()


def _enclosed(envelope: Envelope, member: Member, told: tuple[Outcome, str]) -> Attempt:
    message = db.session.get_one(Message, member.message_id)
    attempt = _attempt(envelope.connection_id, message, member.label, told)
    attempt.step, attempt.request_id = member.step, envelope.request_id
    attempt.request_text = masking.mask(own_part(envelope.call, member.bid))[:_LONGEST_TEXT]
    db.session.add(attempt)
    return attempt


def own_part(frozen_call: str, bid: str) -> str:
    """What a frozen call says about one member: its part of a batch, or all of a single call (pure)."""
    parts = _parts(frozen_call)
    return parts[bid] if bid in parts else parts[""]


@lru_cache(maxsize=4)
def _parts(frozen_call: str) -> dict[str, str]:
    """Each member's part by its bId, the whole body under an empty one; taken apart once for all members."""
    call = Call.from_json(frozen_call)
    head = f"{call.method} {call.path}\n"
    if call.form is not CallForm.BATCH:
        return {"": head + call.body.decode()}
    return {part["bId"]: head + wire.encode(part).decode() for part in wire.decode(call.body)["BatchItemRequest"]}


def _attempt(connection_id: int, message: Message, label: str, told: tuple[Outcome, str]) -> Attempt:
    outcome, sentence = told
    return Attempt(
        connection_id=connection_id,
        message_id=message.id,
        kind=message.kind,
        subject_id=message.subject_id,
        label=label[:120],
        at=clock.now(),
        outcome=outcome,
        sentence=sentence,
    )
