"""Hangs the views of documents twice, once for each kind."""

from __future__ import annotations

from flask import Flask

from app.web.invoices import blueprint, views, views_bulk, views_editor, views_steps
from app.web.invoices.room import document_url
from app.web.invoices.states import document_state

HUNG = (views, views_bulk, views_editor, views_steps)
"""The modules whose views hang on the blueprint; to import them is to hang them."""


def init_app(app: Flask) -> None:
    """Open /invoices and /credit-notes; give every template `document_url` and `document_state`."""
    app.register_blueprint(blueprint)
    app.register_blueprint(blueprint, name="credit_notes", url_prefix="/credit-notes")
    app.jinja_env.globals.update(document_url=document_url, document_state=document_state)
