"""The part of the routes table that belongs to billing's pages: both kinds of document from one list."""

from __future__ import annotations

from app.accounts.permissions import Action
from app.billing.kinds import DocumentKind
from tests.web import billing_rows as rows
from tests.web.billing_rows import Ids

Line = tuple[Action, Ids | None]


def _documents(room: str, kind: DocumentKind) -> dict[str, Line]:
    draft, opened, kept_back = rows.a_draft(kind), rows.an_open_one(kind), rows.a_kept_back_one(kind)
    lines: dict[str, Line] = {
        "index": (Action.SEE, None),
        "show": (Action.SEE, opened),
        "print": (Action.SEE, opened),
        "pdf": (Action.SEE, opened),
        "quickbooks": (Action.SEE, opened),
        "export": (Action.SEE, None),
        "new": (Action.EDIT_INVOICES, None),
        "create": (Action.EDIT_INVOICES, None),
        "preview": (Action.EDIT_INVOICES, None),
        "bulk": (Action.EDIT_INVOICES, None),
        "edit": (Action.EDIT_INVOICES, draft),
        "update": (Action.EDIT_INVOICES, draft),
        "duplicate": (Action.EDIT_INVOICES, opened),
        "turn": (Action.EDIT_INVOICES, draft),
        "delete": (Action.EDIT_INVOICES, draft),
        "delete_now": (Action.EDIT_INVOICES, draft),
        "open": (Action.OPEN_INVOICES, draft),
        "send": (Action.RETRY, opened),
        "void": (Action.VOID_INVOICES, opened),
        "keep_back": (Action.OPT_OUT, opened),
        "keep_back_now": (Action.OPT_OUT, opened),
        "let_go": (Action.OPT_OUT, kept_back),
        "let_go_now": (Action.OPT_OUT, kept_back),
    }
    return {f"{room}.{name}": line for name, line in lines.items()}


BILLING: dict[str, Line] = {
    **_documents("invoices", DocumentKind.INVOICE),
    **_documents("credit_notes", DocumentKind.CREDIT_NOTE),
    "clients.index": (Action.SEE, None),
    "clients.options": (Action.SEE, None),
    "clients.show": (Action.SEE, rows.a_client),
    "clients.new": (Action.EDIT_CLIENTS, None),
    "clients.edit": (Action.EDIT_CLIENTS, rows.a_client),
    "clients.activate": (Action.EDIT_CLIENTS, rows.a_client),
    "statements.show": (Action.SEE, rows.a_client),
    "statements.download": (Action.SEE, rows.a_client),
    "statements.pdf": (Action.SEE, rows.a_client),
    "debtors.index": (Action.SEE, None),
    "debtors.download": (Action.SEE, None),
    "services.index": (Action.SEE, None),
    "services.options": (Action.SEE, None),
    "services.new": (Action.EDIT_SERVICES, None),
    "services.edit": (Action.EDIT_SERVICES, rows.a_service),
    "services.activate": (Action.EDIT_SERVICES, rows.a_service),
    "tax_codes.index": (Action.SEE, None),
    "tax_codes.new": (Action.EDIT_SETTINGS, None),
    "tax_codes.edit": (Action.EDIT_SETTINGS, rows.a_tax_code),
    "tax_codes.activate": (Action.EDIT_SETTINGS, rows.a_tax_code),
    "terms.index": (Action.SEE, None),
    "terms.new": (Action.EDIT_SETTINGS, None),
    "terms.edit": (Action.EDIT_SETTINGS, rows.a_term),
    "terms.activate": (Action.EDIT_SETTINGS, rows.a_term),
    "billing_entity.index": (Action.SEE, None),
    "billing_entity.new": (Action.EDIT_SETTINGS, None),
    "billing_entity.edit": (Action.EDIT_SETTINGS, rows.an_entity),
    "payments.index": (Action.SEE, None),
    "payments.show": (Action.SEE, rows.a_payment),
    "payments.export": (Action.SEE, None),
    "payments.whose": (Action.RECORD_PAYMENTS, None),
    "payments.new": (Action.RECORD_PAYMENTS, rows.a_client),
    "payments.divide": (Action.RECORD_PAYMENTS, rows.a_payment_of_ours),
    "payments.send": (Action.RETRY, rows.a_payment_of_ours),
    "payments.void": (Action.RECORD_PAYMENTS, rows.a_payment_of_ours),
    "imports.index": (Action.IMPORT, None),
    "imports.upload": (Action.IMPORT, None),
    "imports.sample": (Action.IMPORT, None),
    "imports.show": (Action.IMPORT, rows.an_import),
    "imports.dry_run": (Action.IMPORT, rows.an_import),
    "imports.start": (Action.IMPORT, rows.an_import),
    "imports.cancel": (Action.IMPORT, rows.an_import),
    "imports.progress": (Action.IMPORT, rows.an_import),
    "imports.refusals": (Action.IMPORT, rows.an_import),
}
"""What one must be allowed to do, and the ids of the address."""
