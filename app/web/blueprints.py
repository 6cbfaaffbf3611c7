"""The list of all blueprints; a room that has pages adds its own here."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.web import theme
from app.web.account import views as account
from app.web.billing_entity import views as billing_entity
from app.web.clients import views as clients
from app.web.debtors import views as debtors
from app.web.health import views as health
from app.web.help import views as help_pages
from app.web.home import views as home
from app.web.imports import views as imports
from app.web.invoices import doors as invoices
from app.web.legal import views as legal
from app.web.mail import views as mail
from app.web.payments import doors as payments
from app.web.quickbooks import doors as quickbooks
from app.web.reconciliation import views as reconciliation
from app.web.reconciliation import views_settling as differences
from app.web.search import views as search
from app.web.services import views as services
from app.web.statements import views as statements
from app.web.sync_log import doors as sync_log
from app.web.sync_state import views as sync_state
from app.web.tax_codes import views as tax_codes
from app.web.terms import views as terms
from app.web.users import views as users
from app.web.webhook_log import views as webhook_log
from app.web.welcome import views as welcome

ALL: tuple[Blueprint, ...] = (
    home.blueprint,
    account.blueprint,
    clients.blueprint,
    services.blueprint,
    debtors.blueprint,
    statements.blueprint,
    search.blueprint,
    imports.blueprint,
    sync_state.blueprint,
    webhook_log.blueprint,
    reconciliation.blueprint,
    differences.blueprint,
    billing_entity.blueprint,
    tax_codes.blueprint,
    terms.blueprint,
    users.blueprint,
    mail.blueprint,
    help_pages.blueprint,
    legal.blueprint,
    welcome.blueprint,
    theme.blueprint,
    health.blueprint,
)


def init_app(app: Flask) -> None:
    """Hang every blueprint."""
    for blueprint in ALL:
        app.register_blueprint(blueprint)
    invoices.init_app(app)
    payments.init_app(app)
    sync_log.init_app(app)
    quickbooks.init_app(app)
