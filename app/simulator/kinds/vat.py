"""VAT as a company outside the United States computes it (§4.1, §4.2), on what is sold and on what is bought."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.tax_detail import HUNDRED, RateTotal, gathered, told


@dataclass(frozen=True)
class Side:
    """Sold or bought: which rates of a code count, which line details carry codes, what a missing code is told."""

    rates: str
    details: tuple[str, ...]
    no_code: str


SALES = Side(
    "SalesTaxRateList", ("SalesItemLineDetail", "DiscountLineDetail"),
    "Make sure all your transactions have a VAT rate before you save.",
)  # fmt: skip
PURCHASES = Side(
    "PurchaseTaxRateList", ("AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"),
    "All items need a tax rate. Please add one where it's missing.",
)  # fmt: skip

Net = tuple[str, Decimal]
"""A line's tax code id and net."""


def code_of(line: Body, side: Side) -> str:
    """The id of a line's tax code, "" without."""
    for detail in side.details:
        if detail in line:
            return str((line[detail].get("TaxCodeRef") or {}).get("value", ""))
    return ""


def less_discount(sold: list[Net], lines: list[Body]) -> list[Net]:
    """A discount lowers every line in proportion (§3.9)."""
    discount = sum(
        (wire.money(line["Amount"]) for line in lines if line["DetailType"] == "DiscountLineDetail"), Decimal(0)
    )
    subtotal = sum((net for _, net in sold), Decimal(0))
    if not discount or not subtotal:
        return sold
    return [(code, net - discount * net / subtotal) for code, net in sold]


def _rates(books: Books, code_id: str, side: Side) -> list[str]:
    """The rates of a code on this side. Refuses (6000) a line without a code."""
    code = books.get("TaxCode", code_id)
    if code is None:
        raise refusals.business(side.no_code)
    entries = code.get(side.rates, {}).get("TaxRateDetail", ())
    return [entry["TaxRateRef"]["value"] for entry in entries]


def gather(books: Books, nets: list[Net], side: Side) -> list[RateTotal]:
    """One total per rate used."""
    return gathered(books, [(net, _rates(books, code, side)) for code, net in nets])


def tax_detail(books: Books, nets: list[Net], sent: Body, side: Side) -> Body:
    """`TxnTaxDetail` of a document; without VAT registration it is not kept at all (§4.1)."""
    if not books.preference("TaxPrefs", "UsingSalesTax"):
        return {"TotalTax": 0}
    return told(books, gather(books, nets, side), sent)


def net_of_gross(books: Books, side: Side) -> Callable[[Body], Body]:
    """For the switch `split_out`: a line whose Amount was gross, made net (§4.1)."""

    def split(line: Body) -> Body:
        if not any(detail in line for detail in side.details) or line["DetailType"] == "DiscountLineDetail":
            return line
        totals = gather(books, [(code_of(line, side), Decimal(0))], side)
        percent = sum((total.percent for total in totals), Decimal(0))
        net = wire.pence(wire.money(line["Amount"]) * HUNDRED / (HUNDRED + percent))
        return line | {"Amount": wire.amount(net)}

    return split
