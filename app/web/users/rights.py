"""The table of rights in words, drawn from the one table that decides."""

from __future__ import annotations

from app.accounts.permissions import Action, least_role
from app.accounts.roles import Role

_WORDS = {
    Action.SEE: "See invoices, clients, payments and the dashboard",
    Action.SEE_SYNC: "See sync state, logs and reconciliation",
    Action.EDIT_INVOICES: "Draft and edit invoices and credit notes",
    Action.OPEN_INVOICES: "Open them, which sends them to QuickBooks",
    Action.IMPORT: "Import from CSV",
    Action.OPT_OUT: "Keep a document out of QuickBooks",
    Action.RETRY: "Send again what failed",
    Action.RECONCILE: "Run the reconciliation",
    Action.VOID_INVOICES: "Void documents",
    Action.MAP: "Map services and tax codes",
    Action.CONNECT: "Connect and disconnect QuickBooks",
    Action.PAUSE_SYNC: "Pause and resume the sync",
    Action.EDIT_SETTINGS: "Change billing settings",
    Action.MANAGE_USERS: "Invite and manage people",
    Action.MANAGE_OWNERS: "Make and unmake owners",
}

_COLUMNS = (Role.OWNER, Role.ADMIN, Role.STAFF, Role.READ_ONLY)

RIGHTS = [(words, [role.rank >= least_role(action).rank for role in _COLUMNS]) for action, words in _WORDS.items()]
"""(what, [owner, admin, staff, read-only])"""
