"""A file handed in."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField

from app.billing.importing.profiles import PROFILES
from app.web.forms import Form, choices


def _id(value: Any) -> int | None:
    return int(value) if value else None


class UploadForm(Form):
    """Which file, how it is read, for whom."""

    file = FileField("File", [FileRequired("Choose a file.")], render_kw={"accept": ".csv,.gz,text/csv"})
    profile = RadioField(
        "Columns", choices=choices((profile.name, profile.title) for profile in PROFILES.values()), default="standard"
    )
    entity = SelectField("Billing entity", coerce=_id)
