"""Why a difference may stay."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length

from app.sync.reconciling.comparisons import LONGEST_REASON
from app.web.forms import Form, needed


class IgnoreForm(Form):
    """The reason, kept beside the name of whoever gave it."""

    reason = StringField("Reason", [needed("Say why it may stay as it is."), Length(max=LONGEST_REASON)])
