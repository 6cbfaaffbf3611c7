"""Answers read into facts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.quickbooks import answers, wire
from app.quickbooks.answers import Allocation, TxnLink
from app.quickbooks.errors import UnknownOutcome

INVOICE = wire.decode(
    b'{"Invoice":{"Id":"155","SyncToken":"2","DocNumber":"INV-7","TxnDate":"2026-01-15","TotalAmt":340.00,'
    b'"Balance":240.00,"TxnTaxDetail":{"TotalTax":50.00},"CustomerRef":{"value":"60","name":"Harbour Cafe"},'
    b'"CurrencyRef":{"value":"GBP"},"LinkedTxn":[{"TxnId":"128","TxnType":"Payment"}],"EInvoiceStatus":"new",'
    b'"PrivateNote":"Counterfoil 3-invoice-42",'
    b'"MetaData":{"LastUpdatedTime":"2026-05-05T02:08:55-07:00"}},"time":"2026-05-05T02:08:54.543-07:00"}'
)
VOIDED = {"Id": "155", "TotalAmt": 0, "Balance": 0, "PrivateNote": "Voided - Counterfoil 3-invoice-42"}
PAYMENT = wire.decode(
    b'{"Id":"180","SyncToken":"0","TotalAmt":100,"UnappliedAmt":10.5,"CustomerRef":{"value":"1"},'
    b'"PaymentRefNum":"BACS 9","Line":[{"Amount":49.50,"LinkedTxn":[{"TxnId":"155","TxnType":"Invoice"}]},'
    b'{"Amount":40,"LinkedTxn":[{"TxnId":"150","TxnType":"CreditMemo"}],"LineEx":{"any":[]}}]}'
)


def test_an_invoice_is_read_in_pence_and_utc() -> None:
    seen = answers.document(answers.entity_of(INVOICE, "Invoice"))
    assert (seen.id, seen.sync_token, seen.doc_number, seen.customer_id) == ("155", "2", "INV-7", "60")
    assert (seen.total_pence, seen.tax_pence, seen.balance_pence, seen.currency) == (34000, 5000, 24000, "GBP")
    assert seen.txn_date == date(2026, 1, 15)
    assert seen.updated_at == datetime(2026, 5, 5, 9, 8, 55, tzinfo=UTC)
    assert seen.links == (TxnLink("Payment", "128"),)
    assert not seen.voided


@pytest.mark.parametrize(
    ("note", "total", "voided"),
    [
        ("Voided", 0, True),
        ("Voided - x", Decimal("0.00"), True),
        ("Voided", 5, False),
        ("", 0, False),
        (None, 0, False),
    ],
)
def test_a_void_is_a_total_of_nought_with_its_note(note: Any, total: Any, *, voided: bool) -> None:
    assert answers.document({"TotalAmt": total, "PrivateNote": note}).voided is voided


def test_a_payment_that_divides_a_credit_is_not_void_whatever_its_note_says() -> None:
    line = {"Amount": 30, "LinkedTxn": [{"TxnId": "7", "TxnType": "CreditMemo"}]}
    void = {"TotalAmt": 0, "PrivateNote": "Voided"}
    assert answers.payment({**void, "Line": [{**line, "Amount": 0}]}).voided
    assert not answers.payment({**void, "Line": [line]}).voided


def test_a_tombstone_has_only_its_id() -> None:
    seen = answers.document({"domain": "QBO", "status": "Deleted", "Id": "979", "MetaData": {}})
    assert (seen.id, seen.deleted, seen.voided, seen.total_pence) == ("979", True, False, 0)


def test_a_payment_is_its_allocations() -> None:
    seen = answers.payment(PAYMENT)
    assert seen.allocations == (Allocation("Invoice", "155", 4950), Allocation("CreditMemo", "150", 4000))
    assert (seen.total_pence, seen.unapplied_pence, seen.reference) == (10000, 1050, "BACS 9")
    assert answers.payment({"Id": "1", "TotalAmt": 0, "PrivateNote": "Voided", "Line": []}).voided


def test_a_record_of_a_list_is_read_by_its_name() -> None:
    mail = {"Address": "ap@harbour.example"}
    customer = answers.named({"Id": "60", "SyncToken": "1", "DisplayName": "Harbour", "PrimaryEmailAddr": mail})
    assert (customer.name, customer.email, customer.active) == ("Harbour", "ap@harbour.example", True)
    assert answers.named({"Id": "TAX", "Name": "TAX"}).sync_token == "0"
    assert not answers.named({"Id": "5", "Name": "Old (deleted)", "Active": False}).active


def test_rows_and_changes_are_found_where_they_are() -> None:
    rows = {"QueryResponse": {"Term": [{"Id": "3"}], "startPosition": 1, "maxResults": 1}}
    assert answers.rows_of(rows, "Term") == [{"Id": "3"}]
    assert answers.rows_of({"QueryResponse": {}}, "Term") == []
    parts = [{"Customer": [{"Id": "1"}], "startPosition": 1}, {"Payment": [{"Id": "2", "status": "Deleted"}]}, {}]
    changes = answers.changes_of({"CDCResponse": [{"QueryResponse": parts}]})
    assert changes == {"Customer": [{"Id": "1"}], "Payment": [{"Id": "2", "status": "Deleted"}]}


def test_an_answer_without_the_record_has_an_unknown_outcome() -> None:
    with pytest.raises(UnknownOutcome, match="no Invoice"):
        answers.entity_of({"time": "x"}, "Invoice")


@pytest.mark.parametrize(
    ("value", "pence"), [("10.50", 1050), (Decimal("0.005"), 1), (None, 0), ("1,861.07", 186107), (7, 700)]
)
def test_amounts_are_read_whatever_they_look_like(value: Any, pence: int) -> None:
    assert answers.pence(value) == pence


@pytest.mark.parametrize("value", ["x", "1,5", "12,34.00", "NaN", "1E+400", True, {"value": 1}, [1]])
def test_an_amount_that_is_none_is_never_taken_for_nought(value: Any) -> None:
    with pytest.raises(UnknownOutcome, match="cannot be read"):
        answers.document({"Id": "1", "TotalAmt": value})


def test_an_answer_with_a_tax_that_is_no_amount_is_unknown() -> None:
    with pytest.raises(UnknownOutcome):
        answers.entity_of({"Invoice": {"Id": "155", "TxnTaxDetail": {"TotalTax": Decimal("1E+30")}}}, "Invoice")


def test_a_token_or_a_number_longer_than_any_is_cut_to_what_is_stored() -> None:
    seen = answers.document_face({"Id": "155", "SyncToken": "7" * 500, "DocNumber": "N" * 500})
    assert (len(seen.sync_token), len(seen.doc_number)) == (20, 40)
