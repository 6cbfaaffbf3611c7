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
from app.web.formats import NOTHING


class RateSum(NamedTuple):
    """One line of the summary, in pence."""

    label: str
    net_pence: int
    tax_pence: int
    reversed_pence: int = 0
    """Tax that is not charged: the client accounts for it, and is to be told how much it is."""


class TaxAtHome(NamedTuple):
    """The tax in the currency in which it is paid to the state, whatever the bill is in."""

    word: str
    pence: int
    currency: str


class _Rate(NamedTuple):
    charged: Decimal
    label: str
    reversed: Decimal
    """Percent of a tax that the client accounts for."""


def is_reckoned(document: Document) -> bool:
    """Whether its tax is computed here, rate by rate."""
    return document.entity.tax_regime is TaxRegime.UK


def summary_of(document: Document) -> list[RateSum]:
    """The summary of a document; empty where somebody else computes the tax."""
    if not is_reckoned(document):
        return []
    taxed = ((line.net_pence, line.tax_code) for line in document.lines if not line.is_comment)
    return summary(taxed, conventions_of(document.entity.country))


def summary(taxed: Iterable[tuple[int, TaxCode | None]], words: Conventions) -> list[RateSum]:
    """Sum up (net pence, tax code): one line for each rate charged, one for each reason why none is.

    `words` are those of the country that the document is issued in.
    """
    nets: defaultdict[_Rate, int] = defaultdict(int)
    for net_pence, code in taxed:
        nets[_rate(code, words)] += net_pence
    highest_first = sorted(nets.items(), key=lambda item: (-item[0].charged, item[0].label))
    return [
        RateSum(rate.label, net, share(net, rate.charged), share(net, rate.reversed)) for rate, net in highest_first
    ]


def whole_tax(document: Document, rates: Iterable[RateSum]) -> int | None:
    """The tax in all, in pence, with what the books round in it; None where one line of the summary says it already."""
    charged = [rate for rate in rates if rate.tax_pence]
    if len(charged) < 2 and not (charged and document.rounding_adjustment_pence):
        return None
    return document.tax_pence + document.rounding_adjustment_pence


def tax_at_home(document: Document) -> TaxAtHome | None:
    """What the law wants on a bill in a foreign currency; None of one at home, without tax, or of no known rate."""
    home, rate, pence = document.entity.home_currency, document.exchange_rate, document.home_tax_pence
    if not is_reckoned(document) or not rate or not pence or document.currency == home:
        return None
    words = conventions_of(document.entity.country)
    return TaxAtHome(f"{words.charged} in {home}, at {rate.normalize():f} for 1 {document.currency}", pence, home)


def on_a_line(code: TaxCode | None, words: Conventions) -> str:
    """The rate of a line on paper, which the law asks for beside its net amount, or why it bears none."""
    if code is None:
        return NOTHING
    nothing = {
        Treatment.EXEMPT: "Exempt",
        Treatment.OUTSIDE_SCOPE: f"No {words.charged}",
        Treatment.REVERSE_CHARGE: "Reverse charge",
    }
    return nothing.get(code.treatment, _percent(code.charged_percent))


def _rate(code: TaxCode | None, words: Conventions) -> _Rate:
    if code is None:
        return _Rate(Decimal(0), "Without tax code", Decimal(0))
    percent = code.charged_percent
    reverse = code.rate_percent if code.treatment is Treatment.REVERSE_CHARGE else Decimal(0)
    label = _reason(code.treatment, words) or f"{words.charged} {_percent(percent)}"
    return _Rate(percent, f"{label} at {_percent(reverse)}" if reverse else label, reverse)


def _percent(percent: Decimal) -> str:
    return f"{percent.normalize():f}%"


def _reason(treatment: Treatment, words: Conventions) -> str:
    """Why nothing is charged; empty where something is."""
    return {
        Treatment.ZERO: words.zero_rated,
        Treatment.EXEMPT: "Exempt",
        Treatment.OUTSIDE_SCOPE: f"Outside the scope of {words.tax}",
        Treatment.REVERSE_CHARGE: f"Reverse charge: the client accounts for the {words.tax}",
    }.get(treatment, "")
