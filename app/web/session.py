"""Who is signed in, for whom we act, and what they may do: `signed_in(action)` stands over every view."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, current_app, g
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.accounts.permissions import Action, may
from app.accounts.roles import Role
from app.foundation.errors import NotAllowedError
from app.foundation.tenancy import acting_for
from app.web.session_store import PortalSessions

P = ParamSpec("P")
R = TypeVar("R")


def init_app(app: Flask) -> None:
    """Keep sessions on the server; act for the signed-in person's organisation while a request lasts."""
    app.session_interface = PortalSessions()
    app.before_request(_act_for_own_organisation)
    app.teardown_request(_stop_acting)
    app.context_processor(lambda: {"may": may_here, "me": me_or_none()})
    app.jinja_env.globals.update(Action=Action, Role=Role)


def signed_in(action: Action) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """Let only people in whose role may do this; others get the sign-in page, or 403 with a sentence."""

    def wrap(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
            if me_or_none() is None:
                return cast("ResponseReturnValue", current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
            require(action)
            return view(*args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]  # read by the walk over all routes
        return guarded

    return wrap


def action_of(endpoint: str) -> Action | None:
    """What one must be allowed to do to open this page; None for a page that is missing or open to all."""
    return getattr(current_app.view_functions.get(endpoint), "action", None)


def require(action: Action) -> None:
    """Go on only if the signed-in person may do this. Raises NotAllowedError."""
    if not may_here(action):
        raise NotAllowedError(
            f"Your role ({me().role.label}) does not allow this. Ask an owner of {me().organisation.name}."
        )


def may_here(action: Action) -> bool:
    """Whether whoever is signed in may do this; nobody may do nothing."""
    user = me_or_none()
    return user is not None and may(user.role, action)


def me() -> User:
    """The signed-in person; only behind `signed_in`."""
    return cast("User", current_user._get_current_object())  # noqa: SLF001 - Flask-Login's documented way


def me_or_none() -> User | None:
    """The signed-in person, or None."""
    return me() if current_user and current_user.is_authenticated else None


def _act_for_own_organisation() -> None:
    user = me_or_none()
    if user is not None:
        g.acting = ExitStack()
        g.acting.enter_context(acting_for(user.organisation_id))


def _stop_acting(_problem: BaseException | None) -> None:
    acting = g.pop("acting", None)
    if acting is not None:
        acting.close()
