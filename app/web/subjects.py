"""How pages speak of messages and attempts: links to what they are about, words for how they ended."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, url_for

from app.sync.records.attempts import Outcome

_PAGES = {
    "invoice": ("invoices.show", "document_id"),
    "credit_note": ("credit_notes.show", "document_id"),
    "client": ("clients.show", "client_id"),
    "service": ("services.edit", "service_id"),
    "payment": ("payments.show", "payment_id"),
}


ATTEMPTS = {
    Outcome.SENT: ("good", "Sent"),
    Outcome.MATCHED: ("good", "Matched"),
    Outcome.ADOPTED: ("good", "Adopted"),
    Outcome.THROTTLED: ("warn", "Throttled"),
    Outcome.LATER: ("wait", "Later"),
    Outcome.UNKNOWN: ("warn", "Unknown"),
    Outcome.REFUSED: ("bad", "Refused"),
    Outcome.SKIPPED: ("calm", "Skipped"),
    Outcome.HELD: ("warn", "Held"),
}
"""Tone and word of each outcome of an attempt."""


def init_app(app: Flask) -> None:
    """Give every template `subject_url` and `attempt_states`."""
    app.jinja_env.globals.update(subject_url=subject_url, attempt_states=ATTEMPTS)


def subject_url(kind: str, subject_id: int) -> str | None:
    """The page of a document, client, service or payment; None where there is none."""
    endpoint, argument = _PAGES.get(kind, ("", ""))
    if endpoint not in current_app.view_functions:
        return None
    values: dict[str, Any] = {argument: subject_id}
    return url_for(endpoint, **values)
