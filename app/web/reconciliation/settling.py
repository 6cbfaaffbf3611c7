"""Which differences an address is about and what is to be done about them: one by its number, or all of a cause."""

from __future__ import annotations

from typing import NamedTuple

from flask import request

from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.sync import comparisons, remedies
from app.sync.drifts import Drift
from app.sync.findings import WORDS
from app.sync.remedies import Meaning, Remedy
from app.sync.settling_drifts import AT_ONCE


class Wish(NamedTuple):
    """What a person wants done, about how many, and what that means in words."""

    remedy: Remedy
    drifts: list[Drift]
    title: str
    meaning: Meaning

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
    meaning = remedies.meaning(able[0], remedy)
    what = (
        able[0].label
        if number
        else f"{len(able)}\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN} {WORDS[able[0].cause].lower()}"
    )
    return Wish(remedy, able, f"{meaning.label}: {what}", meaning)
