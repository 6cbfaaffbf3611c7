"""What is known about a payment, in values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class PaymentFacts:
    """A payment in pence: its allocations are (document id, pence) of invoices, its credits of credit notes."""

    client_id: int
    billing_entity_id: int
    received_on: date
    amount_pence: int
    currency: str
    reference: str = ""
    method: str = ""
    exchange_rate: Decimal | None = None
    """What one unit of a foreign currency was worth at home; None where nobody said, or it is the home currency."""
    allocations: tuple[tuple[int, int], ...] = ()
    credits: tuple[tuple[int, int], ...] = ()

    @property
    def parts(self) -> dict[int, int]:
        """All parts by document, those of one document added up and empty ones left out."""
        return summed([*self.allocations, *self.credits])

    @property
    def unapplied_pence(self) -> int:
        """What no invoice takes up of the amount and of the credits."""
        taken_up, credited = (sum(pence for _id, pence in parts) for parts in (self.allocations, self.credits))
        return self.amount_pence + credited - taken_up


@dataclass(frozen=True, kw_only=True)
class LearntPayment(PaymentFacts):
    """A payment as the accounting side tells it; `payment_id` is ours once it was applied before."""

    payment_id: int | None = None


def summed(parts: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Parts given as (document id, pence), added up by document."""
    sums: Counter[int] = Counter()
    for document_id, pence in parts:
        sums[document_id] += pence
    return {document_id: pence for document_id, pence in sums.items() if pence}
