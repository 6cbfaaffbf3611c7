"""What of the changes there is news here."""

from __future__ import annotations

from typing import Any

from app.quickbooks.answers import Entity
from app.sync.listening import unheard
from tests.sync.books import Books

AT = {"LastUpdatedTime": "2026-09-12T04:01:02-07:00"}


def told(books: Books, entity: str, *records: Entity) -> list[str]:
    return [event.remote_id for event in unheard.news(books.connection_id, {entity: records})]


def payment(books: Books, **more: Any) -> dict[str, Any]:
    part = {"Amount": 50, "LinkedTxn": [{"TxnId": books.remote_id(books.invoice()), "TxnType": "Invoice"}]}
    return {"Id": "77", "SyncToken": "0", "TotalAmt": 50, "Line": [part], "MetaData": AT, **more}


def test_a_payment_of_something_of_ours_is_news(books: Books) -> None:
    assert told(books, "Payment", payment(books)) == ["77"]


def test_a_payment_that_was_voided_or_deleted_before_we_knew_it_is_none(books: Books) -> None:
    voided = payment(books, TotalAmt=0, PrivateNote="Voided", Line=[])
    assert told(books, "Payment", voided, {"Id": "78", "status": "Deleted", "MetaData": AT}) == []


def test_what_cannot_be_read_is_news_and_keeps_no_other_back(books: Books) -> None:
    assert told(books, "Payment", {**payment(books), "Id": "76", "TotalAmt": "1.2.3"}, payment(books)) == ["76", "77"]


def test_another_invoice_of_the_company_is_none(books: Books) -> None:
    assert told(books, "Invoice", {"Id": "4711", "SyncToken": "3", "TotalAmt": 1, "MetaData": AT}) == []


def test_a_record_called_deleted_twice_is_told_twice(books: Books) -> None:
    remote_id = books.remote_id(books.invoice())
    gone = {"Id": remote_id, "status": "Deleted", "MetaData": AT}
    later = {**gone, "MetaData": {"LastUpdatedTime": "2026-09-13T00:00:00Z"}}
    events = [unheard.news(books.connection_id, {"Invoice": [each]})[0] for each in (gone, later)]
    assert events[0].id != events[1].id


def test_a_list_row_is_news_when_its_version_is_newer(books: Books) -> None:
    customer = books.simulation.record("Customer", books.customer(books.invoice()))
    assert told(books, "Customer", customer) == []
    assert told(books, "Customer", {**customer, "SyncToken": "9"}) == [customer["Id"]]
