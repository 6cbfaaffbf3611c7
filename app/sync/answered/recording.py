"""Attempts: writing down what was tried and how it ended, with the wire's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from json import JSONDecoder
from typing import Any

from sqlalchemy import insert

from app.foundation import clock
from app.foundation.database import bare, db, table_of
from app.outbox.models import Message, Subject
from app.quickbooks import masking, wire
from app.quickbooks.calls import Call, CallForm
from app.quickbooks.errors import Evidence, QuickBooksError
from app.quickbooks.sending import Answer
from app.sync.answered.passengers import Flight, Passenger
from app.sync.records.attempts import Attempt, Outcome

_LONGEST_TEXT = 20_000
"""Characters of a request or response kept in the log."""
_LONGEST_TID = 80
_SCANNER = JSONDecoder()
_WRITE = insert(table_of(Attempt))


def without_call(connection_id: int, message: Message, label: str, told: tuple[Outcome, str]) -> None:
    """A line in the sync log for something that needed no call: skipped, held, matched.

    The same finding again (a retry that changed nothing) adds no second line.
    """
    last = latest_of(message.id)
    if last is None or (last.outcome, last.sentence) != told:
        about = _about(connection_id, message.id, message.subject, label)
        db.session.add(Attempt(**about, **_told(told)))


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One member's sending: how it is called, the sentence a person reads, and what came back.

    `seen` is the member's own part of an answer that accepted it, None where there was trouble.
    """

    person: Passenger
    told: tuple[Outcome, str]
    answer: Answer | None = None
    seen: Mapping[str, Any] | None = None
    problem: QuickBooksError | None = None


def sent(envelope: Flight, sendings: Sequence[Sending]) -> None:
    """The lines about one sending of an envelope, one for each member."""
    parts = _parts(envelope.call)
    rows = [_line(envelope, sending, parts) for sending in sendings]
    bare(_WRITE, rows)


def _line(envelope: Flight, sending: Sending, parts: Mapping[str, str]) -> dict[str, Any]:
    person = sending.person
    request = parts[person.bid] if person.bid in parts else parts[""]
    return {
        **_about(envelope.connection_id, person.message_id, person.subject, person.label),
        **_told(sending.told),
        **(_answered(sending) or _failed(sending.problem)),
        "step": person.step,
        "request_id": envelope.request_id,
        "request_text": masking.mask(request)[:_LONGEST_TEXT],
    }


def _answered(sending: Sending) -> dict[str, Any]:
    """What came back with an acceptance; nothing where there was none."""
    answer = sending.answer
    if answer is None or sending.seen is None:
        return {}
    return {
        "http_status": answer.status,
        "code": None,
        "tid": answer.tid[:_LONGEST_TID],
        "milliseconds": round(answer.seconds * 1000),
        "response_text": masking.mask(wire.encode(sending.seen).decode())[:_LONGEST_TEXT],
    }


def _failed(problem: QuickBooksError | None) -> dict[str, Any]:
    evidence = problem.evidence if problem else Evidence()
    return {
        "http_status": evidence.http_status or None,
        "code": evidence.code[:20],
        "tid": evidence.tid[:_LONGEST_TID],
        "milliseconds": round(evidence.seconds * 1000),
        "response_text": evidence.excerpt[:_LONGEST_TEXT],
    }


def latest_of(message_id: int) -> Attempt | None:
    """The newest attempt of a message."""
    newest = db.select(Attempt).where(Attempt.message_id == message_id).order_by(Attempt.id.desc()).limit(1)
    return db.session.scalars(newest).first()


def _parts(frozen_call: str) -> dict[str, str]:
    """What a frozen call says about each member, by bId; of a single call the whole, under an empty one (pure)."""
    call = Call.from_json(frozen_call)
    head, body = f"{call.method} {call.path}\n", call.body.decode()
    if call.form is not CallForm.BATCH:
        return {"": head + body}
    return {bid: head + part for bid, part in _members(body)}


def _members(body: str) -> Iterator[tuple[str, str]]:
    """The bId and the very letters of each member of a batch, as `calls.batch` has joined them."""
    at = body.index("[") + 1
    while body[at] == "{":
        member, end = _SCANNER.raw_decode(body, at)
        yield member["bId"], body[at:end]
        at = end + 1


def _about(connection_id: int, message_id: int, subject: Subject, label: str) -> dict[str, Any]:
    return {
        "connection_id": connection_id,
        "message_id": message_id,
        "kind": subject.kind,
        "subject_id": subject.id,
        "label": label[:120],
    }


def _told(told: tuple[Outcome, str]) -> dict[str, Any]:
    outcome, sentence = told
    return {"at": clock.now(), "outcome": outcome, "sentence": sentence}
