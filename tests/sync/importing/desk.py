"""What a bookkeeper typed into QuickBooks, what the preview says of it, and the worker's import."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.sync.importing import carrying, runs
from app.sync.importing import documents as importing_documents
from app.sync.importing.offers import Offer, Place
from app.sync.importing.runs import DocumentImport
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection

SINCE = date(2026, 1, 1)
DAY = "2026-02-03"


def typed_there(books: Books, number: str, entity: str = "Invoice", **more: object) -> str:
    """A bookkeeper typed a document over £100 and VAT for Acme; returns its id."""
    detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "6"}, "Qty": "2", "UnitPrice": "50.00"}
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": "100.00",
        "Description": "Care",
        "SalesItemLineDetail": detail,
    }
    told = {"DocNumber": number, "TxnDate": DAY, "Line": [line], "GlobalTaxCalculation": "TaxExcluded"}
    return weather.make_there(books, entity, **{"CustomerRef": {"value": customer(books)}} | told | more)


def customer(books: Books) -> str:
    return books.customer(books.firm_invoice())


def place(books: Books) -> Place:
    return Place(books.firm.entity, connection(books))


def offers(books: Books) -> dict[str, Offer]:
    """What the preview says after a comparison, by name."""
    books.compare()
    return {offer.name: offer for offer in importing_documents.look(place(books), SINCE)}


def begun(books: Books) -> int:
    with transaction():
        return runs.start(connection(books), SINCE, ANN).id


def imported(books: Books) -> DocumentImport:
    """Read what is there, and let the worker import it."""
    books.compare()
    run_id = begun(books)
    carrying.carry_out(current_organisation(), run_id)
    db.session.rollback()
    return db.session.get_one(DocumentImport, run_id)


def ours(number: str, kind: DocumentKind = DocumentKind.INVOICE) -> Document:
    return db.session.scalars(select(Document).where(Document.number == number, Document.kind == kind)).one()


def numbers() -> list[str | None]:
    db.session.rollback()
    return list(db.session.scalars(select(Document.number).order_by(Document.id)))
