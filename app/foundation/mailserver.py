"""The mail server of MAIL_URL, in the words Flask-Mailman reads."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KEPT = "dummy"
"""The backend that sends nothing: mails stay here."""
_SUBMISSION_PORT = 587
_TIMEOUT_SECONDS = 20


def mail_config(url: str, sender: str) -> dict[str, Any]:
    """`keep:`, `smtp://user:password@host:port` or `smtps://…` as configuration of the application.

    With `keep:` mails stay in the portal and are read in the browser. Plain `smtp` turns to TLS by STARTTLS on port 587
    or with `?starttls=yes`.
    """
    parts = urlsplit(url)
    port = parts.port or (465 if parts.scheme == "smtps" else 25)
    asked = parse_qs(parts.query).get("starttls", ["no"])[0] == "yes"
    return {
        "MAIL_BACKEND": KEPT if parts.scheme == "keep" else "smtp",
        "MAIL_SERVER": parts.hostname or "localhost",
        "MAIL_PORT": port,
        "MAIL_USERNAME": unquote(parts.username) if parts.username else None,
        "MAIL_PASSWORD": unquote(parts.password) if parts.password else None,
        "MAIL_USE_SSL": parts.scheme == "smtps",
        "MAIL_USE_TLS": parts.scheme == "smtp" and (asked or port == _SUBMISSION_PORT),
        "MAIL_DEFAULT_SENDER": sender,
        "MAIL_TIMEOUT": _TIMEOUT_SECONDS,
    }
