"""A client."""

from __future__ import annotations

from typing import Any

from wtforms import EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, Length, Optional

from app.billing.catalogue_fields import ClientFields
from app.billing.conventions import Conventions
from app.web.choices import CURRENCIES, countries
from app.web.forms import Form, choices, needed


def _id(value: str | int | None) -> int | None:
    return int(value) if value else None


class ClientForm(Form):
    """Whom we bill, and how to reach them."""

    name = StringField("Name", [needed("Enter a name."), Length(max=200)])
    company_name = StringField("Company name", [Length(max=200)])
    email = EmailField(
        "E-mail address", [Optional(), Email("Enter an address like name@company.com."), Length(max=320)]
    )
    phone = StringField("Telephone", [Length(max=60)])
    address_line1 = StringField("Address", [Length(max=200)])
    address_line2 = StringField("Address, second line", [Length(max=200)])
    city = StringField("Town or city", [Length(max=120)])
    region = StringField("State or region", [Length(max=255)])
    postcode = StringField("Postcode", [Length(max=30)])
    country = SelectField("Country")
    vat_number = StringField("Tax number", [Length(max=40)])
    currency = SelectField("Currency", choices=choices([("", "The billing entity's own"), *CURRENCIES]))
    default_term_id = SelectField("Payment terms", coerce=_id)
    billing_entity_id = SelectField("Billed by", coerce=_id)
    note = TextAreaField("Note", render_kw={"rows": 3})

    def speak(self, words: Conventions, home: str) -> None:
        """Label what countries call differently, and offer the one we bill from, of this code, first."""
        self.city.label.text = words.city
        self.region.label.text = words.region
        self.postcode.label.text = f"{words.postcode[0].upper()}{words.postcode[1:]}"
        self.vat_number.label.text = words.tax_number
        self.country.choices = choices([("", "Not known"), *countries(home)])

    def fields(self) -> ClientFields:
        """As billing takes them."""
        said: dict[str, Any] = {
            name: value.strip() if isinstance(value, str) else value for name, value in self.data.items()
        }
        said.pop("csrf_token", None)
        return ClientFields(**{**said, "email": said["email"] or "", "currency": said["currency"] or None})
