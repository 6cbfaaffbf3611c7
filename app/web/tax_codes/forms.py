"""A tax code."""

from __future__ import annotations

from decimal import Decimal

from wtforms import SelectField, StringField
from wtforms.validators import Length

from app.billing.catalogue_fields import TaxCodeFields
from app.billing.conventions import Conventions
from app.billing.tax import Treatment
from app.web.choices import NumberField
from app.web.forms import Form, choices, needed


def treatments(words: Conventions) -> dict[Treatment, str]:
    """How each treatment is called."""
    return {
        Treatment.STANDARD: "Standard rate",
        Treatment.REDUCED: "Reduced rate",
        Treatment.ZERO: words.zero_rated,
        Treatment.EXEMPT: "Exempt",
        Treatment.OUTSIDE_SCOPE: "Outside the scope",
        Treatment.REVERSE_CHARGE: "Reverse charge",
    }


class TaxCodeForm(Form):
    """What a line may say about the tax on it."""

    code = StringField("Code", [needed("Enter a code."), Length(max=30)])
    name = StringField("Name", [needed("Enter a name."), Length(max=120)])
    treatment = SelectField("Treatment")
    rate_percent = NumberField(
        "Rate", [needed("Enter the rate, 0 if there is none.")], render_kw={"inputmode": "decimal"}
    )

    def speak(self, words: Conventions) -> None:
        """Name the treatments as a country does."""
        self.treatment.choices = choices((value.value, word) for value, word in treatments(words).items())

    def fields(self) -> TaxCodeFields:
        """As billing takes them."""
        return TaxCodeFields(
            code=self.code.data.strip(),
            name=self.name.data.strip(),
            rate_percent=self.rate_percent.data or Decimal(0),
            treatment=Treatment(self.treatment.data),
        )
