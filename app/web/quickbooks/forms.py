"""The forms of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, PasswordField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import Length, Optional

from app.quickbooks.catalogue import Shown
from app.quickbooks.pictures import LARGEST_BYTES, Picture, checked
from app.sync.company.ruling import QUESTIONS, Ruling
from app.sync.judging import choices as choices_of
from app.sync.records.policies import Policy, WhenPaidHere, WhenServiceMissing
from app.web.forms import Form, choices, needed


class DisconnectForm(Form):
    """The company's name, typed: a slip of the mouse disconnects nothing."""

    company = StringField("Type the company's name to disconnect it", [needed("Type the company's name.")])

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def validate_company(self, field: StringField) -> None:
        """Whatever its case. Raises ValidationError."""
        if (field.data or "").strip().casefold() != self._name.strip().casefold():
            raise ValidationError(f"That is not the name of the company. Type: {self._name}")


class IntuitAppForm(Form):
    """The organisation's own app at Intuit. Secrets are only ever written; left empty, they stay."""

    client_id = StringField("Client ID", [needed("Enter the client ID."), Length(max=200)])
    client_secret = PasswordField("Client secret", [Length(max=200)], render_kw={"autocomplete": "off"})
    verifier = PasswordField("Webhook verifier token", [Length(max=200)], render_kw={"autocomplete": "off"})

    def __init__(self, *, has_secret: bool, **filled: Any) -> None:
        super().__init__(**filled)
        self._has_secret = has_secret
        self.client_secret.flags.required = not has_secret

    def validate_client_secret(self, field: PasswordField) -> None:
        """The first time it can't be left empty. Raises ValidationError."""
        if not self._has_secret and not field.data:
            raise ValidationError("Enter the client secret.")


class ButtonForm(Form):
    """Intuit's artwork of its button: as it rests, and under a pointer."""

    base = FileField("Button", [FileRequired("Choose the PNG of the button.")], render_kw={"accept": "image/png"})
    hover = FileField("Button under a pointer", render_kw={"accept": "image/png"})

    def pictures(self) -> tuple[Picture, Picture | None]:
        """Both, whole; no more is read than could be kept. Raises BadInputError of one of the two fields."""
        base, hover = self.base.data, self.hover.data
        return (
            checked(base.read(LARGEST_BYTES + 1), "base"),
            checked(hover.read(LARGEST_BYTES + 1), "hover") if hover else None,
        )


class PolicyForm(Form):
    """One field for each policy; the radio fields are hung below, one for each question."""

    automatic_push = BooleanField("Send what is opened to QuickBooks by itself")
    go_live_date = DateField("Go-live date", [Optional()])
    default_income = SelectField("Default income account")
    deposit_account = SelectField("Payments recorded here go into")

    def validate_default_income(self, field: SelectField) -> None:
        """Items can't be created under no account. Raises ValidationError."""
        if not field.data and self["service_missing"].data == WhenServiceMissing.CREATE.value:
            raise ValidationError("Choose the income account that new items are created under.")

    def validate_deposit_account(self, field: SelectField) -> None:
        """Money must go somewhere. Raises ValidationError."""
        if not field.data and self["payments_here"].data == WhenPaidHere.SEND.value:
            raise ValidationError("Choose the account into which payments recorded here go.")

    def offer(self, name: str, accounts: Sequence[Shown], keep: tuple[str, str] | None) -> None:
        """What a select of accounts offers: those of the company, and the present choice even where it vanished."""
        labels = choices_of.labels(accounts)
        offered = [("", "None"), *((row.remote_id, labels[row.remote_id]) for row in accounts)]
        if keep and keep[0] not in labels:
            offered.append((keep[0], f"{keep[1]} (no longer usable)"))
        self[name].choices = choices(offered)

    def ruling(self) -> Ruling:
        """As sync takes them."""
        answers: dict[str, StrEnum] = {
            question.field: one
            for question in QUESTIONS
            for one in question.answers
            if one.value == self[question.field].data
        }
        return Ruling(
            automatic_push=bool(self.automatic_push.data), go_live_date=self.go_live_date.data, answers=answers
        )


for _question in QUESTIONS:
    _offered = [(answer.value, sentence) for answer, sentence in _question.answers.items()]
    setattr(PolicyForm, _question.field, RadioField(_question.title, choices=choices(_offered)))


def filled(policy: Policy, accounts: Mapping[str, str]) -> dict[str, Any]:
    """What the policy form shows at first."""
    answers = {question.field: getattr(policy, question.field).value for question in QUESTIONS}
    pushed = {"automatic_push": policy.automatic_push, "go_live_date": policy.go_live_date}
    return {**answers, **pushed, **accounts}
