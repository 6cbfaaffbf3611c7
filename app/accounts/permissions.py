"""Who may do what: one table, read by views, templates and the API alike."""

from __future__ import annotations

from enum import StrEnum

from app.accounts.roles import Role


class Action(StrEnum):
    """What a person may want to do. A view names one; anything not named here can't be done."""

    SEE = "see"
    """Dashboard, invoices, credit notes, clients, services, payments, taxes, terms."""
    SEE_SYNC = "see_sync"
    """Sync state, sync log, webhook log, reconciliation, QuickBooks settings without secrets."""
    EDIT_INVOICES = "edit_invoices"
    """Drafts of invoices and credit notes."""
    OPEN_INVOICES = "open_invoices"
    VOID_INVOICES = "void_invoices"
    EDIT_CLIENTS = "edit_clients"
    EDIT_SERVICES = "edit_services"
    RECORD_PAYMENTS = "record_payments"
    IMPORT = "import"
    OPT_OUT = "opt_out"
    """Don't push this document, and its undo."""
    RETRY = "retry"
    """Send again what failed or was parked."""
    RECONCILE = "reconcile"
    RESOLVE_DRIFT = "resolve_drift"
    MAP = "map"
    CONNECT = "connect"
    """Connect, reconnect, disconnect, test the connection, the verifier, the Intuit app."""
    CHANGE_MODE = "change_mode"
    """Between live and test."""
    PAUSE_SYNC = "pause_sync"
    EDIT_SETTINGS = "edit_settings"
    """Billing entity, tax codes, payment terms, policies."""
    SEE_MAIL = "see_mail"
    MANAGE_USERS = "manage_users"
    MANAGE_OWNERS = "manage_owners"
    """Make somebody an owner, or take it from them."""


_LEAST: dict[Action, Role] = {
    Action.SEE: Role.READ_ONLY,
    Action.SEE_SYNC: Role.READ_ONLY,
    Action.EDIT_INVOICES: Role.STAFF,
    Action.OPEN_INVOICES: Role.STAFF,
    Action.EDIT_CLIENTS: Role.STAFF,
    Action.EDIT_SERVICES: Role.STAFF,
    Action.RECORD_PAYMENTS: Role.STAFF,
    Action.IMPORT: Role.STAFF,
    Action.OPT_OUT: Role.STAFF,
    Action.RETRY: Role.STAFF,
    Action.RECONCILE: Role.STAFF,
    Action.VOID_INVOICES: Role.ADMIN,
    Action.RESOLVE_DRIFT: Role.ADMIN,
    Action.MAP: Role.ADMIN,
    Action.CONNECT: Role.ADMIN,
    Action.CHANGE_MODE: Role.ADMIN,
    Action.PAUSE_SYNC: Role.ADMIN,
    Action.EDIT_SETTINGS: Role.ADMIN,
    Action.SEE_MAIL: Role.ADMIN,
    Action.MANAGE_USERS: Role.ADMIN,
    Action.MANAGE_OWNERS: Role.OWNER,
}


def may(role: Role, action: Action) -> bool:
    """Whether this role allows this."""
    return role.rank >= _LEAST[action].rank


def least_role(action: Action) -> Role:
    """The lowest role that allows this."""
    return _LEAST[action]
