"""The part of the tour that writes, for each nature of company: tables, and what is taken out of them where it is odd.

The tables are written for a company with several currencies that charges VAT; `fitted` takes away what others refuse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.quickbooks.recorder.natures import Nature
from app.quickbooks.recorder.tour import Step


def _write(name: str, path: str, body: Any, *query: tuple[str, str], keep: str = "") -> Step:
    return Step(name, path, query, body, keep)


def _same(word: str) -> dict[str, str]:
    return {"Id": f"${word}.Id", "SyncToken": f"${word}.SyncToken"}


def _sold(code: str) -> dict[str, Any]:
    """One line of sale; 10.33 makes tax that is rounded by line differ from tax that is rounded by rate."""
    detail = {"ItemRef": {"value": "$item.Id"}, "Qty": 1, "UnitPrice": Decimal("10.33"), "TaxCodeRef": {"value": code}}
    return {
        "DetailType": "SalesItemLineDetail",
        "Amount": Decimal("10.33"),
        "Description": "Support",
        "SalesItemLineDetail": detail,
    }


def _tie(kind: str, word: str, amount: int = 10) -> dict[str, Any]:
    return {"Amount": amount, "LinkedTxn": [{"TxnId": f"${word}.Id", "TxnType": kind}]}


_HOME = {"CurrencyRef": {"value": "$home"}}
_LINE = _sold("$vat.Id")
_SALE = {"CustomerRef": {"value": "$customer.Id"}, "GlobalTaxCalculation": "TaxExcluded", **_HOME}
_INVOICE = {**_SALE, "TxnDate": "$today", "Line": [_LINE, _LINE, _LINE]}
_BOUGHT = {
    "DetailType": "AccountBasedExpenseLineDetail",
    "Amount": 10,
    "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "$expense.Id"}, "TaxCodeRef": {"value": "$vat.Id"}},
}
_PURCHASE = {"GlobalTaxCalculation": "TaxExcluded", "TxnDate": "$today", "Line": [_BOUGHT], **_HOME}
_OWED = {"VendorRef": {"value": "$vendor.Id"}, **_PURCHASE}
_CHEQUE = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "$bank.Id"}}}
_LISTS = (
    _write("new customer", "/customer", {"DisplayName": "Tour $stamp"}, keep="customer"),
    _write("name taken", "/customer", {"DisplayName": "Tour $stamp"}),
    _write("unknown property on a write", "/customer", {"DisplayName": "Tour $stamp b", "BadJson": 1}),
    _write(
        "new item",
        "/item",
        {"Name": "Tour $stamp", "Type": "Service", "IncomeAccountRef": {"value": "$income.Id"}},
        keep="item",
    ),
    _write("new vendor", "/vendor", {"DisplayName": "Tour vendor $stamp"}, keep="vendor"),
)
_SALES = (
    _write("new invoice", "/invoice", {**_INVOICE, "DocNumber": "T-$stamp"}, keep="invoice"),
    _write("number taken", "/invoice", {**_INVOICE, "DocNumber": "T-$stamp"}),
    _write("number too long", "/invoice", {**_INVOICE, "DocNumber": "T-$stamp-0123456789-0123456789"}),
    _write("no line", "/invoice", _SALE),
    _write("amounts that do not agree", "/invoice", {**_SALE, "Line": [{**_LINE, "Amount": 11}]}),
    _write("sparse update", "/invoice", {**_same("invoice"), "sparse": True, "PrivateNote": "Tour"}),
    _write("stale update", "/invoice", {**_same("invoice"), "sparse": True, "PrivateNote": "Tour again"}),
    Step("read back", "/invoice/$invoice.Id", keep="invoice"),
    _write("new credit note", "/creditmemo", {**_SALE, "Line": [_LINE]}, keep="credit"),
    _write(
        "new payment",
        "/payment",
        {"CustomerRef": {"value": "$customer.Id"}, **_HOME, "TotalAmt": 10, "Line": [_tie("Invoice", "invoice")]},
        keep="payment",
    ),
    Step("read when paid", "/invoice/$invoice.Id", keep="invoice"),
    _write("void when paid", "/invoice", _same("invoice"), ("operation", "void")),
    _write(
        "void a payment",
        "/payment",
        {**_same("payment"), "sparse": True},
        *(("operation", "update"), ("include", "void")),
    ),
    Step("read when unpaid", "/invoice/$invoice.Id", keep="invoice"),
    _write("void", "/invoice", _same("invoice"), ("operation", "void")),
)
_PURCHASES = (
    _write("new bill", "/bill", {**_OWED, "DocNumber": "B-$stamp"}, keep="bill"),
    _write("bill number taken", "/bill", {**_OWED, "DocNumber": "B-$stamp"}),
    _write("a bill without vendor", "/bill", _PURCHASE),
    _write("new vendor credit", "/vendorcredit", _OWED, keep="vendorcredit"),
    _write(
        "pay a bill",
        "/billpayment",
        {"VendorRef": {"value": "$vendor.Id"}, **_HOME, **_CHEQUE, "TotalAmt": 10, "Line": [_tie("Bill", "bill")]},
        keep="billpayment",
    ),
    Step("read a paid bill", "/bill/$bill.Id", keep="bill"),
    _write("delete a paid bill", "/bill", _same("bill"), ("operation", "delete")),
    _write("delete a bill payment", "/billpayment", _same("billpayment"), ("operation", "delete")),
    _write("new expense", "/purchase", {**_PURCHASE, "PaymentType": "Cash", "AccountRef": {"value": "$bank.Id"}}),
)
_LAST = (
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
    _write("delete a credit note", "/creditmemo", _same("credit"), ("operation", "delete")),
    Step("read the deleted", "/creditmemo/$credit.Id"),
    _write("vendor made inactive", "/vendor", {**_same("vendor"), "sparse": True, "Active": False}, keep="vendor"),
    _write("an inactive vendor changed", "/vendor", {**_same("vendor"), "sparse": True, "AcctNum": "T-1"}),
    Step("changes of the tour", "/cdc", (("entities", "Customer,CreditMemo"), ("changedSince", "$yesterday"))),
)
_EURO = {"CurrencyRef": {"value": "EUR"}}
_RATE = {"ExchangeRate": Decimal("0.85")}
"""Given, so that what a document is worth at home does not hang on the rate of the day."""
_ABROAD = (
    Step("rate of the day", "/exchangerate", (("sourcecurrencycode", "EUR"), ("asofdate", "$today"))),
    _write("customer in euro", "/customer", {"DisplayName": "Tour euro $stamp", **_EURO}, keep="euro"),
    _write("vendor in euro", "/vendor", {"DisplayName": "Tour euro vendor $stamp", **_EURO}, keep="eurovendor"),
    _write(
        "invoice in euro",
        "/invoice",
        {**_INVOICE, "CustomerRef": {"value": "$euro.Id"}, **_EURO, **_RATE},
        keep="abroad",
    ),
    _write("invoice in another currency", "/invoice", {**_INVOICE, "CustomerRef": {"value": "$euro.Id"}}),
    _write("no currency named", "/invoice", {"CustomerRef": {"value": "$customer.Id"}, "Line": [_LINE]}),
    _write(
        "payment in euro",
        "/payment",
        {"CustomerRef": {"value": "$euro.Id"}, **_EURO, **_RATE, "TotalAmt": 10, "Line": [_tie("Invoice", "abroad")]},
    ),
    _write("bill in euro without a rate", "/bill", {**_OWED, "VendorRef": {"value": "$eurovendor.Id"}, **_EURO}),
)
_STATE = {"Line1": "1 Harbor Blvd", "City": "San Mateo", "CountrySubDivisionCode": "CA", "PostalCode": "94401"}
_TAXED_BY_THEM = (
    _write("taxed", "/invoice", {**_SALE, "ShipAddr": _STATE, "Line": [_sold("TAX"), _sold("NON")]}),
    _write("tax said by us", "/invoice", {**_INVOICE, "TxnTaxDetail": {"TotalTax": 5}}),
    _write("the British way", "/invoice", {**_INVOICE, "GlobalTaxCalculation": "TaxInclusive"}),
)
"""The figures of the first depend on Intuit's own engine: a difference there says nothing about rules."""
_OWN: Mapping[Nature, tuple[Step, ...]] = {Nature.MULTI: _ABROAD, Nature.US: _TAXED_BY_THEM}
_AS_SAID = frozenset({"the British way"})
_STRANGE: Mapping[Nature, frozenset[str]] = {
    Nature.UK: frozenset({"CurrencyRef"}),
    Nature.US: frozenset({"CurrencyRef", "GlobalTaxCalculation"}),
    Nature.MULTI: frozenset(),
}


def writes(nature: Nature) -> tuple[Step, ...]:
    """The steps that make records in a company of this nature; only for a sandbox."""
    steps = (*_LISTS, *_SALES, *_PURCHASES, *_OWN.get(nature, ()), *_LAST)
    return tuple(step if step.name in _AS_SAID else _fitted(step, nature) for step in steps)


def _fitted(step: Step, nature: Nature) -> Step:
    return replace(step, body=_without(_STRANGE[nature], step.body))


def _without(names: frozenset[str], value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without(names, inner) for name, inner in value.items() if name not in names}
    return [_without(names, inner) for inner in value] if isinstance(value, list) else value
