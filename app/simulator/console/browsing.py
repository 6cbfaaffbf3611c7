"""Looking: companies, invoices, customers, items, tax codes, payments."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from flask import abort, render_template, request

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.shelves import Facts
from app.simulator.bookkeeping.wire import Body
from app.simulator.console.door import PAGE_ROWS, books_of, company_of, console, page_number
from app.simulator.doors import world

LISTS = (
    "CreditMemo", "Payment", "Customer", "Item", "TaxCode", "Account", "Term", "Bill", "VendorCredit", "BillPayment",
    "Purchase", "Vendor", "Employee", "TaxRate", "PaymentMethod", "Class", "Department", "CompanyCurrency",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """One page of records; `number` counts from 1."""

    records: list[Body]
    number: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PAGE_ROWS))


def _customers_named(books: Books, wanted: str) -> set[str]:
    facts = books.shelves["Customer"].facts
    return {one for one, known in facts.items() if wanted in str(known["DisplayName"])}


def _matches(facts: Facts, wanted: str, customers: set[str]) -> bool:
    return wanted in str(facts["DocNumber"] or "") or facts["CustomerRef"] in customers


def _paged(books: Books, kind: str, ids: Iterable[str]) -> Page:
    ordered = sorted(ids, key=int, reverse=True)
    number = page_number()
    bodies = [books.get(kind, one) for one in ordered[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]]
    return Page([body for body in bodies if body], number, len(ordered))


@console.get("/")
def companies() -> str:
    """All companies with their figures."""
    with world().lock:
        told = [
            {"company": company, "counts": _counts(world().books[realm]), "open": _owed(world().books[realm]),
             "connected": world().authority.is_connected(realm)}
            for realm, company in world().companies.items()
        ]  # fmt: skip
    return render_template("companies.html", companies=told)


def _counts(books: Books) -> dict[str, int]:
    return {kind: len(shelf.facts) for kind, shelf in books.shelves.items()}


def _owed(books: Books) -> Decimal:
    return sum((wire.money(facts["Balance"]) for facts in books.shelves["Invoice"].facts.values()), Decimal(0))


@console.get("/companies/<realm>/")
def invoices(realm: str) -> str:
    """Invoices, newest first; `search` looks at number and customer."""
    company, books = company_of(realm), books_of(realm)
    wanted = request.args.get("search", "").strip().casefold()
    with world().lock:
        facts = books.shelves["Invoice"].facts
        customers = _customers_named(books, wanted) if wanted else set()
        ids = [one for one in facts if not wanted or _matches(facts[one], wanted, customers)]
        page = _paged(books, "Invoice", ids)
    return render_template("invoices.html", company=company, page=page, search=wanted, kind="Invoice")


@console.get("/companies/<realm>/invoices/<record_id>")
def invoice(realm: str, record_id: str) -> str:
    """One invoice with what can be done to it."""
    company, books = company_of(realm), books_of(realm)
    with world().lock:
        body = books.get("Invoice", record_id)
        if body is None:
            abort(404)
        payments = [books.get("Payment", link["TxnId"]) for link in body["LinkedTxn"]]
        found = (books.get("TaxCode", one) for one in books.shelves["TaxCode"].facts)
        codes = {code["Id"]: code["Name"] for code in found if code}
    shown = {"invoice": body, "payments": payments, "tax_codes": codes}
    return render_template("invoice.html", company=company, kind="Invoice", **shown)


@console.get("/companies/<realm>/lists/<kind>")
def records(realm: str, kind: str) -> str:
    """Customers, items, tax codes, accounts, terms, credit memos, payments."""
    company, books = company_of(realm), books_of(realm)
    if kind not in LISTS:
        abort(404)
    with world().lock:
        page = _paged(books, kind, (one for one in books.shelves[kind].facts if one.isdigit()))
    return render_template("records.html", company=company, page=page, kind=kind)


@console.get("/companies/<realm>/lists/<kind>/<record_id>")
def record(realm: str, kind: str, record_id: str) -> str:
    """One record as the API shows it."""
    company, books = company_of(realm), books_of(realm)
    with world().lock:
        body = books.get(kind, record_id) if kind in LISTS else None
    if body is None:
        abort(404)
    return render_template("record.html", company=company, kind=kind, record=body, lines=_flattened(body))


def _flattened(body: Body, prefix: str = "") -> list[tuple[str, object]]:
    """A record as name and value, one below the other."""
    rows: list[tuple[str, object]] = []
    for name, value in body.items():
        if isinstance(value, dict):
            rows += _flattened(value, f"{prefix}{name}.")
        else:
            rows.append((prefix + name, wire.encode(value) if isinstance(value, list) else value))
    return rows


@console.get("/companies/<realm>/customers/<record_id>/receive")
def receive_form(realm: str, record_id: str) -> str:
    """One payment over several open invoices of a customer."""
    company, books = company_of(realm), books_of(realm)
    with world().lock:
        customer = books.get("Customer", record_id)
        shelf = books.shelves["Invoice"]
        ids = [one for one in shelf.find("CustomerRef", record_id) if shelf.facts[one]["Balance"]]
        page = _paged(books, "Invoice", ids)
    if customer is None:
        abort(404)
    return render_template("receive.html", company=company, customer=customer, page=page, kind="Customer")
