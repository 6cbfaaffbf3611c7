"""What documents say and what they refer to, read by a fixed number of statements for any number of them.

The statements are on bare tables and built once, for the engine asks with each envelope: of thousands of documents half
of a record's time goes into making it an object, and most of a small statement's into building it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, Select, and_, bindparam, select

from app.billing.client import Client
from app.billing.document import Document
from app.billing.line import DocumentLine
from app.billing.service import Service
from app.billing.tax import TaxCode
from app.foundation.database import bare, db, table_of
from app.foundation.tenancy import ours
from app.quickbooks import catalogue
from app.quickbooks.catalogue import Shown
from app.sync.records.links import Link, LinkState
from app.sync.records.mappings import ENTITY_OF, MappingKind, chosen
from app.sync.records.numbers import GivenNumber

_NAMED_BY_DOCUMENTS = (
    *(MappingKind.SERVICE, MappingKind.TAX_CODE, MappingKind.TERM),
    *(MappingKind.CLASS, MappingKind.LOCATION),
)


@dataclass(frozen=True)
class Shelf:
    """Some documents, and all that they and their lines refer to, each read once."""

    documents: Sequence[Any]
    """Each with its client's name, its link, its given number, and the customer that its client is linked to."""
    lines: Mapping[int, Sequence[Any]]
    services: Mapping[int, Any]
    tax_codes: Mapping[int, Any]
    made: Mapping[MappingKind, Mapping[int, Any]]
    """The choices, by what they are for and our id."""
    listed: Mapping[tuple[str, str], Shown]
    """The records that were chosen, by entity and id, as the company's lists show them now."""
    sold: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    """What stands for a service under a tax code, once a line has asked: most lines sell the same few."""


def fetch(connection_id: int, kind: str, document_ids: Collection[int]) -> Shelf:
    """The shelf of the documents of one kind among these."""
    db.session.flush()  # what the caller has changed and not yet written is to be seen
    asked = {"ids": list(document_ids), "of_kind": kind, "of_connection": connection_id}
    documents = bare(_DOCUMENTS, asked).all()
    return of(connection_id, documents, _lines_of([row.id for row in documents]))


def of(connection_id: int, documents: Sequence[Any], lines: Mapping[int, Sequence[Any]]) -> Shelf:
    """The shelf of these documents and their lines, which need not be saved."""
    service_ids = {line.service_id for group in lines.values() for line in group} - {None}
    code_ids = {line.tax_code_id for group in lines.values() for line in group} - {None}
    made = chosen(connection_id, service_ids, {row.client_id for row in documents} - {None})
    return Shelf(
        documents=documents,
        lines=lines,
        services=_named(_SERVICES, service_ids),
        tax_codes=_named(_TAX_CODES, code_ids),
        made=made,
        listed=_listed(connection_id, made),
    )


def _listed(connection_id: int, made: Mapping[MappingKind, Mapping[int, Any]]) -> dict[tuple[str, str], Shown]:
    found: dict[tuple[str, str], Shown] = {}
    for kind in _NAMED_BY_DOCUMENTS:
        ids = [choice.remote_id for choice in made[kind].values()]
        rows = catalogue.shown(connection_id, ENTITY_OF[kind], ids) if ids else {}
        found |= {(ENTITY_OF[kind], remote_id): row for remote_id, row in rows.items()}
    return found


def _lines_of(document_ids: Sequence[int]) -> dict[int, list[Any]]:
    lines: dict[int, list[Any]] = defaultdict(list)
    for line in bare(_LINES, {"ids": document_ids}):
        lines[line.document_id].append(line)
    return lines


def _named(statement: Select[Any], ids: Iterable[int]) -> dict[int, Any]:
    return {row.id: row for row in bare(statement, {"ids": list(ids)})}


_DOCUMENT, _LINE, _SERVICE, _CLIENT = (table_of(model) for model in (Document, DocumentLine, Service, Client))
_TAX_CODE, _GIVEN, _LINK = (table_of(model) for model in (TaxCode, GivenNumber, Link))
_CUSTOMER = _LINK.alias("customer")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CONNECTION: BindParameter[Any] = bindparam("of_connection")
_SAID = (
    *("id", "organisation_id", "kind", "number", "status", "revision", "issue_date", "due_date", "currency", "memo"),
    *("gross_pence", "opened_at", "kept_back", "kept_back_by", "client_id", "term_id"),
)
_SAID_BY_LINES = (
    *("document_id", "position", "description", "service_id", "quantity", "unit_price", "tax_code_id", "amount_pence"),
    *("discount_pence", "discount_percent"),
)
_SEEN_THERE = ("remote_id", "sync_token", "state", "told_revision", "told_memo")


def _of_the_document(table: FromClause) -> ColumnElement[bool]:
    """What this table keeps of the document at hand, towards the company at hand."""
    return and_(
        table.c.connection_id == _CONNECTION,
        table.c.kind == _DOCUMENT.c.kind,
        table.c.subject_id == _DOCUMENT.c.id,
        ours(table),
    )


_DOCUMENTS = (
    select(
        *(_DOCUMENT.c[name] for name in _SAID),
        *(_LINK.c[name].label(f"link_{name}") for name in _SEEN_THERE),
        _CLIENT.c.name.label("client_name"),
        _CUSTOMER.c.remote_id.label("customer_id"),
        _GIVEN.c.number.label("given_number"),
    )
    .outerjoin(_CLIENT, and_(_CLIENT.c.id == _DOCUMENT.c.client_id, ours(_CLIENT)))
    .outerjoin(_LINK, _of_the_document(_LINK))
    .outerjoin(_GIVEN, _of_the_document(_GIVEN))
    .outerjoin(
        _CUSTOMER,
        and_(
            _CUSTOMER.c.connection_id == _CONNECTION,
            _CUSTOMER.c.kind == "client",
            _CUSTOMER.c.subject_id == _DOCUMENT.c.client_id,
            _CUSTOMER.c.state == LinkState.LIVE,
            ours(_CUSTOMER),
        ),
    )
    .where(_DOCUMENT.c.id.in_(_IDS), _DOCUMENT.c.kind == bindparam("of_kind"), ours(_DOCUMENT))
)
_LINES = (
    select(*(_LINE.c[name] for name in _SAID_BY_LINES))
    .where(_LINE.c.document_id.in_(_IDS), ours(_LINE))
    .order_by(_LINE.c.document_id, _LINE.c.position)
)
_SERVICES = select(_SERVICE.c.id, _SERVICE.c.code).where(_SERVICE.c.id.in_(_IDS), ours(_SERVICE))
_TAX_CODES = select(_TAX_CODE.c.id, _TAX_CODE.c.name, _TAX_CODE.c.rate_percent, _TAX_CODE.c.treatment).where(
    _TAX_CODE.c.id.in_(_IDS), ours(_TAX_CODE)
)
