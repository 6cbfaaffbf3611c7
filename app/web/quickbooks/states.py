"""The state that goes to Intuit and comes back: proof that whoever returns is whoever left, kept in their session."""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple

from flask import session

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.web.session import me

_KEY = "quickbooks_states"
_LIVES_SECONDS = 600
_MOST = 5
"""A person may have begun in several tabs; older beginnings are forgotten."""


class Begun(NamedTuple):
    """What was begun: for which billing entity and mode."""

    entity_id: int
    mode: str


def issue(entity: BillingEntity) -> str:
    """A new state of 256 bits; only its hash rests in the session of the signed-in person, which lies on the server."""
    state = secrets.token_urlsafe(32)
    kept = dict(list(_living().items())[1 - _MOST :])
    session[_KEY] = {**kept, _hash(state): [entity.id, entity.mode.value, clock.now().timestamp(), me().id]}
    return state


def redeem(state: str) -> Begun | None:
    """What was begun with this state; None where it is unknown here, used already, or older than ten minutes."""
    living = _living()
    found = living.pop(_hash(state), None)
    session[_KEY] = living
    return Begun(int(found[0]), str(found[1])) if found else None


def _living() -> dict[str, list[float | str]]:
    """What may still come back, the oldest first: JSON of the session sorts by name, so it is sorted here by time."""
    oldest = clock.now().timestamp() - _LIVES_SECONDS
    begun = session.get(_KEY, {}).items()
    # A browser's session outlives a sign-out: what one person began there, the next one must not end.
    kept = {key: value for key, value in begun if float(value[2]) > oldest and value[3:] == [me().id]}
    return dict(sorted(kept.items(), key=lambda pair: float(pair[1][2])))


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
