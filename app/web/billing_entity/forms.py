"""A billing entity."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange

from app.billing.conventions import conventions_of
from app.billing.entities import EntityFields
from app.billing.entity import TaxRegime
from app.web.choices import CURRENCIES, TIME_ZONES, countries
from app.web.forms import Form, choices, needed

REGIMES = {
    TaxRegime.UK: "Worked out here: a tax code with its rate on each line",
    TaxRegime.US_AUTOMATED: "United States: QuickBooks computes sales tax",
    TaxRegime.NONE: "No tax is charged",
}


class EntityForm(Form):
    """What invoices say about who sends them, and how they are numbered."""

    name = StringField("Name", [needed("Enter a name."), Length(max=200)])
    legal_name = StringField("Legal name", [Length(max=200)])
    address = TextAreaField("Address", render_kw={"rows": 4})
    vat_number = StringField("Tax number", [Length(max=40)])
    country = SelectField("Country")
    home_currency = SelectField("Home currency", choices=choices(CURRENCIES))
    tax_regime = SelectField("Tax regime", choices=choices((regime.value, words) for regime, words in REGIMES.items()))
    time_zone = SelectField("Time zone", choices=choices((zone, zone) for zone in TIME_ZONES))
    invoice_prefix = StringField("Invoices begin with", [Length(max=12)])
    credit_note_prefix = StringField("Credit notes begin with", [Length(max=12)])
    number_digits = IntegerField(
        "Digits", [needed("Enter how many digits numbers have."), NumberRange(1, 10, "Enter a number from 1 to 10.")]
    )

    def speak(self, country: str, first: str = "") -> None:
        """Label the tax number as this country does, and offer it or `first` first; "" is one not chosen yet."""
        self.vat_number.label.text = conventions_of(country).tax_number
        self.country.choices = choices(countries(first or country))

    def fields(self) -> EntityFields:
        """As billing takes them."""
        said: dict[str, Any] = {
            name: value.strip() if isinstance(value, str) else value for name, value in self.data.items()
        }
        said.pop("csrf_token", None)
        return EntityFields(**{**said, "tax_regime": TaxRegime(self.tax_regime.data)})
