"""Hangs this room: its views, and what templates of other rooms ask of it."""

from __future__ import annotations

from flask import Flask

from app.accounts.permissions import Action
from app.billing.entities import entities
from app.sync.steering import old_documents
from app.web.quickbooks import (
    blueprint,
    doorstep,
    shown_company,
    tabs,
    views,
    views_client_files,
    views_clients,
    views_connect_button,
    views_connecting,
    views_dry_run,
    views_history,
    views_import,
    views_import_documents,
    views_long_numbers,
    views_mapping,
    views_mapping_files,
    views_numbers,
    views_old_documents,
    views_policies,
    views_setup,
    views_tax,
)
from app.web.quickbooks.fixes import fix_link
from app.web.session import may_here

HUNG = (
    tabs,
    views,
    views_client_files,
    views_clients,
    views_connect_button,
    views_connecting,
    views_dry_run,
    views_history,
    views_import,
    views_import_documents,
    views_long_numbers,
    views_mapping,
    views_mapping_files,
    views_numbers,
    views_old_documents,
    views_policies,
    views_setup,
    views_tax,
)
"""The modules whose views hang on the blueprint; to import them is to hang them."""


def init_app(app: Flask) -> None:
    """Open the settings of QuickBooks; give every template `fix_link`, `unsent_questions`, `shown_company`."""
    app.register_blueprint(blueprint)
    app.register_blueprint(doorstep)
    app.jinja_env.globals.update(
        fix_link=fix_link, unsent_questions=unsent_questions, shown_company=shown_company.shown_company
    )


def unsent_questions() -> list[tuple[int, str, int]]:
    """(entity id, its name, how many open documents were not sent) wherever a person must still be asked."""
    if not may_here(Action.SEE_SYNC):
        return []
    asked = [(entity.id, entity.name, old_documents.question(entity)) for entity in entities()]
    return [question for question in asked if question[2]]
