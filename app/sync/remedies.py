"""What a person may do about a difference: which actions each kind has, and what each one means in words (pure)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from app.sync.comparing import AMOUNTS, VOIDED
from app.sync.drifts import Drift, DriftCause


class Remedy(StrEnum):
    """An action on a difference."""

    ACCEPT = "accept"
    SEND = "send"
    AGAIN = "again"
    LINK = "link"
    ADOPT = "adopt"


class Meaning(NamedTuple):
    """How a remedy is called, and what it does to both sides."""

    label: str
    consequence: str


MEANINGS = {
    Remedy.ACCEPT: Meaning(
        "Accept theirs",
        "Ours is made to say what QuickBooks says now. QuickBooks is read once more for it and is not changed.",
    ),
    Remedy.SEND: Meaning(
        "Send ours again",
        "QuickBooks is told our version again, and what was changed there is overwritten with it.",
    ),
    Remedy.AGAIN: Meaning(
        "Make it again",
        "The link to the record that is gone is given up, and the document is sent as a new one under its number.",
    ),
    Remedy.LINK: Meaning(
        "Link to ours",
        "It is tied to the document of the same number here. Neither side is changed; what differs is shown.",
    ),
    Remedy.ADOPT: Meaning(
        "Take it over here",
        "A document that says the same is written here under its number, and the two are tied. QuickBooks is not"
        " changed.",
    ),
}
_CHANGED = (Remedy.ACCEPT, Remedy.SEND)
_GONE = (Remedy.ACCEPT, Remedy.AGAIN)
_OFFERED: dict[DriftCause, tuple[Remedy, ...]] = {
    **dict.fromkeys(AMOUNTS, _CHANGED),
    DriftCause.DATE: _CHANGED,
    DriftCause.DUE_DATE: _CHANGED,
    DriftCause.CUSTOMER: _CHANGED,
    # Once a document is there its number belongs to the bookkeeper: an update of ours does not name it.
    DriftCause.NUMBER: (Remedy.ACCEPT,),
    DriftCause.RATE: (Remedy.ACCEPT,),
    DriftCause.VOIDED_THERE: (Remedy.ACCEPT,),
    DriftCause.REMOVED_THERE: _GONE,
    DriftCause.ONLY_HERE: _GONE,
    DriftCause.ONLY_THERE: (Remedy.LINK, Remedy.ADOPT),
}


def of_cause(cause: DriftCause) -> tuple[Remedy, ...]:
    """What may be done about all differences of a kind at once."""
    return _OFFERED.get(cause, ())


def offered(drift: Drift) -> tuple[Remedy, ...]:
    """What may be done about one difference, the gentlest first; to let it be is always possible beside these."""
    if drift.cause is DriftCause.VOIDED_THERE and drift.theirs != VOIDED[1]:
        return (Remedy.SEND,)
    return of_cause(drift.cause)


def meaning(drift: Drift, remedy: Remedy) -> str:
    """What it does to both sides of this very difference."""
    if remedy is Remedy.ACCEPT and drift.cause in {DriftCause.VOIDED_THERE, *_LOST}:
        return "The document is voided here as well, which is refused while payments stand against it here."
    if remedy is Remedy.SEND and drift.cause is DriftCause.VOIDED_THERE:
        return "It is void here; QuickBooks is told again to void it there."
    return MEANINGS[remedy].consequence


_LOST = (DriftCause.REMOVED_THERE, DriftCause.ONLY_HERE)
