"""What became of the tie to a company, kept beside what people did to its sync: who connected it, and who ended it.

The row of a connection tells of the present alone; months later somebody asks when the books were changed, and by whom.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.accounts.models import User
from app.billing import timeline
from app.billing.timeline import Actor
from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks.models import Connection

_NOBODY = Actor(None, "The operator")
"""A command ties a company without anybody being signed in."""


def connected(connection: Connection, former: Iterable[Connection]) -> None:
    """It was accepted, and those of before made way for it; each of these notes is in the caller's transaction."""
    for other in former:
        _note(other, "disconnected", f"Connected {_name(connection)} in its place", _who(connection))
    _note(connection, "connected", f"Connected {_name(connection)}", _who(connection))


def connected_again(connection: Connection) -> None:
    """It was authorised anew and goes on where it was."""
    _note(connection, "connected", f"Connected {_name(connection)} again", _who(connection))


def disconnected(connection: Connection, by: str) -> None:
    """A person ended it."""
    _note(connection, "disconnected", f"Disconnected {_name(connection)}", Actor(None, by))


def _name(connection: Connection) -> str:
    return connection.company_name or f"company {connection.realm_id}"


def _who(connection: Connection) -> Actor:
    user = db.session.get(User, connection.connected_by) if connection.connected_by else None
    return Actor(user.id, user.name) if user else _NOBODY


def _note(connection: Connection, verb: str, sentence: str, actor: Actor) -> None:
    timeline.note(Subject("connection", connection.id), verb, sentence, actor=actor)
