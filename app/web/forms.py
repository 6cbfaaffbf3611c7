"""What all forms share: the guard against forged requests, and how a field tells a screen reader about itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.foundation.errors import BadInputError


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A form of ours: `if form.validate_on_submit(): …`; a refusal from below goes beside its field by `blame`."""

    form_errors: list[str]

    def blame(self, problem: BadInputError) -> None:
        """Put a refusal beside the field it names, else on top of the form."""
        field: Field | None = self._fields.get(problem.field)
        if field is None:
            self.form_errors.append(problem.message)
        else:
            field.errors = [*field.errors, problem.message]


def init_app(app: Flask) -> None:
    """Give templates `described`."""
    app.jinja_env.globals.update(described=described)


def needed(sentence: str) -> InputRequired:
    """The validator of a field that must be filled in, with the sentence to say."""
    return InputRequired(sentence)


def choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """(value, words) as a select wants them; what a page offers may be changed on `form.field.choices`."""
    return [SelectChoice(value, words) for value, words in pairs]


def described(ids: Sequence[str], errors: Sequence[str]) -> dict[str, Any]:
    """Attributes that tie a field to its hint and its error."""
    attributes: dict[str, Any] = {"aria-describedby": " ".join(ids)} if ids else {}
    return {**attributes, "aria-invalid": "true"} if errors else attributes
