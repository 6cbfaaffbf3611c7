"""Documents and payments of exactly the amount that a person types, however old they are."""

from __future__ import annotations

import re

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.billing.document import Document
from app.billing.payment import Payment
from app.foundation.database import db

MOST_PENCE = 10**15
"""Ten million million: what is longer is an id or a reference, and may be more than a database counts."""
_ROUNDED_BY_AT_MOST = 500
"""Pence by which the accounting side's rounding moves a total: one for each line, and no document has more of them."""
_TYPED = re.compile(
    r"[^\d\s.,-]{0,3}\s?(?P<whole>\d+|\d{1,3}(?:[,. ']\d{3})+)(?:[.,](?P<part>\d{1,2}))?(?:\s?[^\d\s.,-]{1,3})?"
)


def typed(words: str) -> int | None:
    """The pence of "1234.5", "1,234.50", "£1,234.50", "1.234,50 €" or "1234"; None for what is no amount. Pure."""
    found = _TYPED.fullmatch(words.strip().replace("\N{NO-BREAK SPACE}", " "))
    if found is None:
        return None
    whole = re.sub(r"\D", "", found["whole"])
    pence = int(whole) * 100 + int((found["part"] or "").ljust(2, "0"))
    return pence if pence < MOST_PENCE else None


def documents(pence: int, *, most: int) -> list[Document]:
    """The newest documents over so much, clients loaded; what is owed counts, with what rounding added to it."""
    asked = select(Document).options(joinedload(Document.client)).order_by(Document.id.desc()).limit(most)
    as_written = asked.where(Document.gross_pence == pence, Document.rounding_adjustment_pence == 0)
    near = Document.gross_pence.between(pence - _ROUNDED_BY_AT_MOST, pence + _ROUNDED_BY_AT_MOST)
    owed = Document.gross_pence + Document.rounding_adjustment_pence
    rounded = asked.where(near, Document.rounding_adjustment_pence != 0, owed == pence)
    found = [*db.session.scalars(as_written), *db.session.scalars(rounded)]
    return sorted(found, key=lambda document: -document.id)[:most]


def payments(pence: int, *, most: int) -> list[Payment]:
    """The newest payments of so much, clients loaded."""
    asked: Select[Payment] = select(Payment).where(Payment.amount_pence == pence).options(joinedload(Payment.client))
    return list(db.session.scalars(asked.order_by(Payment.id.desc()).limit(most)))
