"""After a disconnect and a new connection, what is in QuickBooks already is known again, and not called a twin."""

from __future__ import annotations

from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.billing.payment import Payment, PaymentState
from app.foundation.database import db
from app.sync.company import connecting
from app.sync.comparing.drifts import DriftCause
from app.sync.watching import standing
from app.sync.watching.standing import Place
from tests.sync.books import Books


def part_and_meet_again(books: Books) -> None:
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.reconnect()


def place(books: Books, document: Document) -> Place:
    return standing.of_document(books.fresh(document)).place


def test_a_paid_invoice_and_its_payment_are_found_again(books: Books) -> None:
    invoice, open_one = books.invoice(), books.credit_note("40")
    books.pay(invoice, "120.00")
    books.listen()
    part_and_meet_again(books)
    run = books.compare()
    assert (run.drifts, run.matches) == (0, 2)
    assert [place(books, each) for each in (invoice, open_one)] == [Place.THERE] * 2
    assert books.fresh(invoice).status is DocumentStatus.PAID
    assert [payment.state for payment in db.session.query(Payment)] == [PaymentState.LIVE]


def test_one_that_was_changed_meanwhile_is_left_to_a_person(books: Books) -> None:
    invoice = books.invoice()
    remote_id = books.remote_id(invoice)
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.simulation.handle("Invoice", remote_id, "edit", DocNumber="INV-99")
    books.reconnect()
    books.compare()
    assert [drift.cause for drift in books.drifts()] == [DriftCause.ONLY_THERE]
    assert place(books, invoice) is Place.NOT_SENT
