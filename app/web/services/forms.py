"""A service."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.billing.catalogue_fields import ServiceFields
from app.web.choices import NumberField
from app.web.forms import Form, needed


def _id(value: str | int | None) -> int | None:
    return int(value) if value else None


class ServiceForm(Form):
    """What a line of an invoice begins with once the service is chosen."""

    code = StringField("Code", [needed("Enter a code."), Length(max=60)])
    name = StringField("Name", [needed("Enter a name."), Length(max=200)])
    description = TextAreaField("Description", render_kw={"rows": 3})
    unit = StringField("Unit", [Length(max=30)])
    unit_price = NumberField("Unit price", render_kw={"inputmode": "decimal"})
    tax_code_id = SelectField("Default tax code", coerce=_id)

    def fields(self) -> ServiceFields:
        """As billing takes them."""
        return ServiceFields(
            code=self.code.data.strip(),
            name=self.name.data.strip(),
            description=(self.description.data or "").strip(),
            unit=(self.unit.data or "").strip(),
            unit_price=self.unit_price.data,
            tax_code_id=self.tax_code_id.data,
        )
