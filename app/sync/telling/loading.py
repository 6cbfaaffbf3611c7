"""Loading: writes that are ready are stored as an envelope, and let go by the same transaction where they may leave.

So nothing but one commit lies between the decision and the first byte. Where the governor wants it to wait, or a token
must be renewed first, it is only stored, and its leave is asked for by who delivers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.foundation import chance, clock
from app.foundation.database import bare, table_of
from app.outbox import settling
from app.quickbooks.calls import Call, CallForm
from app.quickbooks.client import Departure, Errand, Ready
from app.sync.answered.passengers import Flight, Passenger
from app.sync.engine import Turn
from app.sync.judging.decisions import Tell
from app.sync.judging.verdicts import LOOK_UP_AFTER
from app.sync.records.envelopes import Envelope, Member
from app.sync.telling import packing

_ENVELOPE = table_of(Envelope)
_STORE = insert(_ENVELOPE).returning(_ENVELOPE.c.id)
_BOARD = insert(table_of(Member))

Sound = tuple[Tell, Call]
"""What is told, and the call of that write by itself."""


@dataclass(frozen=True)
class Loaded:
    """An envelope that was just stored, and the leave that it got with it; None where that has to be asked for."""

    flight: Flight
    departure: Departure | None


def load(
    turn: Turn,
    session: Session,
    sound: Sequence[Sound],
    ready: Ready | None,
    *,
    sent_before: datetime | None = None,
) -> Loaded | None:
    """Store the envelope of those messages that are still as they were decided; None where none of them is.

    In a transaction that has checked the fence, and has stored nothing else about these messages. What may have been
    `sent_before` already, since that moment, is stored as if it had been: so it is looked up, and not sent.
    """
    if not sound:
        return None
    moved = settling.put_in_envelope({tell.due.id: tell.due.generation for tell, _call in sound})
    taken = [(tell, call) for tell, call in sound if tell.due.id in moved]
    if not taken:
        return None
    errand = Errand(turn.connection_id, packing.call_of(taken), chance.token_hex(16), turn.lease)
    departure = turn.engine.quickbooks.depart(session, ready, errand) if ready is not None else None
    sent = {"sends": 0, "first_sent_at": sent_before and sent_before - LOOK_UP_AFTER}
    if departure is not None:
        sent = sending_of(turn, errand.call.form)
    return Loaded(_stored(turn, errand, taken, sent=sent), departure)


def sending_of(turn: Turn, form: CallForm, *, sends: int = 0, first_sent_at: datetime | None = None) -> dict[str, Any]:
    """What its row says of an envelope that leaves now, after so many sendings: it is due again when this one is over.

    And later each time: one that always kills its worker, or meets a defect of ours, must not stop the lane.
    """
    settings = turn.engine.settings
    longest = settings.batch_call_seconds if form is CallForm.BATCH else settings.single_call_seconds
    now = clock.now()
    return {
        "due_at": now + timedelta(seconds=longest * (1 + sends // 3)),
        "first_sent_at": first_sent_at or now,
        "sends": sends + 1,
    }


def _stored(turn: Turn, errand: Errand, taken: Sequence[Sound], *, sent: dict[str, Any]) -> Flight:
    """The envelope with its exact bytes, and its members."""
    now = clock.now()
    row: dict[str, Any] = {"connection_id": turn.connection_id, "stored_at": now, "due_at": now}
    row |= {"request_id": errand.request_id, "call": errand.call.to_json()}
    row |= sent
    envelope_id = bare(_STORE, row).scalar_one()
    members = [packing.member_of(number, tell) for number, (tell, _call) in enumerate(taken, start=1)]
    bare(_BOARD, [member | {"envelope_id": envelope_id} for member in members])
    return Flight(
        envelope_id=envelope_id,
        connection_id=turn.connection_id,
        request_id=row["request_id"],
        call=row["call"],
        sends=0,
        first_sent_at=row.get("first_sent_at"),
        on_board=[_passenger(tell, member) for (tell, _call), member in zip(taken, members, strict=True)],
    )


def _passenger(tell: Tell, member: dict[str, Any]) -> Passenger:
    return Passenger(
        **member,
        subject=tell.due.subject,
        tries=tell.due.tries,
        asked=tell.due.asked,
        priority=tell.due.priority,
        remote_id=tell.body.get("Id"),
    )
