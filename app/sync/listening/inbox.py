"""Webhooks at the door: kept as they came and answered at once; what nobody signed leaves only its traces."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.foundation import clock
from app.foundation.database import table_of, transaction
from app.foundation.errors import ConflictError
from app.foundation.joint_commit import JointInserts
from app.foundation.sealing import Secret
from app.quickbooks.apps import Apps
from app.quickbooks.models import Environment
from app.quickbooks.webhooks import signature_matches
from app.sync.listening.deliveries import Delivery, Event, EventState, Rejection
from app.sync.listening.refusals import refusals

LARGEST = 2 * 1024 * 1024
"""Bytes; Intuit names no cap, 2 MB is what it advises to plan for (reference 9.1)."""
_LONGEST_SOURCE = 60
_ACCEPTED = JointInserts(table_of(Delivery))
"""Intuit waits meanwhile, so calls that arrive together are stored together."""


@dataclass(frozen=True)
class Verifiers:
    """The tokens valid now, by mode ("live", "test"); `app_id` is an organisation's own app, None the shared one."""

    by_mode: Mapping[str, Sequence[Secret]]
    app_id: int | None = None


def shared_verifiers(apps: Apps) -> Verifiers:
    """Those of the shared app, in both of Intuit's worlds."""
    return Verifiers({world.mode: apps.shared(world).verifiers for world in Environment})


def own_verifiers(apps: Apps, slug: str) -> Verifiers | None:
    """Those of the app whose address ends so; None where there is no such app."""
    found = apps.verifiers_at(slug)
    return Verifiers({found.mode: found.verifiers}, found.app_id) if found else None


def keep(raw: bytes, signature: str, source: str, verifiers: Verifiers) -> Rejection | None:
    """Store one call; returns why it was refused, None when it was accepted.

    The verifier that matches fixes the mode. Of a call that no verifier signed only reason, size and hash are kept.
    """
    mode, rejection = _judge(raw, signature, verifiers.by_mode)
    seen = _seen(source, verifiers.app_id)
    if rejection is not None:
        refusals().note(seen["source"], lambda: Delivery(**seen, **_contents(raw), rejection=rejection))
        return rejection
    _ACCEPTED.add(seen | _contents(raw) | {"mode": mode, "body": raw})
    with suppress(OperationalError):  # this call is kept, and what was counted before waits for another
        refusals().write_down_if_due()
    return None


def reject_unread(size: int, source: str, app_id: int | None = None) -> None:
    """Remember a call that was too large to be read at all; `size` in bytes, as it was announced."""
    seen = _seen(source, app_id)
    refusals().note(seen["source"], lambda: Delivery(**seen, size=size, digest="", rejection=Rejection.TOO_LARGE))


def _seen(source: str, app_id: int | None) -> dict[str, Any]:
    return {"arrived_at": clock.now(), "source": source[:_LONGEST_SOURCE], "intuit_app_id": app_id, "more": 0}


def _contents(raw: bytes) -> dict[str, Any]:
    return {"size": len(raw), "digest": hashlib.sha256(raw).hexdigest()}


def open_again(delivery_id: int) -> None:
    """A person wants a call processed anew: its events become due again; nothing is applied twice.

    Raises ConflictError for a call that was refused. Acts on the events of the organisation we act for alone.
    """
    with transaction() as session:
        delivery = session.get_one(Delivery, delivery_id)
        if delivery.body is None:
            raise ConflictError("A refused call can't be processed: nobody knows who sent it.")
        for event in session.scalars(select(Event).where(Event.delivery_id == delivery_id)):
            event.state, event.due_at, event.tries, event.effect = EventState.WAITING, clock.now(), 0, None
        delivery.processed_at = None


def _judge(
    raw: bytes, signature: str, verifiers: Mapping[str, Sequence[Secret]]
) -> tuple[str | None, Rejection | None]:
    if not signature:
        return None, Rejection.NO_SIGNATURE
    for mode, tokens in verifiers.items():
        if signature_matches(raw, signature, tokens) is not None:
            return mode, None
    return None, Rejection.BAD_SIGNATURE
