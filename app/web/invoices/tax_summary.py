"""The tax of a document rate by rate, as it was computed: on the summed net of each rate (pure)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from app.billing.conventions import Conventions, conventions_of
from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.tax import TaxCode, Treatment
from app.foundation.money import share


class RateSum(NamedTuple):
    """One line of the summary, in pence."""

    label: str
    net_pence: int
    tax_pence: int


def summary_of(document: Document) -> list[RateSum]:
    """The summary of a document; empty where somebody else computes the tax."""
    if document.entity.tax_regime is not TaxRegime.UK:
        return []
    taxed = ((line.net_pence, line.tax_code) for line in document.lines if not line.is_comment)
    return summary(taxed, conventions_of(document.entity.country))


def summary(taxed: Iterable[tuple[int, TaxCode | None]], words: Conventions) -> list[RateSum]:
    """Sum up (net pence, tax code): one line for each rate charged, one for each reason why none is.

    `words` are those of the country that the document is issued in.
    """
    nets: defaultdict[tuple[Decimal, str], int] = defaultdict(int)
    for net_pence, code in taxed:
        nets[_rate(code, words)] += net_pence
    highest_first = sorted(nets.items(), key=lambda item: (-item[0][0], item[0][1]))
    return [RateSum(label, net, share(net, percent)) for (percent, label), net in highest_first]


def _rate(code: TaxCode | None, words: Conventions) -> tuple[Decimal, str]:
    if code is None:
        return Decimal(0), "Without tax code"
    percent = code.charged_percent
    return percent, _reason(code.treatment, words) or f"{words.charged} {percent.normalize():f}%"


def _reason(treatment: Treatment, words: Conventions) -> str:
    """Why nothing is charged; empty where something is."""
    return {
        Treatment.ZERO: words.zero_rated,
        Treatment.EXEMPT: "Exempt",
        Treatment.OUTSIDE_SCOPE: f"Outside the scope of {words.tax}",
        Treatment.REVERSE_CHARGE: f"Reverse charge: the client accounts for the {words.tax}",
    }.get(treatment, "")
