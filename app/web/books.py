"""Links that open a record in QuickBooks itself."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from flask import Flask

from app.foundation.database import db
from app.quickbooks.models import Connection, Environment
from app.sync.engine import engine

_APPS = {
    Environment.PRODUCTION: "https://app.qbo.intuit.com/app",
    Environment.SANDBOX: "https://app.sandbox.qbo.intuit.com/app",
}
_PAGES = {
    "Invoice": "invoice?txnId",
    "CreditMemo": "creditmemo?txnId",
    "Payment": "recvpayment?txnId",
    "Customer": "customerdetail?nameId",
}
_INTUIT = ".intuit.com"


def init_app(app: Flask) -> None:
    """Give every template `books_url`."""
    app.jinja_env.globals.update(books_url=books_url)


def books_url(connection_id: int, entity: str, remote_id: str) -> str | None:
    """Where a person sees this record in QuickBooks; None where there is no page, or where Intuit is not Intuit.

    The addresses are not in Intuit's reference; they are those that QuickBooks itself shows in the browser.
    """
    connection = db.session.get_one(Connection, connection_id)
    api = engine().quickbooks.apps.shared(connection.environment).api_url
    if not remote_id or entity not in _PAGES or not (urlsplit(api).hostname or "").endswith(_INTUIT):
        return None
    return f"{_APPS[connection.environment]}/{_PAGES[entity]}={quote(remote_id, safe='')}"
