"""The tour: which calls are made of a company so that its answers can be compared; a table of those that only read.

A word that begins with `$` stands for something kept from an earlier answer (`$customer.Id`) or for `$stamp`, which is
new for each tour. A step whose words are not known, because the company has no such record, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


_LISTS = ("Customer", "Vendor", "Item", "Account", "TaxCode", "TaxRate", "TaxAgency", "Term", "PaymentMethod", "Class")
_PAPERS = ("Invoice", "CreditMemo", "Payment", "Bill", "VendorCredit", "BillPayment", "Purchase")
READS: tuple[Step, ...] = (
    Step("preferences", "/preferences"),
    _ask("company", "select * from CompanyInfo", keep="company"),
    *(_ask(f"list of {kind}", str(Statement(kind, most=5))) for kind in (*_LISTS, *_PAPERS)),
    *(_ask(f"count of {kind}", count(kind)) for kind in ("Customer", "Invoice")),
    _ask("an empty answer", "select * from Customer where DisplayName = '$stamp nobody'"),
    _ask("even the inactive", "select * from Item where Active in (true, false) maxresults 5"),
    _ask("standard rate", "select * from TaxCode where Name = '20.0% S'", keep="vat"),
    _ask("an income account", "select * from Account where AccountType = 'Income' maxresults 1", keep="income"),
    _ask("an expense account", "select * from Account where AccountType = 'Expense' maxresults 1", keep="expense"),
    _ask("a bank account", "select * from Account where AccountType = 'Bank' maxresults 1", keep="bank"),
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
