"""Inviting somebody."""

from __future__ import annotations

from wtforms import EmailField, SelectField
from wtforms.validators import Email, Length

from app.accounts.roles import Role
from app.web.forms import Form, choices, needed


class InviteForm(Form):
    """Whom to invite, and as what."""

    email = EmailField(
        "E-mail address",
        [needed("Enter an e-mail address."), Email("Enter an e-mail address like name@company.com."), Length(max=320)],
        render_kw={"autocomplete": "off"},
    )
    role = SelectField("Role", choices=choices((role.value, role.label) for role in Role))
