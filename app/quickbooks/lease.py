"""The right to write to one company: one holder at a time, across threads, processes and machines.

The holder's number, the fence, rises with each holder; whoever writes under it asks `check_fence` in the same
transaction, so one who was taken for dead and wakes up can change nothing here any more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from app.foundation.database import bare, db, rows_changed, table_of, transaction
from app.quickbooks.errors import FencedError
from app.quickbooks.realm import Governor, Realm

_LONGEST = timedelta(minutes=10)
"""No lease reaches further ahead; one that does was written by a clock that has since been put back."""


@dataclass(frozen=True)
class Lease:
    """Held until `until`, unless renewed; `fence` is the holder's number."""

    realm: Realm
    owner: str
    fence: int
    until: datetime


@dataclass(frozen=True)
class Landing:
    """A batch has landed: the latest moments at which those of the last minute can have arrived, in seconds of 1970.

    Nobody but the holder of the lease adds to them, so he may write them down without having looked again.
    """

    batches: tuple[float, ...]


def take_lease(
    realm: Realm, owner: str, now: datetime, hold_seconds: float, *, dead: Collection[str] = ()
) -> Lease | None:
    """The lease, or None while another holds it. `owner` must be unique for each turn.

    An expired holder's company, or that of one of the `dead` (owners known to be gone), is given away only when its
    last write can no longer be running on our side.
    """
    until = now + timedelta(seconds=hold_seconds)
    asked = {
        "of_realm": realm.realm_id,
        "of_mode": realm.mode,
        "now": now,
        "latest": now + _LONGEST,
        "dead": list(dead),
    }
    taken = {"owner": owner, "lease_until": until}
    with transaction() as session:
        fence = bare(_TAKE, asked | taken, session).scalar()
        if fence is None:  # it is held, or this is the first call of all
            ensure_row(session, realm)
            fence = bare(_TAKE, asked | taken, session).scalar()
    return None if fence is None else Lease(realm, owner, fence=fence, until=until)


def renew(lease: Lease, now: datetime, hold_seconds: float) -> Lease:
    """The same lease for longer. Raises FencedError when it was taken over."""
    until = now + timedelta(seconds=hold_seconds)
    with transaction() as session:
        _change(session, _ALONE, lease, lease_until=until)
    return replace(lease, until=until)


def release(lease: Lease) -> None:
    """Give it back; only when none of its calls is running. One that was taken over stays with its new holder."""
    with transaction() as session:
        bare(_SEEN, _holder(lease) | {"owner": None, "lease_until": None, "call_over_at": None}, session)


def check_fence(session: Session, lease: Lease, landing: Landing | None = None) -> None:
    """Raises FencedError unless this lease still stands; until the transaction ends nobody can take it over.

    A holder that writes is not on the line: its last call is over, and if it dies now nobody need wait for that call.
    """
    if landing is None:
        _change(session, _ALONE, lease, call_over_at=None)
    else:
        _change(session, _SEEN, lease, call_over_at=None, batches=list(landing.batches))


def holder_of(realm: Realm) -> str | None:
    """Who holds the lease, or held it last without giving it back."""
    owner: str | None = db.session.scalar(select(Governor.owner).where(*is_row_of(realm)))
    return owner


def is_held(row: Governor, now: datetime) -> bool:
    """Whether somebody writes for this company now, as far as the row tells."""
    return row.owner is not None and row.lease_until is not None and now < row.lease_until <= now + _LONGEST


def is_row_of(realm: Realm) -> tuple[ColumnElement[bool], ...]:
    """The condition that picks a company's row."""
    return Governor.realm_id == realm.realm_id, Governor.mode == realm.mode


def ensure_row(session: Session, realm: Realm) -> None:
    """Make the company's row, unless it is there; two who do it together get one."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = insert_postgresql if postgresql else insert_sqlite
    session.execute(insert(Governor).values(realm_id=realm.realm_id, mode=realm.mode).on_conflict_do_nothing())


def _change(session: Session, statement: Update, lease: Lease, **values: object) -> None:
    if not rows_changed(bare(statement, _holder(lease) | values, session)):
        raise FencedError


def _holder(lease: Lease) -> dict[str, object]:
    return {"of_realm": lease.realm.realm_id, "of_mode": lease.realm.mode, "by": lease.owner, "under": lease.fence}


_ROW = table_of(Governor)
_ALONE = update(_ROW).where(
    _ROW.c.realm_id == bindparam("of_realm"),
    _ROW.c.mode == bindparam("of_mode"),
    _ROW.c.owner == bindparam("by"),
    _ROW.c.fence == bindparam("under"),
)
_SEEN = _ALONE.values(version=_ROW.c.version + 1)
"""Changes of the row by its holder; of the second kind the panel takes notice."""
_NOW, _LATEST = bindparam("now", type_=_ROW.c.lease_until.type), bindparam("latest", type_=_ROW.c.lease_until.type)
_VACANT = or_(
    _ROW.c.owner.is_(None),
    _ROW.c.lease_until <= _NOW,
    _ROW.c.lease_until > _LATEST,
    _ROW.c.owner.in_(bindparam("dead", expanding=True)),
)
_NO_CALL = or_(_ROW.c.call_over_at.is_(None), _ROW.c.call_over_at <= _NOW, _ROW.c.call_over_at > _LATEST)
_TAKE = (
    update(_ROW)
    .where(_ROW.c.realm_id == bindparam("of_realm"), _ROW.c.mode == bindparam("of_mode"), _VACANT, _NO_CALL)
    .values(
        owner=bindparam("owner"),
        lease_until=bindparam("lease_until"),
        fence=_ROW.c.fence + 1,
        version=_ROW.c.version + 1,
    )
    .returning(_ROW.c.fence)
)
