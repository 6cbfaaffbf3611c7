"""Links to what messages, attempts and differences are about."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, url_for

_PAGES = {
    "invoice": ("invoices.show", "document_id"),
    "credit_note": ("credit_notes.show", "document_id"),
    "client": ("clients.show", "client_id"),
    "service": ("services.edit", "service_id"),
    "payment": ("payments.show", "payment_id"),
}


def init_app(app: Flask) -> None:
    """Give every template `subject_url`."""
    app.jinja_env.globals.update(subject_url=subject_url)


def subject_url(kind: str, subject_id: int) -> str | None:
    """The page of a document, client, service or payment; None where there is none."""
    endpoint, argument = _PAGES.get(kind, ("", ""))
    if endpoint not in current_app.view_functions:
        return None
    values: dict[str, Any] = {argument: subject_id}
    return url_for(endpoint, **values)
