"""What a payment is to each of its documents, in words: credit that is used up is never called money."""

from __future__ import annotations

from typing import NamedTuple

from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.payment import Payment
from app.billing.wording import amount, day

_NAMED = 3
"""Documents that are named; of more than these the number is told."""


class Happening(NamedTuple):
    """What befell a payment: in words about money, and about a credit that is used up without any."""

    of_money: str
    of_credit: str


RECEIVED = Happening("Payment received", "Credit applied")
RECORDED = Happening("Payment recorded", "Credit applied")
CHANGED = Happening("The payment changed", "The use of a credit changed")
DIVIDED = Happening("The payment was divided anew", "The credit was divided anew")
ENDED = Happening("A payment was taken back", "The use of a credit was taken back")


class Shares:
    """The shares of one payment; its allocations are read once, however many documents are told of theirs."""

    def __init__(self, payment: Payment, country: str) -> None:
        """Read how it is divided now. `country` is that of the billing entity, by whose custom days are written."""
        self._payment = payment
        self._day = day(payment.received_on, country)
        self._parts = {one.document_id: one.amount_pence for one in payment.allocations}
        self._invoices: list[str] = []
        self._credits: list[str] = []
        self._credit_pence = 0
        for one in payment.allocations:
            title = one.document.title
            is_credit = one.document.kind is DocumentKind.CREDIT_NOTE
            (self._credits if is_credit else self._invoices).append(title[:1].lower() + title[1:])
            self._credit_pence += one.amount_pence if is_credit else 0

    def said(self, what: Happening) -> str:
        """The words for what befell it."""
        return what.of_credit if self._credits and not self._payment.amount_pence else what.of_money

    @property
    def whole(self) -> str:
        """All of it, with its rate and its day; of credit alone what is used up of it."""
        pence = self._payment.amount_pence or self._credit_pence
        return f"{amount(pence, self._payment.currency)}{self._rate} of {self._day}"

    def of(self, document: Document) -> str:
        """The share of a document, with the rate and the day of the payment."""
        payment, share = self._payment, self._parts.get(document.id)
        if self._credits:
            said = self._with_credit(document, amount(share or 0, payment.currency))
            return f"{said}{self._rate}, {self._day}"
        part = "" if share in {None, payment.amount_pence} else f"{amount(share or 0, payment.currency)}, part of "
        return f"{part}{self.whole}"

    @property
    def _rate(self) -> str:
        return f" at {self._payment.exchange_rate:f}" if self._payment.exchange_rate else ""

    def _with_credit(self, document: Document, share: str) -> str:
        payment = self._payment
        if document.kind is DocumentKind.CREDIT_NOTE:
            return f"{share} on {joined(self._invoices)}" if self._invoices else share
        money = [amount(payment.amount_pence, payment.currency)] if payment.amount_pence else []
        return f"{share} from {joined([*money, *self._credits])}"


def joined(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return " and ".join([*names[:_NAMED], *more])
