"""Every endpoint: what one must be allowed to do to open it, and which ids its address takes.

Whoever adds a view adds a line here; without it the walk in test_routes.py fails. `ids` makes a row of Northgate IT (we
act for it, inside a transaction) and gives back the values of the address, as in `adams_id`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.accounts import people
from app.accounts.models import OneTimeLink, UserSession
from app.accounts.permissions import Action
from app.accounts.roles import Role
from app.foundation import clock
from app.foundation.database import db
from app.foundation.mail import Mail
from tests.web.billing_routes import BILLING
from tests.web.quickbooks_routes import QUICKBOOKS
from tests.web.sync_routes import SYNC
from tests.world import World

Ids = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Route:
    """One endpoint. No action: open to all, or guarded by itself. No ids: its address takes none."""

    action: Action | None = None
    ids: Ids | None = None


def adams_id(world: World) -> dict[str, int]:
    """Somebody of Northgate IT."""
    return {"user_id": world.adam.id}


def an_invitation(world: World) -> dict[str, int]:
    """An invitation to Northgate IT."""
    people.invite(world.olivia, "nina@northgate.example", Role.STAFF)
    db.session.flush()
    return {"link_id": db.session.scalars(select(OneTimeLink.id)).all()[-1]}


def a_session(world: World) -> dict[str, int]:
    """Adam's session."""
    row = UserSession(user_id=world.adam.id, token_hash="x" * 64, data="{}", address="", browser="")
    db.session.add(row)
    db.session.flush()
    return {"session_id": row.id}


def a_mail(world: World) -> dict[str, int]:
    """A mail of Northgate IT."""
    now = clock.now()
    mail = Mail(recipient=world.adam.email, subject="s", body="b", occasion="o", due_at=now, created_at=now)
    db.session.add(mail)
    db.session.flush()
    return {"mail_id": mail.id}


ROUTES: dict[str, Route] = {
    "home.index": Route(Action.SEE),
    "home.now": Route(Action.SEE),
    "home.skip": Route(Action.EDIT_SETTINGS, lambda _world: {"step": "mail"}),
    "home.take_up": Route(Action.EDIT_SETTINGS, lambda _world: {"step": "mail"}),
    "search.index": Route(Action.SEE_SYNC),
    "help.index": Route(Action.SEE),
    # one's own account
    "account.show": Route(Action.SEE),
    "account.end_session": Route(Action.SEE, a_session),
    "account.end_other_sessions": Route(Action.SEE),
    # people
    "users.index": Route(Action.MANAGE_USERS),
    "users.invite": Route(Action.MANAGE_USERS),
    "users.change_role": Route(Action.MANAGE_USERS, adams_id),
    "users.deactivate": Route(Action.MANAGE_USERS, adams_id),
    "users.reactivate": Route(Action.MANAGE_USERS, adams_id),
    "users.password_link": Route(Action.MANAGE_USERS, adams_id),
    "users.withdraw": Route(Action.MANAGE_USERS, an_invitation),
    # mail
    "mail.index": Route(Action.SEE_MAIL),
    "mail.show": Route(Action.SEE_MAIL, a_mail),
    "mail.test": Route(Action.SEE_MAIL),
    **{endpoint: Route(action, ids) for endpoint, (action, ids) in BILLING.items()},
    # the settings of QuickBooks
    **{endpoint: Route(action, ids) for endpoint, (action, ids) in QUICKBOOKS.items()},
    # watching the sync
    **{endpoint: Route(action, ids) for endpoint, (action, ids) in SYNC.items()},
    # open to all: before sign-in, for machines, and what Flask-Security guards itself
    "static": Route(),
    "theme.choose": Route(),
    "welcome.show": Route(),
    "legal.terms": Route(),
    "legal.privacy": Route(),
    "health.healthz": Route(),
    "health.readyz": Route(),
    "health.metrics": Route(),
    "security.login": Route(),
    "security.logout": Route(),
    "security.verify": Route(),
    "security.change_password": Route(),
}
