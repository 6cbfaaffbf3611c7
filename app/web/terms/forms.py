"""A payment term."""

from __future__ import annotations

from wtforms import IntegerField, StringField
from wtforms.validators import Length, NumberRange

from app.billing.catalogue_fields import TermFields
from app.web.forms import Form, needed

_A_YEAR = 366


class TermForm(Form):
    """A name and a number of days."""

    name = StringField("Name", [needed("Enter a name."), Length(max=60)])
    due_days = IntegerField(
        "Days until payment is due",
        [
            needed("Enter a number of days; 0 means due on receipt."),
            NumberRange(0, _A_YEAR, "Enter a number of days between 0 and 366."),
        ],
    )

    def fields(self) -> TermFields:
        """As billing takes them."""
        return TermFields(name=self.name.data.strip(), due_days=self.due_days.data)
