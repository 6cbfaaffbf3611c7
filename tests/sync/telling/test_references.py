"""Something that a document names is inactive or gone there: the reason names it, and the fix leads to it."""

from __future__ import annotations

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.outbox.models import MessageState, Subject
from app.sync.records.links import LinkState
from app.sync.records.mappings import MappingKind, mapping_of
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books

PARKED = MessageState.PARKED


def item_of(books: Books) -> str:
    found = mapping_of(books.connection_id, MappingKind.SERVICE, books.firm.support.id)
    assert found is not None
    return found.remote_id


def test_an_inactive_item_is_named_and_its_mapping_is_the_fix(books: Books) -> None:
    books.invoice()
    books.simulation.handle("Item", item_of(books), "edit", Active=False, Name="SUP")
    invoice = books.invoice()
    message = weather.message_of(invoice)
    assert (message.state, message.blocker) == (PARKED, f"service:{books.firm.support.id}")
    assert "inactive in QuickBooks" in (message.reason or "")


def test_the_next_document_is_held_before_it_is_sent(books: Books) -> None:
    books.invoice()
    books.simulation.handle("Item", item_of(books), "edit", Active=False, Name="SUP")
    books.invoice()
    weather.forget(books)
    assert weather.state(books.invoice()) is PARKED
    assert weather.counts(books)["requests"] == 0


def test_made_active_again_it_goes_on_by_itself(books: Books) -> None:
    books.invoice()
    item = item_of(books)
    books.simulation.handle("Item", item, "edit", Active=False, Name="SUP")
    invoice = books.invoice()
    books.simulation.webhooks()
    books.simulation.handle("Item", item, "edit", Active=True, Name="SUP")
    books.listen()
    books.send()
    assert weather.state(invoice) is MessageState.DONE


def test_an_inactive_customer_is_named(books: Books) -> None:
    first = books.invoice()
    customer = books.customer(first)
    with transaction():
        invoicing.void(books.fresh(first), "", actor=ANN)
    books.send()
    books.simulation.handle("Customer", customer, "edit", Active=False, DisplayName="Acme")
    invoice = books.invoice()
    client = Subject("client", books.firm.acme.id)
    assert weather.state(client) is PARKED
    assert "is inactive in QuickBooks" in weather.reason(client)
    assert weather.state(invoice) is MessageState.WAITING


def amended(books: Books, invoice: Document) -> Document:
    with transaction():
        invoicing.change(books.fresh(invoice), books.firm.content(books.firm.line("150")), actor=ANN)
    books.send()
    return invoice


def test_an_inactive_item_does_not_make_an_amended_invoice_a_removed_one(books: Books) -> None:
    invoice = books.invoice()
    weather.order(books, "fault", kind="invoice", operation="update", code="610")
    books.simulation.handle("Item", item_of(books), "edit", Active=False, Name="SUP")
    amended(books, invoice)
    assert books.link(invoice).state is LinkState.LIVE
    assert weather.message_of(invoice).blocker == f"service:{books.firm.support.id}"


def test_an_amended_invoice_that_is_gone_there_is_a_removed_one(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "delete")
    amended(books, invoice)
    assert (weather.state(invoice), books.link(invoice).state) == (PARKED, LinkState.REMOVED)


@pytest.mark.parametrize("code", ["610", "2500"])
def test_where_all_is_well_there_a_person_is_asked(books: Books, code: str) -> None:
    books.invoice()
    weather.order(books, "fault", kind="invoice", method="POST", code=code)
    invoice = books.invoice()
    db.session.rollback()
    assert weather.message_of(invoice).blocker == f"invoice:{invoice.id}"
    assert "made inactive" in weather.reason(invoice)
