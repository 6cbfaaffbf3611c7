"""Every page there is, by the url map: its address with ids that exist, in a practice where much has happened.

The list is the one that `make bench ONLY=pages` measures; to it come the pages that show nothing of a practice's years.
Whoever adds a page need not name it here, but what answers with a fragment alone, or with no page at all, is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from app.billing.laying_out import STANDARD
from app.billing.payment import Payment
from app.foundation.database import db, transaction
from app.outbox.models import Message
from benchmarks.pages import FURTHER, pages_of
from tests.sync.books import Books
from tests.web.routes_table import ROUTES
from tests.web.watching.lively import enliven
from tests.world import World

FRAGMENTS: dict[str, str] = {
    "home.now": "home.index",
    "clients.options": "invoices.new",
    "services.options": "invoices.new",
    "imports.progress": "imports.show",
    "invoices.quickbooks": "invoices.show",
    "credit_notes.quickbooks": "credit_notes.show",
    "sync_state.panel": "sync_state.index",
    "sync_log.options": "home.index",
    "reconciliation.progress": "reconciliation.show",
    "quickbooks.import_progress": "quickbooks.import_run",
    "quickbooks.options": "quickbooks.choose",
    "quickbooks.row": "quickbooks.mappings",
    "quickbooks.client_row": "quickbooks.clients",
    "quickbooks.customers": "quickbooks.choose_customer",
}
"""{what only htmx asks for: the page that includes it}."""

MEASURED_NOT = {"payments.divide", "payments.void", "differences.act", "differences.ignore"}
"""Pages all the same, though they show nothing of a practice's years."""

OPEN = {
    *("security.verify", "security.change_password"),
    *("quickbooks_door.disconnected", "legal.terms", "legal.privacy"),
}
"""Pages that the table of routes leaves to others to guard."""

ASKED: dict[str, dict[str, Any]] = {
    "differences.act": {"cause": "price", "remedy": "accept"},
    "differences.ignore": {"cause": "price"},
    "search.index": {"search": "Acme"},
    "quickbooks.mappings": {"tab": "mapped"},
}
"""What a page must be asked to show anything."""


def populate(books: Books) -> None:
    """Let much happen, and give the one service the tax code that `ROUTES` opens invoices with."""
    with transaction():
        books.firm.support.tax_code_id = books.firm.codes[STANDARD]
    enliven(books)


@dataclass(frozen=True)
class Place:
    """A page by its name, and what is asked of it."""

    name: str
    endpoint: str
    asked: Mapping[str, Any] = field(default_factory=dict)

    def address(self, app: Flask, world: World) -> str:
        """Path and query, with the ids of rows that are made for it."""
        return self.path(app, self.values(world))

    def values(self, world: World) -> Mapping[str, Any]:
        """What its address takes; the rows of its ids are made."""
        ids = ROUTES[self.endpoint].ids
        with transaction():
            return {**(ids(world) if ids else {}), **self.asked}

    def path(self, app: Flask, values: Mapping[str, Any]) -> str:
        """Its address with these; what the path does not take goes into the query."""
        with app.test_request_context():
            return app.url_for(self.endpoint, _method="GET", **values)


def in_years(books: Books) -> list[Place]:
    """The pages of rows that something has happened to."""
    acme, invoice = {"client_id": books.firm.acme.id}, books.firm_invoice()
    payment = db.session.scalars(select(Payment.id).order_by(Payment.id)).first()
    message = db.session.scalars(select(func.max(Message.id)).where(Message.subject_id == invoice.id)).one()
    return [
        *(Place(f"{name}: of Acme", name, acme) for name in ("clients.show", "statements.show", "payments.new")),
        *(Place(f"{name}: paid", name, {"document_id": invoice.id}) for name in ("invoices.show", "invoices.print")),
        Place("payments.show: theirs", "payments.show", {"payment_id": payment}),
        Place("sync_log.show: sent", "sync_log.show", {"message_id": message}),
        Place("reconciliation.show: done", "reconciliation.show", {"run_id": books.compare().id}),
    ]


def every_page(app: Flask) -> list[Place]:
    """Whatever shows a page of its own to whoever is signed in, and what else the measurement asks of some."""
    guarded = {rule.endpoint for rule in pages_of(app)} - set(FRAGMENTS)
    first_looks = [Place(name, name, ASKED.get(name, {})) for name in sorted(guarded | MEASURED_NOT | OPEN)]
    return first_looks + [Place(name, endpoint, asked) for name, (endpoint, asked) in FURTHER.items()]


def first_pages(app: Flask) -> list[Place]:
    """Those of no row, asked nothing: what there is on the first day, though some lead away until much has happened."""
    names = sorted({place.endpoint for place in every_page(app)})
    return [Place(name, name) for name in names if ROUTES[name].ids is None]
