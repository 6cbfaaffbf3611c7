"""What a person may do about a difference: which actions each kind has, and what each one means in words (pure)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from app.sync.comparing.drifts import Drift, DriftCause
from app.sync.comparing.sides import AMOUNTS, VOIDED

PAID = (DriftCause.PAID_THERE, DriftCause.PAID_HERE)
"""Money that counts on one side only; carried out apart, for payments move and not the document."""
GIVEN_UP = (DriftCause.PAYMENT_EDITED, DriftCause.PAYMENT_MOVED)
"""Payments that are here already as they are there, over something of ours that was still to be told."""


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
    DriftCause.PAID_THERE: (Remedy.ACCEPT, Remedy.SEND),
    DriftCause.PAID_HERE: (Remedy.SEND, Remedy.LINK, Remedy.ACCEPT),
    **dict.fromkeys(GIVEN_UP, (Remedy.ACCEPT,)),
}
_IN_OTHER_WORDS = {
    (DriftCause.PAID_THERE, Remedy.ACCEPT): Meaning(
        "Take theirs over",
        "The payments that QuickBooks shows on the document are read once more and count here as they do there, even"
        " one that was voided here. QuickBooks is not changed.",
    ),
    (DriftCause.PAID_THERE, Remedy.SEND): Meaning(
        "Tell QuickBooks again",
        "A payment recorded here that was voided or divided anew, and still counts there as before, is told to"
        " QuickBooks again, whatever the policy on payments says; it is void or divided there as here then.",
    ),
    (DriftCause.PAID_HERE, Remedy.SEND): Meaning(
        "Tell QuickBooks",
        "A payment recorded here that QuickBooks does not have, or not as it is divided here, is sent there, whatever"
        " the policy on payments says.",
    ),
    (DriftCause.PAID_HERE, Remedy.LINK): Meaning(
        "Link to theirs",
        "The payment recorded here is tied to the one of the same client and amount in QuickBooks, whatever its day and"
        " reference. It is divided as it is there; one that is on nothing there is divided there as here.",
    ),
    (DriftCause.PAID_HERE, Remedy.ACCEPT): Meaning(
        "Take ours back",
        "A payment recorded here that QuickBooks does not have is voided here, and all that it had settled opens again."
        " That can't be undone. One that QuickBooks has is divided here as it is there. QuickBooks is not changed.",
    ),
    **dict.fromkeys(
        [(cause, Remedy.ACCEPT) for cause in GIVEN_UP],
        Meaning("Accept theirs", "The payment is here already as it is in QuickBooks. Nothing changes on either side."),
    ),
}


def of_cause(cause: DriftCause) -> tuple[Remedy, ...]:
    """What may be done about all differences of a kind at once."""
    return _OFFERED.get(cause, ())


def offered(drift: Drift) -> tuple[Remedy, ...]:
    """What may be done about one difference, the gentlest first; to let it be is always possible beside these."""
    if drift.cause is DriftCause.VOIDED_THERE and drift.theirs != VOIDED[1]:
        return (Remedy.SEND,)
    return of_cause(drift.cause)


def called(cause: DriftCause, remedy: Remedy) -> str:
    """What a remedy is called where it is about differences of this kind."""
    return _general(cause, remedy).label


def meaning(drift: Drift, remedy: Remedy) -> Meaning:
    """How it is called, and what it does to both sides of this very difference."""
    general = _general(drift.cause, remedy)
    return Meaning(general.label, _of_a_void(drift, remedy) or general.consequence)


def _general(cause: DriftCause, remedy: Remedy) -> Meaning:
    return _IN_OTHER_WORDS.get((cause, remedy), MEANINGS[remedy])


def _of_a_void(drift: Drift, remedy: Remedy) -> str:
    if remedy is Remedy.ACCEPT and drift.cause in {DriftCause.VOIDED_THERE, *_LOST}:
        return "The document is voided here as well, which is refused while payments stand against it here."
    if remedy is Remedy.SEND and drift.cause is DriftCause.VOIDED_THERE:
        return "It is void here; QuickBooks is told again to void it there."
    return ""


_LOST = (DriftCause.REMOVED_THERE, DriftCause.ONLY_HERE)
FINAL = (*_LOST, DriftCause.VOIDED_THERE, DriftCause.PAID_HERE)
"""Where accepting theirs voids something here."""
