"""What one reading asks more than once: found once, and forgotten with the transaction in which it was read."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy.orm import SessionTransaction

from app.foundation.database import db
from app.foundation.tenancy import current_organisation

_Found = TypeVar("_Found")

_known: WeakKeyDictionary[SessionTransaction, dict[Hashable, Any]] = WeakKeyDictionary()


def once(key: Hashable, ask: Callable[[], _Found]) -> _Found:
    """What `ask` finds; in one reading transaction of one organisation it is asked once for each key.

    A transaction that writes asks each time anew: what it has changed itself must be seen. `ask` has to read.
    """
    session = db.session()
    if session.info.get("writing"):
        return ask()
    if not session.in_transaction():
        session.begin()
    known = _known.setdefault(cast("SessionTransaction", session.get_transaction()), {})
    whole_key = (current_organisation(), key)
    if whole_key not in known:
        known[whole_key] = ask()
    return cast("_Found", known[whole_key])
