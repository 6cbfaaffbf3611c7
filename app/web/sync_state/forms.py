"""Why the sync is paused."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import Length

from app.sync.steering.controls import LONGEST_REASON
from app.web.forms import Form, needed


class PauseForm(Form):
    """The reason your colleagues will read."""

    reason = StringField(
        "Reason", [needed("Say why, so that your colleagues know when to resume."), Length(max=LONGEST_REASON)]
    )
