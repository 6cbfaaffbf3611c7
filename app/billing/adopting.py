"""Taking over what the accounting side computed: a rounding, an exchange rate, the tax where it computes that."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import update

from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.sales_tax import lay_on
from app.billing.settling import derive_status
from app.billing.timeline import note
from app.billing.wording import amount
from app.foundation.database import db


def adopt_total(document: Document, total_pence: int, tax_pence: int, lines_count: int) -> int:
    """Compare their total with ours (pence). Returns nought when all is well, else the difference: theirs less ours.

    A rounding is stored, so that the amount owed equals theirs. Under automated tax their tax is taken over first,
    line by line; not the one on other amounts than ours, which is no tax of what this document says. Nothing is written
    where nothing changes.
    """
    is_theirs = document.entity.tax_regime is TaxRegime.US_AUTOMATED
    if is_theirs and total_pence - tax_pence == document.net_pence:
        _take_tax(document, tax_pence)
    difference = total_pence - document.gross_pence
    if not is_rounding(difference, tax_pence - document.tax_pence, lines_count):
        return difference
    if document.rounding_adjustment_pence != difference:
        _adjust(document, difference)
    return 0


def take_rate(document_id: int, rate: Decimal) -> None:
    """The accounting side said at which exchange rate it took a document in a foreign currency."""
    db.session.execute(update(Document).where(Document.id == document_id).values(exchange_rate=rate))


def is_rounding(difference_pence: int, tax_difference_pence: int, lines_count: int) -> bool:
    """Whether rounding alone explains a difference of totals: at most a penny for each line, and all of it in the tax.

    Net amounts are whole pence on both sides; where they differ somebody has changed something, however little.
    """
    in_the_tax = difference_pence in {0, tax_difference_pence}
    return in_the_tax and abs(difference_pence) <= lines_count


def _take_tax(document: Document, tax_pence: int) -> None:
    before = document.tax_pence
    if not document.awaits_tax and before == tax_pence:
        return
    lay_on(document, tax_pence)
    document.tax_pence, document.awaits_tax = tax_pence, False
    document.gross_pence = document.net_pence + tax_pence
    derive_status(document)
    if before != tax_pence:
        note(document.subject, "tax", _said(document), details={"tax_pence": tax_pence})


def _said(document: Document) -> str:
    tax, reckoned = amount(document.tax_pence, document.currency), document.reckoned_tax_pence
    if reckoned in {None, document.tax_pence}:
        return f"The books computed tax of {tax}."
    return f"The books computed tax of {tax}; we had reckoned {amount(reckoned or 0, document.currency)}."


def _adjust(document: Document, difference: int) -> None:
    document.rounding_adjustment_pence = difference
    derive_status(document)
    said = f"The books round differently: {amount(difference, document.currency)} is added to what is owed."
    note(document.subject, "rounding", said, details={"difference_pence": difference})
