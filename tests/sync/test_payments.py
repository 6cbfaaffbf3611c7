"""Payments of QuickBooks applied here, where no webhook alone shows it."""

from __future__ import annotations

from app.billing import catalogue
from app.billing.catalogue_fields import ClientFields
from app.billing.kinds import DocumentStatus
from app.foundation.database import transaction
from app.sync import connecting, old_documents
from tests.billing.firm import ANN
from tests.sync.books import Books, connection


def test_a_standing_order_like_another_one_is_not_taken_for_it_after_reconnecting(books: Books) -> None:
    with transaction():
        dales = catalogue.create_client(ClientFields(name="Dales Vets"), actor=ANN)
    one, two = books.invoice(), books.invoice(client=dales)
    for invoice in (one, two):
        wish = {
            "customer": books.customer(invoice),
            "total": "50.00",
            "date": "2026-03-02",
            "reference": "STANDING ORDER",
            "allocations": [{"invoice_id": books.remote_id(invoice), "amount": "50.00"}],
        }
        books.simulation.control("companies/9341450000000001/payments", wish)
    books.listen()
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.reconnect()
    with transaction():
        old_documents.send_chosen(books.firm.entity, connection(books), [two.id], actor=ANN)
    books.send()
    books.compare()
    assert [books.fresh(each).status for each in (one, two)] == [DocumentStatus.PARTIALLY_PAID] * 2
