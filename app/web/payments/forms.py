"""The forms about payments that are recorded here."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from app.billing.conventions import Conventions
from app.billing.facts import PaymentFacts
from app.billing.owing import Account
from app.billing.payment import CHEQUE, METHODS
from app.foundation.money import to_pence, to_pounds
from app.web.choices import NumberField
from app.web.forms import Form, choices, needed


class How(StrEnum):
    """How an amount is divided over the client's open invoices."""

    OLDEST = "oldest"
    TYPED = "typed"
    CREDIT = "credit"


_HOW = (
    (How.OLDEST.value, "Over the oldest invoices first"),
    (How.TYPED.value, "As typed below"),
    (How.CREDIT.value, "Over none yet: keep it as credit on the client"),
)


class PaymentForm(Form):
    """Money that came in; the parts are read apart (`dividing`)."""

    amount = NumberField("Amount received", [needed("Enter the amount that was received.")])
    received_on = DateField("Received on", [needed("Enter the day on which it was received.")])
    method = SelectField("How it came")
    reference = StringField("Reference", [Length(max=200)])
    note = TextAreaField("Note", [Length(max=2000)], render_kw={"rows": 2})
    how = RadioField("Divide it", choices=choices(_HOW), default=How.OLDEST.value)
    again = BooleanField("It is another payment; record it all the same")
    today: date | None = None
    """The day it is where the money came in."""

    def speak(self, words: Conventions) -> None:
        """Offer the methods as the country spells them: by its name QuickBooks' own method is found."""
        spelt = (words.cheque.capitalize() if method == CHEQUE else method for method in METHODS)
        self.method.choices = choices((method, method) for method in spelt)

    def validate_received_on(self, field: DateField) -> None:
        """Not after the local day `today`, where the page has said which that is. Raises ValidationError."""
        if field.data and self.today and field.data > self.today:
            raise ValidationError("Received on can't be later than today.")

    def validate_amount(self, field: NumberField) -> None:
        """Whole pence above nought. Raises ValidationError."""
        if field.data is None or field.data <= 0:
            raise ValidationError("Enter an amount above nought.")
        if to_pounds(to_pence(field.data)) != field.data:
            raise ValidationError("Enter the amount with at most two decimals.")

    @property
    def pence(self) -> int:
        """The amount, where it is one."""
        return to_pence(self.amount.data) if self.amount.data else 0

    def facts(self, account: Account, parts: dict[int, int]) -> PaymentFacts:
        """As billing takes them."""
        return PaymentFacts(
            client_id=account.client_id,
            billing_entity_id=account.billing_entity_id,
            currency=account.currency,
            received_on=self.received_on.data,
            amount_pence=self.pence,
            reference=(self.reference.data or "").strip(),
            method=self.method.data,
            allocations=tuple(parts.items()),
        )


class AskForm(Form):
    """Nothing but the word of a person."""
