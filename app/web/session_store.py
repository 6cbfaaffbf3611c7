"""Sessions of signed-in people live in the database, revocable one by one; a visitor's in a signed cookie.

The cookie of a signed-in person holds a token of 256 bits, the row only its hash. A new token is made at sign-in and
whenever the person changes. Without the visitor's cookie anybody could fill the table by asking for the sign-in page.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from flask import Flask, Request, Response, request
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from app.accounts import sessions
from app.accounts.models import UserSession
from app.foundation import clock
from app.foundation.house import house


class _Where(TypedDict):
    path: str
    httponly: bool
    samesite: str


_PERSON = "_user_id"
"""Where Flask-Login keeps who is signed in."""
_CSRF = "csrf_token"
_WHERE: _Where = {"path": "/", "httponly": True, "samesite": "Lax"}
"""Lax, not Strict: who comes back from the consent page abroad must still be signed in."""
_json = TaggedJSONSerializer()


class PortalSession(SecureCookieSession):
    """A session, and the row it came from, if any."""

    row_id: int | None = None
    person: str | None = None
    """Who was signed in when the request began."""
    seen_at: datetime | None = None


class PortalSessions(SecureCookieSessionInterface):
    """Reads and writes sessions as told above."""

    session_class = PortalSession

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - the interface of Flask
        """The visitor's cookie, which Flask itself signs, reads and writes."""
        return cookie_name("visit")

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The signed-in person's session, else the visitor's."""
        token = request.cookies.get(cookie_name("session"))
        found = sessions.find(token) if token else None
        if found is not None:
            return _from_row(found)
        visitor = super().open_session(app, request)
        if visitor is not None and _PERSON in visitor:  # nobody is signed in by a visitor's cookie
            visitor.clear()
        return visitor

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Begin, move, keep or end a session, whichever the request led to."""
        if not isinstance(session, PortalSession):
            return
        response.vary.add("Cookie")
        if session.get(_PERSON) is None:
            self._leave(app, session, response)
        elif session[_PERSON] != session.person:
            self._enter(app, session, response)
        elif session.row_id is not None:
            _keep(session, session.row_id)

    def _leave(self, app: Flask, session: PortalSession, response: Response) -> None:
        if session.row_id is not None:
            sessions.end(session.row_id)
            response.delete_cookie(cookie_name("session"), **_WHERE, secure=self.get_cookie_secure(app))
        super().save_session(app, session, response)

    def _enter(self, app: Flask, session: PortalSession, response: Response) -> None:
        session.pop(_CSRF, None)  # a visitor's form token must not outlive the visit
        visitor = sessions.Visitor(request.remote_addr or "", request.user_agent.string)
        token = sessions.begin(session[_PERSON], _dump(session), visitor, instead_of=session.row_id)
        if token is None:
            return
        response.set_cookie(cookie_name("session"), token, **_WHERE, secure=self.get_cookie_secure(app))
        response.delete_cookie(cookie_name("visit"), **_WHERE, secure=self.get_cookie_secure(app))


def cookie_name(what: str) -> str:
    """The name of one of our cookies; over HTTPS browsers hold `__Host-` cookies to this host alone."""
    secure = house().settings.public_url.startswith("https:")
    return ("__Host-" if secure else "") + "counterfoil-" + what


def _from_row(row: UserSession) -> PortalSession:
    session = PortalSession(_json.loads(row.data))
    session.row_id, session.person, session.seen_at = row.id, session.get(_PERSON), row.seen_at
    return session


def _keep(session: PortalSession, row_id: int) -> None:
    stale = session.seen_at is None or clock.now() - session.seen_at >= sessions.SEEN_EVERY
    if session.modified or stale:
        sessions.keep(row_id, _dump(session) if session.modified else None)


def _dump(session: PortalSession) -> str:
    return str(_json.dumps(dict(session)))
