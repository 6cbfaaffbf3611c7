"""What a record may say."""

from decimal import Decimal
from typing import Any

import pytest

from app.quickbooks import documents
from app.quickbooks.errors import BadDocumentError

LINE: dict[str, Any] = {"DetailType": "SalesItemLineDetail", "Amount": Decimal(1)}
INVOICE: dict[str, Any] = {"CustomerRef": {"value": "60"}, "Line": [LINE]}
ITEM: dict[str, Any] = {"Name": "Support", "Type": "Service"}
PAYMENT: dict[str, Any] = {"CustomerRef": {"value": "1"}, "TotalAmt": Decimal(0)}


@pytest.mark.parametrize(
    ("entity", "body"),
    [
        ("Customer", {"DisplayName": "x" * 500, "PrimaryEmailAddr": {"Address": "a@b.example, c@d.example"}}),
        ("Customer", {"GivenName": "Amy"}),
        ("Item", ITEM | {"UnitPrice": Decimal("0.0001234"), "IncomeAccountRef": {"value": "1150040002"}}),
        ("Invoice", INVOICE | {"DocNumber": "x" * 21, "PrivateNote": "x" * 4000}),
        ("CreditMemo", INVOICE | {"Line": [LINE | {"Amount": Decimal("-3.50")}]}),
        (
            "Payment",
            PAYMENT | {"Line": [{"Amount": Decimal(40), "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]}]},
        ),
    ],
)
def test_what_is_documented_may_be_said(entity: str, body: dict[str, Any]) -> None:
    documents.check(entity, body)


@pytest.mark.parametrize(
    ("entity", "body", "field"),
    [
        ("Customer", {"DisplayName": "x" * 501}, "DisplayName"),
        ("Customer", {"DisplayName": "Parent:Child"}, "DisplayName"),
        ("Customer", {"DisplayName": "broken \ud800"}, "DisplayName"),
        ("Customer", {"CompanyName": "Only a firm"}, "DisplayName"),
        ("Customer", {"DisplayName": "A", "PrimaryEmailAddr": {"Address": "nobody"}}, "PrimaryEmailAddr.Address"),
        ("Customer", {"DisplayName": "A", "Balance": Decimal(1)}, "Balance"),
        ("Customer", {"DisplayName": "A", "Active": "yes"}, "Active"),
        ("Customer", {"DisplayName": 7}, "DisplayName"),
        ("Item", {"Name": "Support"}, "Type"),
        ("Item", ITEM | {"Type": "Group"}, "Type"),
        ("Item", ITEM | {"UnitPrice": 1.5}, "UnitPrice"),
        ("Item", ITEM | {"UnitPrice": Decimal(10**11)}, "UnitPrice"),
        ("Invoice", INVOICE | {"Line": []}, "Line"),
        ("Invoice", INVOICE | {"Line": "none"}, "Line"),
        ("Invoice", INVOICE | {"Line": [{"Amount": Decimal(1)}]}, "Line[0].DetailType"),
        ("Invoice", INVOICE | {"Line": [LINE | {"Amount": Decimal("1.005")}]}, "Line[0].Amount"),
        ("Invoice", INVOICE | {"Line": [LINE | {"BadJson": 1}]}, "Line[0].BadJson"),
        ("Invoice", INVOICE | {"TxnDate": "30/09/2026"}, "TxnDate"),
        ("Invoice", INVOICE | {"DocNumber": "x" * 22}, "DocNumber"),
        ("Invoice", INVOICE | {"GlobalTaxCalculation": "TaxIncluded"}, "GlobalTaxCalculation"),
        ("Invoice", INVOICE | {"CustomerRef": {"name": "Amy"}}, "CustomerRef.value"),
        ("Invoice", INVOICE | {"CustomerRef": "60"}, "CustomerRef"),
        ("Payment", PAYMENT | {"Line": [{"Amount": Decimal(1), "LinkedTxn": []}]}, "Line[0].LinkedTxn"),
        ("Payment", PAYMENT | {"Id": "x1"}, "Id"),
        ("Vendor", {"DisplayName": "A"}, "Vendor"),
    ],
)
def test_what_intuit_would_refuse_is_named(entity: str, body: dict[str, Any], field: str) -> None:
    with pytest.raises(BadDocumentError) as refusal:
        documents.check(entity, body)
    assert refusal.value.field == field


def _line(**detail: object) -> dict[str, Any]:
    return {"DetailType": "SalesItemLineDetail", "Amount": Decimal("1861.08"), "SalesItemLineDetail": detail}


@pytest.mark.parametrize(
    "detail", [{"Qty": Decimal("128.35"), "UnitPrice": Decimal("14.5")}, {"Qty": Decimal("128.35")}, {}]
)
def test_quantity_times_price_is_rounded_half_up(detail: dict[str, Any]) -> None:
    documents.check("Invoice", {"CustomerRef": {"value": "1"}, "Line": [_line(**detail)]})


def test_a_line_whose_amount_does_not_agree_is_named() -> None:
    line = _line(Qty=Decimal("128.35"), UnitPrice=Decimal("14.49"))
    with pytest.raises(BadDocumentError, match=r"quantity times price, 1859\.79") as refusal:
        documents.check("Invoice", {"CustomerRef": {"value": "1"}, "Line": [line]})
    assert refusal.value.field == "Line[0].Amount"


def test_what_shall_be_sent_needs_an_address() -> None:
    body = {"CustomerRef": {"value": "1"}, "Line": [_line()], "EmailStatus": "NeedToSend"}
    with pytest.raises(BadDocumentError) as refusal:
        documents.check("Invoice", body)
    assert refusal.value.field == "BillEmail"
    documents.check("Invoice", {**body, "BillEmail": {"Address": "a@b.example"}})
