"""Our records in QuickBooks' words. Pure: facts in, JSON bodies out; amounts become pounds with two decimals.

UK rule (invariant 7): each line names its TaxCodeRef, nothing ever names TxnTaxDetail, amounts are net.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.foundation.money import to_pounds
from app.sync.judging import headings
from app.sync.judging.facts import Books, ClientFacts, DocumentFacts, LineFacts, ServiceFacts
from app.sync.records.policies import WhenClosed

Body = dict[str, Any]

_MAX_DISPLAY_NAME = 500
_MAX_ITEM_NAME = 100
_MAX_DESCRIPTION = 4000
_MAX_EMAIL = 100


def sales_document(document: DocumentFacts, books: Books) -> Body:
    """An Invoice or CreditMemo, complete but for Id and SyncToken.

    Addresses are left out. QuickBooks copies the customer's when the document is made (reference 3.9) and keeps what a
    sparse update leaves out (2.5), so an amendment changes neither what was printed nor what a bookkeeper corrected
    there. Whether a new address of the customer ever reaches a document that exists is not recorded.
    """
    body: Body = {
        "CustomerRef": {"value": document.customer_id},
        "Line": [line for facts in document.lines for line in lines_of(facts, books)],
    }
    day = _date_in_books(document, books)
    if day is not None:
        body["TxnDate"] = day.isoformat()
    if document.link is None:
        # Once it is there, number and note belong to the bookkeeper: a sparse update that leaves them out keeps them.
        body |= {"DocNumber": document.number_there, "PrivateNote": document.marker}
    body |= headings.of_document(document, books)
    if document.subject.kind == "invoice":
        body |= _terms(document)
    if document.memo or _clears_memo(document):
        body["CustomerMemo"] = {"value": document.memo[:1000]}
    if books.taxes_per_line:
        body["GlobalTaxCalculation"] = "TaxExcluded"
    if books.multi_currency:
        body["CurrencyRef"] = {"value": document.currency}
    return body


def _clears_memo(document: DocumentFacts) -> bool:
    """Whether a memo of ours may be there that an empty one takes back; any other there is the bookkeeper's."""
    return document.link is not None and document.link.told_memo


def _terms(document: DocumentFacts) -> Body:
    """When an invoice is due; a CreditMemo has neither (reference 3.10)."""
    terms: Body = {}
    if document.due_date is not None:
        terms["DueDate"] = document.due_date.isoformat()
    if document.term_remote_id is not None:
        terms["SalesTermRef"] = {"value": document.term_remote_id}
    return terms


def is_dated_anew(document: DocumentFacts, books: Books) -> bool:
    """Whether a new document of the closed period goes under the first open day, by policy."""
    closed = books.closed_until is not None and document.issue_date <= books.closed_until
    return closed and document.link is None and books.when_closed is WhenClosed.FIRST_OPEN_DAY


def _date_in_books(document: DocumentFacts, books: Books) -> date | None:
    """The document's date; policy "first open day" moves a closed one behind the closing date.

    None for one that is there already: it keeps the day it got, instead of going back into the closed period.
    """
    if books.closed_until is None or document.issue_date > books.closed_until:
        return document.issue_date
    return books.closed_until + timedelta(days=1) if document.link is None else None


def lines_of(line: LineFacts, books: Books) -> list[Body]:
    """The lines there that stand for one of ours: itself, and its discount where it has one."""
    if line.is_comment:
        return [_comment(line)]
    sold = _sold(line, books)
    return [sold, _discount(line, books)] if line.discount_pence else [sold]


def _comment(line: LineFacts) -> Body:
    return {
        "DetailType": "DescriptionOnly",
        "Description": line.description[:_MAX_DESCRIPTION],
        "DescriptionLineDetail": {},
    }


def _sold(line: LineFacts, books: Books) -> Body:
    detail = _detail(line, books) | {"Qty": line.quantity, "UnitPrice": line.unit_price}
    return _item_line(line.amount_pence, line.description, detail)


def _discount(line: LineFacts, books: Books) -> Body:
    """A line's discount is a line of its own, negative, with the same item and tax code.

    QuickBooks knows only one discount per document (DESIGN 6). Without Qty and UnitPrice no arithmetic is checked.
    """
    percent = f" {line.discount_percent.normalize():f}%" if line.discount_percent else ""
    return _item_line(-line.discount_pence, f"Discount{percent}: {line.description}", _detail(line, books))


def _item_line(pence: int, description: str, detail: Body) -> Body:
    line: Body = {
        "DetailType": "SalesItemLineDetail",
        "Amount": to_pounds(pence),
        "SalesItemLineDetail": detail,
    }
    if description:
        line["Description"] = description[:_MAX_DESCRIPTION]
    return line


def _detail(line: LineFacts, books: Books) -> Body:
    detail: Body = {"ItemRef": {"value": line.item_id}} | headings.of_line(line, books)
    if books.taxes_per_line:
        detail["TaxCodeRef"] = {"value": line.tax_remote_id}
    elif books.country == "US":
        detail["TaxCodeRef"] = {"value": "TAX" if line.is_taxed else "NON"}
    return detail


def customer(client: ClientFacts, books: Books) -> Body:
    """A Customer for a client."""
    body: Body = {"DisplayName": display_name(client.name)}
    if client.company_name:
        body["CompanyName"] = client.company_name[:100]
    if "@" in client.email and "." in client.email and len(client.email) <= _MAX_EMAIL:
        body["PrimaryEmailAddr"] = {"Address": client.email}
    if client.phone:
        body["PrimaryPhone"] = {"FreeFormNumber": client.phone[:30]}
    if client.note:
        body["Notes"] = client.note[:2000]
    address = _address(client)
    if address:
        body["BillAddr"] = address
    if books.multi_currency:
        body["CurrencyRef"] = {"value": client.currency}
    return body


def _address(client: ClientFacts) -> Body:
    lines = {f"Line{number}": text[:500] for number, text in enumerate(client.address[:5], start=1) if text}
    parts = {
        "City": client.city[:255],
        "CountrySubDivisionCode": client.region[:255],
        "PostalCode": client.postcode[:30],
        "Country": client.country[:255],
    }
    filled = {name: text for name, text in parts.items() if text}
    return lines | filled if lines or client.city or client.region or client.postcode else {}


def display_name(name: str) -> str:
    """A name as a DisplayName may be: no colon, tab or newline (reference 3.0), at most 500 characters."""
    return " ".join(name.replace(":", " -").split())[:_MAX_DISPLAY_NAME]


def item(service: ServiceFacts, books: Books) -> Body:
    """A Service item for a service, sold on the account that was chosen for it, else on the default one."""
    body: Body = {
        "Name": item_name(service.code),
        "Type": "Service",
        "IncomeAccountRef": {"value": service.income_account_id or books.default_income_id},
    }
    if service.description:
        body["Description"] = service.description[:_MAX_DESCRIPTION]
    if service.unit_price is not None and service.unit_price > Decimal(0):
        body["UnitPrice"] = service.unit_price
    return body


def item_name(code: str) -> str:
    """A service's code as an Item's name may be: no colon, tab or newline, at most 100 characters."""
    return " ".join(code.replace(":", "-").split())[:_MAX_ITEM_NAME]
