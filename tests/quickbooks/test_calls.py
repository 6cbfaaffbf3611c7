"""Calls to the byte."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.quickbooks import calls
from app.quickbooks.calls import BatchItem, Call, CallForm
from app.quickbooks.errors import BadDocumentError

INVOICE: dict[str, Any] = {
    "CustomerRef": {"value": "60"},
    "DocNumber": "INV-7",
    "TxnDate": "2026-09-30",
    "GlobalTaxCalculation": "TaxExcluded",
    "Line": [
        {
            "DetailType": "SalesItemLineDetail",
            "Amount": Decimal("250.00"),
            "SalesItemLineDetail": {
                "ItemRef": {"value": "19"},
                "Qty": Decimal(2),
                "UnitPrice": Decimal(125),
                "TaxCodeRef": {"value": "6"},
            },
        }
    ],
}


def test_an_invoice_is_made_by_a_post_of_its_own_digits() -> None:
    call = calls.create("Invoice", INVOICE)
    assert (call.method, call.path, call.query, call.form) == ("POST", "/invoice", (), CallForm.WRITE)
    assert b'"Amount":250.00' in call.body


def test_an_update_is_always_sparse() -> None:
    call = calls.update("Invoice", {"Id": "12", "SyncToken": "3", "DocNumber": "INV-8"})
    assert call.body == b'{"Id":"12","SyncToken":"3","DocNumber":"INV-8","sparse":true}'


def test_an_update_without_id_and_token_is_not_made() -> None:
    with pytest.raises(BadDocumentError, match="required"):
        calls.update("Invoice", INVOICE)


@pytest.mark.parametrize(
    ("entity", "query", "sparse"),
    [
        ("Invoice", (("operation", "void"),), False),
        ("Payment", (("operation", "update"), ("include", "void")), True),
    ],
)
def test_each_kind_is_voided_its_own_way(entity: str, query: tuple[tuple[str, str], ...], *, sparse: bool) -> None:
    call = calls.void(entity, "129", "0")
    assert (call.path, call.query) == (f"/{entity.lower()}", query)
    assert (b'"sparse":true' in call.body) is sparse


def test_a_credit_memo_cannot_be_voided_only_deleted() -> None:
    with pytest.raises(ValueError, match="cannot void a CreditMemo"):
        calls.void("CreditMemo", "129", "0")
    call = calls.delete("CreditMemo", "129", "0")
    assert (call.path, call.query) == ("/creditmemo", (("operation", "delete"),))


def test_a_long_statement_travels_in_the_body() -> None:
    assert calls.query("SELECT * FROM Term").query == (("query", "SELECT * FROM Term"),)
    long = calls.query("SELECT * FROM Invoice WHERE DocNumber IN (" + "'x'," * 900 + "'x')")
    assert (long.method, long.content_type, long.form) == ("POST", "application/text", CallForm.READ)


def test_changes_are_asked_for_in_utc() -> None:
    call = calls.changes_since(["Invoice", "Payment"], datetime(2026, 9, 1, 12, 30, tzinfo=UTC))
    assert call.query == (("entities", "Invoice,Payment"), ("changedSince", "2026-09-01T12:30:00Z"))


def test_company_and_preferences_are_reads() -> None:
    assert calls.company_info("1234").path == "/companyinfo/1234"
    assert calls.preferences() == Call("GET", "/preferences", (), body=b"", content_type="", form=CallForm.READ)


def test_a_batch_names_each_member() -> None:
    items = [
        BatchItem("m1", "create", "Customer", {"DisplayName": "Harbour Cafe"}),
        BatchItem("m2", "update", "Customer", {"Id": "7", "SyncToken": "1", "Active": False}),
        BatchItem("m3", "delete", "Invoice", {"Id": "129", "SyncToken": "0"}),
        BatchItem("m4", "void", "Payment", {"Id": "180", "SyncToken": "0"}),
    ]
    assert calls.batch(items).body == (
        b'{"BatchItemRequest":[{"bId":"m1","operation":"create","Customer":{"DisplayName":"Harbour Cafe"}},'
        b'{"bId":"m2","operation":"update","Customer":{"Id":"7","SyncToken":"1","Active":false,"sparse":true}},'
        b'{"bId":"m3","operation":"delete","Invoice":{"Id":"129","SyncToken":"0"}},'
        b'{"bId":"m4","operation":"update","optionsData":"void",'
        b'"Payment":{"Id":"180","SyncToken":"0","sparse":true}}]}'
    )


@pytest.mark.parametrize(
    "bids", [[], [f"m{n}" for n in range(31)], ["m1", "m1"], ["a-bid-too-long"]], ids=["none", "31", "twins", "long"]
)
def test_a_batch_that_intuit_would_refuse_is_not_made(bids: list[str]) -> None:
    with pytest.raises(ValueError, match=r"batch holds|bIds"):
        calls.batch([BatchItem(bid, "create", "Customer", {"DisplayName": bid}) for bid in bids])


@pytest.mark.parametrize("operation", ["void", "query"])
def test_a_batch_cannot_hold_what_is_documented_nowhere(operation: str) -> None:
    with pytest.raises(ValueError, match="a batch cannot"):
        calls.batch([BatchItem("m1", operation, "Invoice", {"Id": "1", "SyncToken": "0"})])


def test_a_frozen_call_thaws_to_the_same_bytes() -> None:
    call = calls.create("Customer", {"DisplayName": "Café “Quay” £"})
    assert Call.from_json(call.to_json()) == call
    voided = calls.void("Invoice", "129", "0")
    assert Call.from_json(voided.to_json().encode()) == voided
