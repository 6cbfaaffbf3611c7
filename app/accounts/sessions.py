"""Sessions of signed-in people: begun, found by their token, kept, and ended one by one.

Each function that writes opens a short transaction of its own, except where it says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from app.accounts.models import User, UserSession
from app.accounts.tokens import hash_of, new_token
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.tenancy import everywhere

IDLE_LIMIT = timedelta(hours=12)
ABSOLUTE_LIMIT = timedelta(days=14)
SEEN_EVERY = timedelta(minutes=1)
"""How exactly "last seen" is known: a write for every page would make each reader a writer."""


@dataclass(frozen=True)
class Visitor:
    """From where somebody signs in."""

    address: str
    browser: str


def find(token: str) -> UserSession | None:
    """The session of this cookie, unless it was ended or is past its limits."""
    now = clock.now()
    with everywhere():
        return db.session.scalar(
            select(UserSession).where(
                UserSession.token_hash == hash_of(token),
                UserSession.seen_at > now - IDLE_LIMIT,
                UserSession.created_at > now - ABSOLUTE_LIMIT,
            )
        )


def begin(uniquifier: str, data: str, visitor: Visitor, *, instead_of: int | None) -> str | None:
    """A new session for this person and the token that opens it; a session it takes the place of ends.

    None when there is no such person: what made them one was rolled back.
    """
    token = new_token()
    with everywhere(), transaction() as session:
        user = session.scalar(select(User).where(User.fs_uniquifier == uniquifier))
        if user is None:
            return None
        _sweep(instead_of)
        user.last_seen_at = clock.now()
        session.add(
            UserSession(
                organisation_id=user.organisation_id,
                user_id=user.id,
                token_hash=hash_of(token),
                data=data,
                address=visitor.address[:64],
                browser=visitor.browser[:200],
            )
        )
    return token


def keep(session_id: int, data: str | None) -> None:
    """Note that the person was seen, and what changed in their session, if anything did."""
    now = clock.now()
    with everywhere(), transaction() as session:
        kept = session.get(UserSession, session_id)
        if kept is not None:
            kept.seen_at, kept.data = now, kept.data if data is None else data
            session.execute(update(User).where(User.id == kept.user_id).values(last_seen_at=now))


def end(session_id: int) -> None:
    """End one session, whoever's it is."""
    with everywhere(), transaction() as session:
        session.execute(delete(UserSession).where(UserSession.id == session_id))


def of_user(user: User) -> Sequence[UserSession]:
    """All living sessions of a person, the latest seen first."""
    mine = select(UserSession).where(UserSession.user_id == user.id, UserSession.seen_at > clock.now() - IDLE_LIMIT)
    return db.session.scalars(mine.order_by(UserSession.seen_at.desc())).all()


def end_all(user: User, *, but: int | None = None) -> None:
    """End all sessions of a person, except one, inside the caller's transaction."""
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id, UserSession.id != (but or 0)))


def _sweep(replaced: int | None) -> None:
    now = clock.now()
    over = or_(UserSession.seen_at < now - IDLE_LIMIT, UserSession.created_at < now - ABSOLUTE_LIMIT)
    db.session.execute(delete(UserSession).where(or_(over, UserSession.id == (replaced or 0))))
