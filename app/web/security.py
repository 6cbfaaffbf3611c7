"""Flask-Security, with our templates and our sessions; it commits by itself, so its writing views are wrapped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, redirect, request, url_for
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore, password_changed
from werkzeug.wrappers import Response

from app.accounts.models import User
from app.accounts.signup import SHORTEST_PASSWORD, any_user
from app.foundation import clock
from app.foundation.database import db, foreign_writes
from app.foundation.house import house
from app.foundation.mail import queue_mail
from app.foundation.tenancy import acting_for, everywhere
from app.web.csrf import csrf
from app.web.limits import KNOCKING, limiter
from app.web.session import me_or_none

_CONFIG: dict[str, Any] = {
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,  # the token ends with the session
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # argon2 salts by itself; no second secret to lose
    "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_CHANGE_URL": "/account/password",
    "SECURITY_VERIFY_URL": "/account/confirm",
    "SECURITY_LOGOUT_CSRF": True,
    "SECURITY_LOGIN_USER_TEMPLATE": "security/login.html",
    "SECURITY_CHANGE_PASSWORD_TEMPLATE": "security/change_password.html",
    "SECURITY_VERIFY_TEMPLATE": "security/verify.html",
    "SECURITY_LOGOUT_USER_TEMPLATE": "security/logout.html",
    "SECURITY_POST_LOGIN_VIEW": "home.index",
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    "SECURITY_POST_CHANGE_VIEW": "account.show",
    "SECURITY_POST_VERIFY_VIEW": "home.index",
    "SECURITY_CHANGEABLE": True,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,  # whether an address is known here is nobody's business
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,  # ours goes through the mail table
    "SECURITY_FRESHNESS": timedelta(hours=1),
    "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(minutes=10),
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_CLI_USERS_NAME": None,
    "SECURITY_CLI_ROLES_NAME": None,
    "SECURITY_STATIC_FOLDER": None,
}
_WRITING_VIEWS = ("security.login", "security.change_password", "security.verify", "security.logout")


class People(SQLAlchemyUserDatastore):
    """Looks for a person in all organisations, for nobody is signed in yet."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:  # noqa: FBT001, FBT002 - Flask-Security's interface
        """The one person with this attribute."""
        with everywhere():
            return cast("User | None", super().find_user(case_insensitive=case_insensitive, **kwargs))


def init_app(app: Flask) -> None:
    """Hang sign-in, sign-out, password change, the guard against forged requests, and the limits."""
    with app.app_context():
        secure = house().settings.public_url.startswith("https:")
    app.config.update(_CONFIG, SESSION_COOKIE_SECURE=secure)
    csrf.init_app(app)
    limiter.init_app(app)
    security = Security(app, People(db, User, RoleMixin))
    security.unauthn_handler(_to_sign_in)
    security.login_context_processor(lambda: {"nobody_yet": not any_user()})
    app.login_manager.unauthorized_callback = _to_sign_in  # type: ignore[attr-defined]  # it holds the older handler
    password_changed.connect(_tell_by_mail, app)
    for endpoint in _WRITING_VIEWS:
        app.view_functions[endpoint] = _in_own_transaction(app.view_functions[endpoint])
    knocking: Callable[[Any], Any] = limiter.limit(KNOCKING, methods=["POST"])
    app.view_functions["security.login"] = knocking(app.view_functions["security.login"])


def _in_own_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view commits with us, while the write lock is held from the start, or not at all."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(*args, **kwargs)
        with foreign_writes(), _for_whom():
            try:
                answer = view(*args, **kwargs)
                db.session.commit()
            except BaseException:
                db.session.rollback()
                raise
        return answer

    return wrapped


def _for_whom() -> AbstractContextManager[None]:
    """Whoever signs in may be anybody's; whoever is signed in is shown a page of their own organisation alone."""
    return everywhere() if me_or_none() is None else nullcontext()


def _to_sign_in(*_mechanisms: Any, **_headers: Any) -> Response:
    """Send whoever isn't signed in to the sign-in page, and back afterwards; htmx is told to leave the page."""
    back = request.full_path.rstrip("?") if request.method == "GET" and not request.headers.get("HX-Request") else None
    target = url_for("security.login", next=back)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("security.login")})
    return redirect(target)


def _tell_by_mail(_app: Flask, user: User, **_more: Any) -> None:
    with acting_for(user.organisation_id):
        queue_mail(
            [user.email],
            "Your password was changed",
            f"Hello {user.name},\n\nthe password of your Counterfoil account was changed. If that was not you, tell an "
            f"owner of {user.organisation.name} at once; they can deactivate your account.\n",
            occasion=f"password of {user.id} changed at {clock.now().isoformat()}",
        )
        db.session.flush()  # while we act for the organisation the mail belongs to
