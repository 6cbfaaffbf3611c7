"""TxnTaxDetail (§4): what may be sent of it, how tax is rounded, what a client may override."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.fields import (
    Field,
    amount,
    choice,
    flag,
    many,
    number,
    plain_reference,
    read_only,
    structure,
)  # fmt: skip

HUNDRED = Decimal(100)

TAX_DETAIL = structure(
    "TxnTaxDetail",
    Field("TotalTax", amount),
    Field("TxnTaxCodeRef", plain_reference),
    Field("TaxLine", many(structure(
        "Line",
        Field("Amount", amount),
        Field("DetailType", choice("TaxLineDetail"), required=True),
        Field("TaxLineDetail", structure(
            "TaxLineDetail",
            Field("TaxRateRef", plain_reference),
            Field("PercentBased", flag),
            Field("TaxPercent", number),
            Field("NetAmountTaxable", amount),
            *read_only("OverrideDeltaAmount", "TaxInclusiveAmount"),
        )),
    ))),
)  # fmt: skip


@dataclass
class RateTotal:
    """What one rate has gathered on one document: net in pounds, the tax of its lines rounded one by one."""

    rate_id: str
    percent: Decimal
    net: Decimal = Decimal(0)
    by_line: Decimal = Decimal(0)

    def add(self, net: Decimal) -> None:
        """Count one line's net."""
        self.net += net
        self.by_line += wire.pence(net * self.percent / HUNDRED)

    def tax(self, rounding: str) -> Decimal:
        """Half up, per rate on the summed net or line by line (§4.2)."""
        return self.by_line if rounding == "per_line" else wire.pence(self.net * self.percent / HUNDRED)


def gathered(books: Books, nets: Iterable[tuple[Decimal, Iterable[str]]]) -> list[RateTotal]:
    """One total per rate, in the order of first use, from each line's net and the ids of its rates."""
    totals: dict[str, RateTotal] = {}
    for net, rate_ids in nets:
        for rate_id in rate_ids:
            rate = books.get("TaxRate", rate_id) or {"RateValue": 0}
            totals.setdefault(rate_id, RateTotal(rate_id, wire.money(rate["RateValue"]))).add(net)
    return list(totals.values())


def _tax_line(total: RateTotal, tax: Decimal, delta: Decimal | None) -> Body:
    detail: Body = {
        "TaxRateRef": {"value": total.rate_id}, "PercentBased": True, "TaxPercent": wire.number(total.percent),
        "NetAmountTaxable": wire.amount(total.net),
    }  # fmt: skip
    if delta is not None:
        detail["OverrideDeltaAmount"] = wire.amount(delta)
    return {"Amount": wire.amount(tax), "DetailType": "TaxLineDetail", "TaxLineDetail": detail}


def _overrides(sent: Body, totals: list[RateTotal], mode: object) -> dict[str, Decimal]:
    """Tax per rate that the client wants instead (§4.1). Refuses rates no line uses, and a rate given twice."""
    given: dict[str, Decimal] = {}
    for line in sent.get("TaxLine", ()) if mode == "honoured" else ():
        if "DetailType" not in line:
            raise refusals.Refusal(refusals.missing("DetailType"))
        rate_id = str(line.get("TaxLineDetail", {}).get("TaxRateRef", {}).get("value", ""))
        if rate_id in given or rate_id not in {total.rate_id for total in totals}:
            raise refusals.business("The tax rate in TxnTaxDetail does not belong to a tax code used on the lines.")
        given[rate_id] = wire.money(line.get("Amount"))
    return given


def told(books: Books, totals: list[RateTotal], sent: Body) -> Body:
    """`TxnTaxDetail` of a document from its totals and what the client sent of it."""
    wanted = _overrides(sent, totals, books.switches["tax_line_override"])
    rounding = str(books.switches["tax_rounding"])
    taxes = {total.rate_id: wanted.get(total.rate_id, total.tax(rounding)) for total in totals}
    whole = sum(taxes.values(), Decimal(0))
    if "TaxLine" not in sent and "TotalTax" in sent and books.switches["total_tax_alone"] == "honoured":
        whole = wire.money(sent["TotalTax"])
    shown = [_tax_line(total, taxes[total.rate_id], _delta(total, wanted, rounding)) for total in totals]
    return {"TotalTax": wire.amount(whole)} | ({"TaxLine": shown} if shown else {})


def _delta(total: RateTotal, wanted: dict[str, Decimal], rounding: str) -> Decimal | None:
    return wanted[total.rate_id] - total.tax(rounding) if total.rate_id in wanted else None
