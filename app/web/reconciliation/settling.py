"""Which differences an address is about and what is to be done about them: one by its number, or all of a cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

from flask import request

from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.sync.comparing import remedies, stakes
from app.sync.comparing.drifts import Drift
from app.sync.comparing.findings import WORDS
from app.sync.comparing.remedies import Meaning, Remedy
from app.sync.reconciling import comparisons
from app.sync.reconciling.settling_drifts import AT_ONCE


class Wish(NamedTuple):
    """What a person wants done, about how many, and what that means in words."""

    remedy: Remedy
    drifts: list[Drift]
    title: str
    meaning: Meaning
    stake: str
    """How many, what they come to, and which side changes."""
    left: int
    """How many of their kind are too many for one time."""

    @property
    def is_final(self) -> bool:
        """Whether it takes something back for good."""
        return self.remedy is Remedy.ACCEPT and self.drifts[0].cause in remedies.FINAL


def wish_here() -> Wish:
    """Read it from the address. Raises BadInputError where it names nothing that can be done."""
    remedy = next((one for one in Remedy if one.value == request.args.get("remedy")), None)
    if remedy is None:
        raise BadInputError("remedy", "Choose what to do.")
    number, cause = request.args.get("drift", type=int), request.args.get("cause", "")
    drifts = [db.session.get_one(Drift, number)] if number else comparisons.of_cause(cause, AT_ONCE)
    able = [drift for drift in drifts if remedy in remedies.offered(drift) and drift.closed_at is None]
    if not able:
        raise BadInputError("remedy", "There is no open difference left about which this can be done.")
    meaning, first = remedies.meaning(able[0], remedy), able[0]
    stake = stakes.told(able, remedy, stakes.stakes(able))
    if number:
        return Wish(remedy, able, f"{meaning.label}: {first.label}", meaning, stake, left=0)
    many = f"{len(able)}\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN} {WORDS[first.cause].lower()}"
    left = comparisons.drift_counts()[first.cause] - len(drifts)
    return Wish(remedy, able, f"{meaning.label}: {many}", meaning, stake, left)


def face_of(drifts: Sequence[Drift]) -> str:
    """Changes when other differences are listed, or others values: what was confirmed is what was shown."""
    return f"{crc32(repr([(drift.id, drift.ours, drift.theirs) for drift in drifts]).encode()):x}"


def is_as_shown(drifts: Sequence[Drift]) -> bool:
    """Whether these are still what the form was shown with; one that says nothing of it takes what there is."""
    return request.form.get("shown") in {None, face_of(drifts)}
