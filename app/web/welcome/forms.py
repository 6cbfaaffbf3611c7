"""What each kind of one-time link asks."""

from __future__ import annotations

from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import Email, EqualTo, Length

from app.accounts.signup import SHORTEST_PASSWORD
from app.web.forms import Form, choices, needed
from app.web.welcome.countries import COUNTRIES

_NEW = {"autocomplete": "new-password"}


class Person:
    """Fields about who joins. Forms ask in the order in which fields are written, so the passwords stand last."""

    name = StringField("Your name", [needed("Enter your name."), Length(max=200)], render_kw={"autocomplete": "name"})


class Beginning:
    """Fields about whoever begins: their address, the organisation, and where it sends invoices from."""

    email = EmailField(
        "Your e-mail address",
        [
            needed("Enter your e-mail address."),
            Email("Enter an e-mail address like name@company.com."),
            Length(max=320),
        ],
        render_kw={"autocomplete": "email"},
    )
    organisation = StringField(
        "Company",
        [needed("Enter the name of your company."), Length(max=200)],
        render_kw={"autocomplete": "organization"},
    )
    country = SelectField(
        "Country",
        [needed("Choose the country your invoices come from.")],
        choices=choices([("", "Choose a country"), *COUNTRIES]),
        default="",
    )


class PasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        "Password",
        [
            needed("Choose a password."),
            Length(min=SHORTEST_PASSWORD, message=f"Choose a password of at least {SHORTEST_PASSWORD} characters."),
        ],
        render_kw=_NEW,
    )
    again = PasswordField(
        "Password again",
        [needed("Enter the password again."), EqualTo("password", "The two passwords differ.")],
        render_kw=_NEW,
    )


class ColleagueForm(Person, PasswordForm):
    """Who joins an organisation; their address is in the invitation."""


class FirstOwnerForm(Person, Beginning, PasswordForm):
    """Who begins: the person, the organisation, and where it sends invoices from."""
