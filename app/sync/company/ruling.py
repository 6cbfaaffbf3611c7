"""Changing the policies of a connection: what a new answer sets free goes on in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Lane, Message, MessageState
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.records.policies import (
    Policy,
    WhenChangedThere,
    WhenClientMissing,
    WhenClosed,
    WhenNumberTaken,
    WhenPaidHere,
    WhenServiceMissing,
    WhenZero,
    policy_of,
)


@dataclass(frozen=True)
class Question:
    """One policy as a person reads it: the question, and a sentence for each answer; the first is the default."""

    field: str
    title: str
    answers: Mapping[StrEnum, str]
    frees: tuple[str, ...] = ()
    """What blockers begin with that another answer may have mended."""


QUESTIONS = (
    Question(
        "client_missing",
        "A client is not in QuickBooks yet",
        {
            WhenClientMissing.CREATE: "Create the customer. One of the same name is used first, or of a similar name"
            " and the same e-mail address.",
            WhenClientMissing.HOLD: "Hold the document until somebody creates the customer in QuickBooks.",
        },
        ("client:",),
    ),
    Question(
        "service_missing",
        "A service has no item in QuickBooks",
        {
            WhenServiceMissing.HOLD: "Hold the document until somebody maps the service.",
            WhenServiceMissing.CREATE: "Create the item under the default income account.",
        },
        ("service:", "default_income:"),
    ),
    Question(
        "number_taken",
        "The number is already used in QuickBooks",
        {
            WhenNumberTaken.STOP: "Stop and show both.",
            WhenNumberTaken.LINK: "Link the document there if customer, date and total agree; otherwise stop.",
            WhenNumberTaken.SUFFIX: "Send it under the next free number with a count behind it: INV-1001-2."
            " Here it keeps its own.",
        },
        ("number_invoice:", "number_credit_note:"),
    ),
    Question(
        "zero_total",
        "The total is zero",
        {WhenZero.SKIP: "Skip it.", WhenZero.SEND: "Send it all the same."},
    ),
    Question(
        "closed_books",
        "The books are closed for its date",
        {
            WhenClosed.HOLD: "Hold it and say so.",
            WhenClosed.FIRST_OPEN_DAY: "Send a new document dated the first open day.",
        },
        ("closed_books",),
    ),
    Question(
        "changed_there",
        "Somebody changes, voids or deletes one of our documents in QuickBooks",
        {
            WhenChangedThere.TELL: "Show it as a difference with both values, and leave both sides as they are until"
            " somebody decides.",
            WhenChangedThere.FOLLOW: "Make ours the same: amounts and lines, dates, number and client; void what was"
            " voided or deleted there. What can't be followed, because of payments for instance, is shown as a"
            " difference.",
        },
    ),
    Question(
        "payments_here",
        "A payment was recorded here",
        {
            WhenPaidHere.STAY: "It stays here. What bookkeepers enter in QuickBooks arrives all the same.",
            WhenPaidHere.SEND: "Send it to QuickBooks, into the account chosen above. One that was typed in there"
            " too is linked, not doubled.",
        },
        ("deposit_account:",),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """All answers of the page."""

    automatic_push: bool
    go_live_date: date | None
    answers: Mapping[str, StrEnum]


def rule(connection: Connection, ruling: Ruling) -> int:
    """Keep these answers, in the caller's transaction; returns how many messages were set free.

    Automatic push that is turned on begins now: what was opened meanwhile is asked about, not sent by itself. Whoever
    fills an envelope holds the company's row too, so nothing is held a moment later by what was answered before.
    """
    db.session.refresh(connection, with_for_update=True)
    policy = policy_of(connection.id)
    if ruling.automatic_push and not policy.automatic_push:
        policy.push_since, policy.asked_about_old = clock.now(), False
    policy.automatic_push, policy.go_live_date = ruling.automatic_push, ruling.go_live_date
    changed = [question for question in QUESTIONS if _answer(policy, question, ruling)]
    db.session.flush()
    lane = lane_of(connection)
    return sum(free(lane, beginning) for question in changed for beginning in question.frees)


def _answer(policy: Policy, question: Question, ruling: Ruling) -> bool:
    before, answer = getattr(policy, question.field), ruling.answers.get(question.field)
    if answer is None or answer == before:
        return False
    setattr(policy, question.field, answer)
    return True


def free(lane: Lane, beginning: str) -> int:
    """Let everything that is held for such a blocker be judged anew; what still lacks something is held again."""
    held = select(Message.blocker).where(
        *lanes.within(lane), Message.state == MessageState.PARKED, Message.blocker.startswith(beginning)
    )
    return sum(lanes.release(lane, str(blocker)) for blocker in set(db.session.scalars(held)))
