"""What the page of a document says about a sales tax that QuickBooks computes: awaited, taken over, or in doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.billing import sales_tax
from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentStatus
from app.sync.watching.standing import Place
from app.web.filters import money
from app.web.invoices.standings import Shown

_STEPS = 3
"""Opened here, told to QuickBooks, its tax taken over."""
_SLIGHT = 200
"""One part in so many: half a percent of the tax."""
_DONE = {Place.WAITING: 1, Place.SENDING: 2}
LOCKED = (
    "QuickBooks computed it, so it can't be edited here. Whether a line is taxable, its tax code says; how much tax"
    " that makes, QuickBooks decides by the client's address and exemption there. Amend the lines, and its new tax is"
    " taken over."
)

_KEPT_BACK = (
    "It is kept back from QuickBooks, so its amounts stay as they are. Allow pushing, and QuickBooks computes the tax."
)


@dataclass(frozen=True)
class SalesTax:
    """One notice: its tone, its title and its sentences; `done` of `steps` while the page waits, else None."""

    tone: str
    title: str
    sentences: tuple[str, ...] = ()
    done: int | None = None
    steps: int = _STEPS
    doubts: tuple[str, ...] = ()
    """What differs from what we expected; never left out."""


def is_automated(document: Document) -> bool:
    """Whether somebody else computes the tax of its biller."""
    return document.entity.tax_regime is TaxRegime.US_AUTOMATED


def sales_tax_of(document: Document, shown: Shown) -> SalesTax | None:
    """The notice of a document in its present standing; None where we compute the tax, or nothing is owed any more."""
    if not is_automated(document) or document.status is DocumentStatus.VOID:
        return None
    if document.status is DocumentStatus.DRAFT:
        return SalesTax("calm", "QuickBooks computes the sales tax once this is opened", tuple(_reckoned(document)))
    return _awaited(document, shown) if document.awaits_tax else _taken(document)


def is_awaited(document: Document) -> bool:
    """Whether an opened document stands here without the tax on what it says now, and gets it."""
    return document.tax_is_to_come


def _reckoned(document: Document) -> Iterator[str]:
    if document.reckoned_tax_pence is not None:
        yield f"We reckon {money(document.reckoned_tax_pence, document.currency)}, to be held against its answer."


def _awaited(document: Document, shown: Shown) -> SalesTax:
    if document.kept_back:
        return SalesTax("calm", "QuickBooks computes no sales tax on this", (_KEPT_BACK,))
    before = "The tax shown is the one on the version before." if document.tax_pence else "Amounts are without tax."
    if shown.moves:
        return SalesTax(
            "busy",
            "QuickBooks is computing the sales tax",
            (shown.sentence, *_reckoned(document), "This page waits for the answer and shows it by itself."),
            _DONE[shown.standing.place],
        )
    hint = f"{before} Don't give it to the client yet."
    return SalesTax("warn", "The sales tax is not known yet", (shown.sentence, hint))


def _taken(document: Document) -> SalesTax:
    doubts = tuple(_doubts(document))
    tone = "warn" if doubts and not _is_slight(document) else "calm"
    return SalesTax(tone, "Sales tax as QuickBooks computed it", (LOCKED,), doubts=doubts)


def _is_slight(document: Document) -> bool:
    """Whether what we had reckoned was off by no more than a rate can be that was learnt from a tax in whole pence."""
    off = abs(document.tax_pence - (document.reckoned_tax_pence or 0))
    return off * _SLIGHT <= document.tax_pence and document.reckoned_tax_pence is not None


def _doubts(document: Document) -> Iterator[str]:
    """Each variance between what we expected and what was said."""
    said, currency, reckoned = document.tax_pence, document.currency, document.reckoned_tax_pence
    taxable = sales_tax.taxable_pence(document.lines, sales_tax.taxable_ids())
    if not taxable and said:
        yield f"QuickBooks charges {money(said, currency)}, though no line is taxable here. Look at the lines there."
    elif taxable and not said and reckoned != 0:
        yield (
            f"QuickBooks added no tax to the {money(taxable, currency)} that is taxable here: the client is exempt"
            " there, or no tax is due at its address."
        )
    elif reckoned is not None and reckoned != said:
        yield _apart(said, reckoned, currency)


def _apart(said: int, reckoned: int, currency: str) -> str:
    word = "more" if said > reckoned else "less"
    more = money(abs(said - reckoned), currency)
    both = f"We had reckoned {money(reckoned, currency)}; QuickBooks says {money(said, currency)}, {more} {word}."
    return f"{both} QuickBooks' tax counts."
