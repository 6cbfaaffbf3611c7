"""`python-quickbooks` writes in batches, captures changed data, and reads what webhooks tell of."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from quickbooks import QuickBooks, exceptions
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.objects import Customer, Invoice, TaxCode

from tests.simulation import Call, Simulation
from tests.simulator.clients.python_companies import LIVE, VERIFIER, Company, Row, ids, made
from tests.simulator.clients.python_documents import DOCUMENTS
from tests.simulator.clients.python_lists import LISTS

KINDS = {name: row for name, row in (LISTS | DOCUMENTS).items() if "uk" in row.companies}
each_kind = pytest.mark.parametrize("row", KINDS.values(), ids=KINDS.keys())
each_document = pytest.mark.parametrize("row", DOCUMENTS.values(), ids=DOCUMENTS.keys())
EARLIER = datetime.now(UTC) - timedelta(days=1)


@each_kind
def test_a_batch_makes_and_changes_records_of_every_kind(uk: Company, row: Row) -> None:
    created = batch_create([row.make(uk) for _ in range(3)], qb=uk.books)
    assert (len(created.successes), created.faults) == (3, [])
    for record in created.successes:
        setattr(record, *row.change)
        record.PurchaseEx = None  # refused when it comes back
    updated = batch_update(created.successes, qb=uk.books)
    assert [getattr(record, row.change[0]) for record in updated.successes] == [row.change[1]] * 3
    assert {record.SyncToken for record in updated.successes} == {"1"}


@each_document
def test_a_batch_deletes_documents_of_every_kind(uk: Company, row: Row) -> None:
    records = [made(uk, row) for _ in range(2)]
    for record in records:
        record.PurchaseEx = None
    gone = batch_delete(records, qb=uk.books)
    assert [record.status for record in gone.successes] == ["Deleted"] * 2
    assert row.kind.choose(ids(records), qb=uk.books) == []


def test_more_than_thirty_records_go_in_several_batches(uk: Company) -> None:
    created = batch_create([LISTS["Term"].make(uk) for _ in range(31)], qb=uk.books)
    assert (len(created.successes), len(created.batch_responses)) == (31, 31)


def test_one_record_of_a_batch_fails_alone_and_is_told_with_its_fault(uk: Company) -> None:
    good, bad = LISTS["Customer"].make(uk), LISTS["Customer"].make(uk)
    bad.DisplayName = "Harbour Cafe"
    answered = batch_create([bad, good], qb=uk.books)
    assert [one.DisplayName for one in answered.successes] == [good.DisplayName]
    fault = answered.faults[0]
    assert (fault.original_object, fault.type, fault.Error[0].code) == (bad, "ValidationFault", "6240")


@each_kind
def test_what_changed_is_captured(uk: Company, row: Row) -> None:
    record = made(uk, row)
    captured = getattr(change_data_capture([row.kind], EARLIER, qb=uk.books), row.kind.qbo_object_name)
    assert record.Id in ids(captured)
    assert {type(one) for one in captured} == {row.kind}


@each_document
def test_what_was_deleted_is_captured_as_deleted(uk: Company, row: Row) -> None:
    record = made(uk, row)
    record.delete(qb=uk.books)
    captured = getattr(change_data_capture([row.kind], EARLIER, qb=uk.books), row.kind.qbo_object_name)
    assert [one.status for one in captured if one.Id == record.Id] == ["Deleted"]


def test_several_kinds_are_captured_at_once_and_one_without_changes_is_left_out(uk: Company) -> None:
    made(uk, DOCUMENTS["Invoice"])
    captured = change_data_capture([Invoice, Customer], "2099-01-01T00:00:00-07:00", qb=uk.books)
    assert not hasattr(captured, "Invoice")
    captured = change_data_capture([Invoice, Customer], EARLIER.isoformat(timespec="seconds"), qb=uk.books)
    assert len(captured.Invoice) > 0 < len(captured.Customer)


@pytest.mark.parametrize(("kind", "since"), [(TaxCode, EARLIER), (Invoice, EARLIER - timedelta(days=40))])
def test_what_cannot_be_captured_is_a_validation_exception(books: QuickBooks, kind: Any, since: datetime) -> None:
    with pytest.raises(exceptions.ValidationException):
        change_data_capture([kind], since, qb=books)


def events(call: Call) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(call.raw)
    return found


@pytest.mark.parametrize("form", ["cloudevents", "legacy"])
def test_the_package_accepts_the_signature_of_a_webhook(
    intuit: Simulation, uk: Company, switch: Any, form: str
) -> None:
    switch(webhook_format=form)
    intuit.webhooks()
    made(uk, DOCUMENTS["Invoice"])
    call = intuit.webhooks()[0]
    signature = call.headers["intuit-signature"]
    assert uk.books.validate_webhook_signature(call.raw.decode(), signature, VERIFIER) is True
    assert uk.books.validate_webhook_signature(call.raw.decode() + " ", signature, VERIFIER) is False
    assert uk.books.validate_webhook_signature(call.raw.decode(), signature, LIVE[1]) is False


@each_kind
def test_what_a_webhook_tells_of_is_read_by_its_id(intuit: Simulation, uk: Company, row: Row) -> None:
    """The package has no class for events: their entity and id lead to the record."""
    intuit.webhooks()
    record = made(uk, row)
    told = {(event["type"], event["intuitentityid"]) for call in intuit.webhooks() for event in events(call)}
    assert (f"qbo.{row.kind.qbo_object_name.lower()}.created.v1", record.Id) in told
    assert row.kind.get(record.Id, qb=uk.books).Id == record.Id
