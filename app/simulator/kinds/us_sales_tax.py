"""Sales tax in the United States (§4.4): TAX or NON on each line, one tax code for the document."""

from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.tax_detail import gathered, told
from app.simulator.kinds.vat import less_discount

_MOST_TAXABLE = 750
_PSEUDO = frozenset({"TAX", "NON", "CustomSalesTax"})


def is_automated(books: Books) -> bool:
    """Whether tax comes from the engine: PartnerTaxEnabled is true (§3.2)."""
    return books.preference("TaxPrefs", "PartnerTaxEnabled") is True


def _state(body: Body, books: Books) -> str:
    """Where tax is due: the destination, else the bill's address, else the company's own (§4.4)."""
    company = books.get("CompanyInfo", "1") or {}
    places = (body.get("ShipAddr"), body.get("BillAddr"), company.get("LegalAddr"))
    return next((str(place["CountrySubDivisionCode"]) for place in places
                 if place and place.get("CountrySubDivisionCode")), "")  # fmt: skip


def _code_for(books: Books, body: Body, sent: Body) -> Body | None:
    """The document's tax code: with automated tax the engine's, whatever was sent (§4.4); else what was sent."""
    if not is_automated(books):
        return books.get("TaxCode", str((sent.get("TxnTaxCodeRef") or {}).get("value", "")))
    state = _state(body, books).upper()
    codes = (code for code in books.shelves["TaxCode"].all() if code["Id"] not in _PSEUDO)
    return next((code for code in codes if code.get("Active") and code.get("Description", "").upper() == state), None)


def _taxable(lines: list[Body], body: Body) -> Decimal:
    """What TAX lines come to. Tax first, then discount, unless ApplyTaxAfterDiscount says otherwise (§4.4)."""
    nets = [(line["SalesItemLineDetail"]["TaxCodeRef"]["value"], wire.money(line["Amount"])) for line in lines]
    if body.get("ApplyTaxAfterDiscount"):
        nets = less_discount(nets, body["Line"])
    return sum((net for code, net in nets if code == "TAX"), Decimal(0))


def tax_detail(books: Books, body: Body, lines: list[Body], sent: Body) -> Body:
    """`TxnTaxDetail` of a form; `lines` are its item lines. No tax for an exempt customer or a place without a code."""
    if sum(line["SalesItemLineDetail"]["TaxCodeRef"]["value"] == "TAX" for line in lines) > _MOST_TAXABLE:
        # The limit is official (§3.0), the text is not recorded.
        raise refusals.business(f"A taxable transaction can have at most {_MOST_TAXABLE} lines.")
    code = _code_for(books, body, sent) if books.preference("TaxPrefs", "UsingSalesTax") else None
    customer = books.get("Customer", body["CustomerRef"]["value"]) or {}
    taxable = _taxable(lines, body)
    if code is None or customer.get("Taxable") is False:
        return {"TotalTax": 0}
    rates = [entry["TaxRateRef"]["value"] for entry in code["SalesTaxRateList"]["TaxRateDetail"]]
    totals = gathered(books, [(taxable, rates)] if taxable else [])
    return {"TxnTaxCodeRef": {"value": code["Id"]}} | told(books, totals, sent)
