"""Whether the rows that some content names are the organisation's own: ids come from forms and may say anything."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.billing.client import Client
from app.billing.content import DocumentContent
from app.billing.service import Service
from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.foundation.database import db
from app.foundation.errors import BadInputError


def check_references(content: DocumentContent) -> None:
    """Raises BadInputError, naming the field, for a client, term, service or tax code that is not there."""
    _check(Client, {content.client_id}, "client_id", "There is no such client.")
    _check(PaymentTerm, {content.term_id}, "term_id", "There is no such payment term.")
    _check(Service, {line.service_id for line in content.lines}, "service_id", "There is no such service.")
    _check(TaxCode, {line.tax_code_id for line in content.lines}, "tax_code_id", "There is no such tax code.")


def _check(table: Any, named: set[int | None], field: str, sentence: str) -> None:
    ids = named - {None}
    # Selecting the id of a mapped class, not of a bare table: only then is the query narrowed to the organisation.
    if ids and set(db.session.scalars(select(table.id).where(table.id.in_(ids)))) != ids:
        raise BadInputError(field, sentence)
