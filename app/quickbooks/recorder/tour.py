"""The tour: which calls are made of a company so that its answers can be compared; a table.

A word that begins with `$` stands for something kept from an earlier answer (`$customer.Id`) or for `$stamp`, which is
new for each tour. A step whose words are not known, because the company has no such record, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.quickbooks.statements import Statement, count

Words = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One call. `keep` names what the first record of its answer is kept as; a body makes it a write."""

    name: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Any = None
    keep: str = ""


def _ask(name: str, statement: str, keep: str = "") -> Step:
    return Step(name, "/query", (("query", statement),), keep=keep)


def _write(name: str, path: str, body: Any, *query: tuple[str, str], keep: str = "") -> Step:
    return Step(name, path, query, body, keep)


_LISTS = ("Customer", "Vendor", "Item", "Account", "TaxCode", "TaxRate", "TaxAgency", "Term", "PaymentMethod", "Class")
_PAPERS = ("Invoice", "CreditMemo", "Payment", "Bill", "Purchase")
READS: tuple[Step, ...] = (
    Step("preferences", "/preferences"),
    _ask("company", "select * from CompanyInfo", keep="company"),
    *(_ask(f"list of {kind}", str(Statement(kind, most=5))) for kind in (*_LISTS, *_PAPERS)),
    *(_ask(f"count of {kind}", count(kind)) for kind in ("Customer", "Invoice")),
    _ask("an empty answer", "select * from Customer where DisplayName = '$stamp nobody'"),
    _ask("even the inactive", "select * from Item where Active in (true, false) maxresults 5"),
    _ask("standard rate", "select * from TaxCode where Name = '20.0% S'", keep="vat"),
    _ask("an income account", "select * from Account where AccountType = 'Income' maxresults 1", keep="income"),
    _ask("unknown kind", "select * from Custmoer"),
    _ask("broken statement", "select from where"),
    _ask("unknown property", "select * from Customer where NoSuchThing = '1'"),
    _ask("too many rows", "select * from Customer maxresults 1001"),
    _ask("position nought", "select * from Customer startposition 0"),
    Step("not there", "/invoice/999999999"),
    Step("no number", "/invoice/1.5"),
    Step("unknown address", "/customer/1/5"),
    Step("changes", "/cdc", (("entities", "Customer,Invoice"), ("changedSince", "$yesterday"))),
    Step("changes of long ago", "/cdc", (("entities", "Customer"), ("changedSince", "$long_ago"))),
)
_LINE = {
    "DetailType": "SalesItemLineDetail",
    "Amount": Decimal("10.33"),
    "Description": "Support",
    "SalesItemLineDetail": {"ItemRef": {"value": "$item.Id"}, "Qty": 1, "UnitPrice": Decimal("10.33")},
}
_VAT_LINE = {
    **_LINE,
    "SalesItemLineDetail": {**_LINE["SalesItemLineDetail"], "TaxCodeRef": {"value": "$vat.Id"}},  # type: ignore[dict-item]  # a record
}
_SALE = {"CustomerRef": {"value": "$customer.Id"}, "GlobalTaxCalculation": "TaxExcluded"}
_INVOICE = {**_SALE, "TxnDate": "$today", "Line": [_VAT_LINE, _VAT_LINE, _VAT_LINE]}
_SAME = {"Id": "$invoice.Id", "SyncToken": "$invoice.SyncToken"}
_PAID = {"Amount": 10, "LinkedTxn": [{"TxnId": "$invoice.Id", "TxnType": "Invoice"}]}
WRITES: tuple[Step, ...] = (
    _write("new customer", "/customer", {"DisplayName": "Tour $stamp"}, keep="customer"),
    _write("name taken", "/customer", {"DisplayName": "Tour $stamp"}),
    _write("unknown property on a write", "/customer", {"DisplayName": "Tour $stamp b", "BadJson": 1}),
    _write(
        "new item",
        "/item",
        {"Name": "Tour $stamp", "Type": "Service", "IncomeAccountRef": {"value": "$income.Id"}},
        keep="item",
    ),
    _write("new invoice", "/invoice", {**_INVOICE, "DocNumber": "T-$stamp"}, keep="invoice"),
    _write("number taken", "/invoice", {**_INVOICE, "DocNumber": "T-$stamp"}),
    _write("number too long", "/invoice", {**_INVOICE, "DocNumber": "T-$stamp-0123456789-0123456789"}),
    _write("no line", "/invoice", _SALE),
    _write("amounts that do not agree", "/invoice", {**_SALE, "Line": [{**_VAT_LINE, "Amount": 11}]}),
    _write("sparse update", "/invoice", {**_SAME, "sparse": True, "PrivateNote": "Tour"}),
    _write("stale update", "/invoice", {**_SAME, "sparse": True, "PrivateNote": "Tour again"}),
    Step("read back", "/invoice/$invoice.Id", keep="invoice"),
    _write("new credit note", "/creditmemo", {**_SALE, "Line": [_VAT_LINE]}, keep="credit"),
    _write(
        "new payment",
        "/payment",
        {"CustomerRef": {"value": "$customer.Id"}, "TotalAmt": 10, "Line": [_PAID]},
        keep="payment",
    ),
    Step("read when paid", "/invoice/$invoice.Id", keep="invoice"),
    _write("void when paid", "/invoice", _SAME, ("operation", "void")),
    _write(
        "void a payment",
        "/payment",
        {"Id": "$payment.Id", "SyncToken": "$payment.SyncToken", "sparse": True},
        *(("operation", "update"), ("include", "void")),
    ),
    Step("read when unpaid", "/invoice/$invoice.Id", keep="invoice"),
    _write("void", "/invoice", _SAME, ("operation", "void")),
    _write(
        "batch",
        "/batch",
        {
            "BatchItemRequest": [
                {"bId": "b1", "operation": "create", "Customer": {"DisplayName": "Tour $stamp c"}},
                {"bId": "b2", "operation": "delete", "Invoice": {"Id": "999999999", "SyncToken": "0"}},
                {"bId": "b3", "Query": "select * from Term maxresults 2"},
            ]
        },
    ),
    _write(
        "delete a credit note",
        "/creditmemo",
        {"Id": "$credit.Id", "SyncToken": "$credit.SyncToken"},
        ("operation", "delete"),
    ),
    Step("read the deleted", "/creditmemo/$credit.Id"),
    Step("changes of the tour", "/cdc", (("entities", "Customer,CreditMemo"), ("changedSince", "$yesterday"))),
)
PLANS: Mapping[str, tuple[Step, ...]] = {"standard": READS}


def filled(value: Any, words: Words) -> Any:
    """The value with its words put in. Raises KeyError for a word that is not known."""
    if isinstance(value, Mapping):
        return {key: filled(inner, words) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [filled(inner, words) for inner in value]
    return _with_words(value, words) if isinstance(value, str) and "$" in value else value


def _with_words(text: str, words: Words) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(f"${word}", str(words[word]))
    if "$" in text:
        raise KeyError(text)
    return text
