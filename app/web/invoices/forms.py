"""A document as it is typed, and the reason of a void."""

from __future__ import annotations

from wtforms import BooleanField, FieldList, FormField, HiddenField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import Length

from app.web.forms import Form
from app.web.invoices.typed import MOST_LINES, TypedDocument, TypedLine


class LineForm(PlainForm):  # type: ignore[misc]  # WTForms carries no types
    """One line, as text: what can't be read as a number stays as it was typed."""

    service = StringField()
    filled = HiddenField()
    description = TextAreaField()
    quantity = StringField()
    unit_price = StringField()
    discount = StringField()
    tax_code = StringField()
    comment = BooleanField()


class DocumentForm(Form):
    """A document, as text; `typed.py` and `reading.py` make sense of it."""

    entity = StringField()
    client = StringField()
    issue_date = StringField()
    due_date = StringField()
    term = StringField()
    currency = StringField()
    memo = TextAreaField()
    version = StringField()
    lines = FieldList(FormField(LineForm), max_entries=MOST_LINES)

    def typed(self) -> TypedDocument:
        """As a value."""
        head = {name: (self[name].data or "").strip() for name in TypedDocument.HEAD}
        return TypedDocument(lines=tuple(_typed_line(line) for line in self.lines.data), **head)


def _typed_line(line: dict[str, str | None]) -> TypedLine:
    texts = {name: (value or "").strip() for name, value in line.items() if name != "comment"}
    return TypedLine(comment=bool(line["comment"]), **texts)


class VoidForm(Form):
    """Why a document is made void."""

    reason = StringField("Reason", [Length(max=500)])
