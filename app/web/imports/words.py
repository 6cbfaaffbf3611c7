"""The words for the states of an import, for what becomes of a document, and for reasons of refusal."""

from __future__ import annotations

from app.billing.conventions import DayOrder
from app.billing.importing.planning import Verdict
from app.billing.importing.profiles import Profile
from app.billing.importing.run import RunState

STATES = {
    RunState.UPLOADED: ("draft", "Not started"),
    RunState.RUNNING: ("busy", "Running"),
    RunState.DONE: ("good", "Done"),
    RunState.FAILED: ("bad", "Can't be read"),
    RunState.CANCELLED: ("calm", "Stopped"),
}
"""Tone and word of each state."""

VERDICTS = {
    Verdict.NEW: ("good", "New"),
    Verdict.CHANGED: ("warn", "Changed"),
    Verdict.UNCHANGED: ("calm", "Unchanged"),
    Verdict.REFUSED: ("bad", "Refused"),
}
"""Tone and word of each verdict."""

_DATES = {
    DayOrder.DAY_FIRST: "Dates with slashes are read day first: 03/04/2026 is the third of April.",
    DayOrder.MONTH_FIRST: "Dates with slashes are read month first: 03/04/2026 is the fourth of March.",
    DayOrder.EITHER: "Dates with slashes are refused where day and month could be taken for one another: "
    "write 2026-04-03.",
}
"""How a file's dates are read; those written as 2026-04-03 nobody mistakes."""

_REASONS = {
    "zero_total": "The total is zero",
    "number": "The number can't be taken",
    "number_taken": "The number belongs to another document",
    "negative_price": "A unit price is below nought",
    "negative_total": "The total is below nought",
    "cells": "A row has more or fewer cells than the header",
    "disagree": "Its rows contradict each other",
    "client": "No client is named",
    "tax_code": "Unknown tax code",
    "tax_code_id": "A line has no tax code",
    "service_id": "A line has no service",
    "term": "Unknown payment term",
    "paid": "Paid here already",
    "void": "Void here",
    "kind": "Turned from invoice into credit note, or back",
    "bad_issued": "The date can't be read",
    "bad_due": "The due date can't be read",
    "bad_kind": "Neither invoice nor credit note",
    "bad_quantity": "A quantity can't be read",
    "bad_unit_price": "A unit price can't be read",
    "bad_discount": "A discount can't be read",
    "unit_price": "A unit price can't be taken",
    "discount_percent": "A discount can't be taken",
    "not_written": "It could not be written down",
}


def dates_of(profile: Profile) -> str:
    """How dates are read in a file of this profile, whose order is known."""
    return _DATES[profile.day_order or DayOrder.EITHER]


def why(code: str) -> str:
    """A reason for refusing, in a few words."""
    return _REASONS.get(code, code.replace("_", " ").capitalize())
