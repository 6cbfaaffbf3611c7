"""Reading both sides into plain facts: a few queries for any number of documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select

from app.billing.client import Client
from app.billing.document import Document
from app.billing.line import DocumentLine, only_says
from app.billing.service import Service
from app.billing.tax import TaxCode
from app.foundation.database import db, table_of
from app.foundation.tenancy import ours
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.quickbooks.catalogue import Shown
from app.quickbooks.company import READ_ONLY_STATES
from app.quickbooks.marker import Marker
from app.quickbooks.models import Connection
from app.sync import choices, numbers, taxation
from app.sync.facts import Books, ClientFacts, DocumentFacts, Heading, LineFacts, LinkFacts, ServiceFacts
from app.sync.links import LinkState, seen_of
from app.sync.mappings import ALL_OTHERS, ENTITY_OF, MappingKind, chosen
from app.sync.policies import policy_seen

_DOCUMENT, _LINE, _SERVICE, _CLIENT = (table_of(model) for model in (Document, DocumentLine, Service, Client))
_SAID = (
    *("id", "organisation_id", "kind", "number", "status", "revision", "issue_date", "due_date", "currency", "memo"),
    *("gross_pence", "opened_at", "kept_back", "kept_back_by", "client_id", "term_id"),
)
_SAID_BY_LINES = (
    *("document_id", "position", "description", "service_id", "quantity", "unit_price", "tax_code_id", "amount_pence"),
    *("discount_pence", "discount_percent"),
)
"""What is read of documents and lines: of thousands of them, half of a record's time goes into making it an object."""
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_DOCUMENTS = select(*(_DOCUMENT.c[name] for name in _SAID)).where(
    _DOCUMENT.c.id.in_(_IDS), _DOCUMENT.c.kind == bindparam("of_kind"), ours(_DOCUMENT)
)
_LINES = (
    select(*(_LINE.c[name] for name in _SAID_BY_LINES))
    .where(_LINE.c.document_id.in_(_IDS), ours(_LINE))
    .order_by(_LINE.c.document_id, _LINE.c.position)
)
_SERVICES = select(_SERVICE.c.id, _SERVICE.c.code).where(_SERVICE.c.id.in_(_IDS), ours(_SERVICE))
_CLIENTS = select(_CLIENT.c.id, _CLIENT.c.name).where(_CLIENT.c.id.in_(_IDS), ours(_CLIENT))
_ITEM, _TAX, _TERM = MappingKind.SERVICE, MappingKind.TAX_CODE, MappingKind.TERM
_NAMED_BY_DOCUMENTS = (_ITEM, _TAX, _TERM, MappingKind.CLASS, MappingKind.LOCATION)


@dataclass(frozen=True)
class _Shelf:
    """All that the lines of some documents refer to, each read once."""

    services: Mapping[int, Any]
    tax_codes: Mapping[int, TaxCode]
    clients: Mapping[int, Any]
    lines: Mapping[int, Sequence[Any]]
    customers: Mapping[int, Any]
    made: Mapping[MappingKind, Mapping[int, Any]]
    """The choices, by what they are for and our id."""
    listed: Mapping[tuple[str, str], Shown]
    """The records that were chosen, by entity and id, as the company's lists show them now."""


def books_of(connection: Connection, policy: Any = None) -> Books:
    """The connected company and its policies, as they are now; `policy`: they were read a moment ago."""
    policy = policy or policy_seen(connection.id)
    income = chosen(connection.id, ())[MappingKind.DEFAULT_INCOME].get(0)
    return Books(
        connection_id=connection.id,
        country=connection.country,
        home_currency=connection.home_currency,
        multi_currency=bool(connection.multi_currency),
        taxes_per_line=taxation.names_codes(connection),
        asks_whether_taxed=taxation.asks_whether_taxed(connection),
        custom_numbers=bool(connection.custom_txn_numbers),
        closed_until=connection.book_close_date,
        read_only=connection.subscription in READ_ONLY_STATES,
        automatic_push=policy.automatic_push,
        push_since=policy.push_since,
        go_live_date=policy.go_live_date,
        client_missing=policy.client_missing,
        service_missing=policy.service_missing,
        zero_total=policy.zero_total,
        when_closed=policy.closed_books,
        default_income_id=income.remote_id if income else None,
        default_income_name=income.remote_name if income else None,
        payments_here=policy.payments_here,
        class_tracking=connection.class_tracking,
        tracks_locations=connection.tracks_locations,
    )


def documents(connection_id: int, kind: str, asked: Mapping[int, bool]) -> dict[int, DocumentFacts]:
    """The facts of documents of one kind: {id: facts}; `asked` says for each id whether a person asked for it."""
    rows = db.session.execute(_DOCUMENTS, {"ids": list(asked), "of_kind": kind}).all()
    shelf = _fetch(connection_id, rows)
    links = seen_of(connection_id, kind, asked)
    given = numbers.given(connection_id, kind, asked.keys() - links.keys())
    facts = {row.id: _document(row, shelf, links.get(row.id), asked=asked[row.id]) for row in rows}
    return facts | {row_id: replace(facts[row_id], given_number=number) for row_id, number in given.items()}


def clients(client_ids: Iterable[int], home_currency: str) -> dict[int, ClientFacts]:
    """The facts of clients: {id: facts}."""
    rows = db.session.scalars(select(Client).where(Client.id.in_(list(client_ids))))
    return {row.id: _client(row, home_currency) for row in rows}


def services(service_ids: Iterable[int]) -> dict[int, ServiceFacts]:
    """The facts of services: {id: facts}."""
    rows = db.session.scalars(select(Service).where(Service.id.in_(list(service_ids))))
    return {row.id: _service(row) for row in rows}


def _fetch(connection_id: int, rows: Sequence[Any]) -> _Shelf:
    lines = _lines_of([row.id for row in rows])
    client_ids = {row.client_id for row in rows} - {None}
    service_ids = {line.service_id for group in lines.values() for line in group} - {None}
    code_ids = {line.tax_code_id for group in lines.values() for line in group} - {None}
    made = chosen(connection_id, filter(None, service_ids), filter(None, client_ids))
    return _Shelf(
        services=_named(_SERVICES, service_ids),
        tax_codes={row.id: row for row in db.session.scalars(select(TaxCode).where(TaxCode.id.in_(code_ids)))},
        clients=_named(_CLIENTS, client_ids),
        lines=lines,
        customers=seen_of(connection_id, "client", filter(None, client_ids)),
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
    for line in db.session.execute(_LINES, {"ids": document_ids}):
        lines[line.document_id].append(line)
    return lines


def _named(statement: Select[Any], ids: Iterable[int | None]) -> dict[int, Any]:
    return {row.id: row for row in db.session.execute(statement, {"ids": list(ids)})}


def _document(row: Any, shelf: _Shelf, link: Any, *, asked: bool) -> DocumentFacts:
    client_id = row.client_id or 0
    client = shelf.clients.get(client_id)
    return DocumentFacts(
        subject=Subject(row.kind.value, row.id),
        number=row.number or "",
        status=row.status.value,
        revision=row.revision,
        issue_date=row.issue_date,
        due_date=row.due_date,
        currency=row.currency,
        memo=row.memo,
        gross_pence=row.gross_pence,
        opened_at=row.opened_at,
        kept_back_by=(row.kept_back_by or "a person") if row.kept_back else None,
        asked=asked,
        client_id=client_id,
        client_name=client.name if client else "",
        customer_id=_living(shelf.customers.get(client_id)),
        term_remote_id=_usable(shelf.made[_TERM].get(row.term_id or 0), shelf),
        marker=str(Marker(row.organisation_id, row.kind.value, row.id)),
        link=_seen(link),
        lines=tuple(_line(line, shelf) for line in shelf.lines.get(row.id, ())),
        location=_heading(MappingKind.LOCATION, client_id, shelf),
        default_class=_heading(MappingKind.CLASS, ALL_OTHERS, shelf),
    )


def _heading(kind: MappingKind, subject_id: int, shelf: _Shelf) -> Heading | None:
    """The choice for one of ours, else the one for all others."""
    made = shelf.made[kind]
    choice = made.get(subject_id) or made.get(ALL_OTHERS)
    if choice is None:
        return None
    return Heading(choice.remote_id, _trouble(choice, shelf), f"{choice.kind.value}:{choice.subject_id}")


def _living(link: Any) -> str | None:
    return link.remote_id if link is not None and link.state is LinkState.LIVE else None


def _chosen(choice: Any) -> str | None:
    return choice.remote_id if choice is not None else None


def _usable(choice: Any, shelf: _Shelf) -> str | None:
    """Terms are a courtesy: an inactive one is left out, for the due date is sent anyway."""
    return None if _trouble(choice, shelf) else _chosen(choice)


def _trouble(choice: Any, shelf: _Shelf, ours: TaxCode | None = None) -> str:
    """Why a chosen record can't be used. One that the lists don't hold yet is given the benefit of the doubt."""
    row = shelf.listed.get((ENTITY_OF[choice.kind], choice.remote_id)) if choice is not None else None
    if choice is None or row is None:
        return ""
    if not choices.is_offered(choice.kind, row):
        return f"“{row.name}”, which is inactive in QuickBooks"
    if ours is not None and choices.other_rate(ours.charged_percent, row):
        here = choices.percentage(ours.charged_percent)
        return f"“{choices.label(row.name, row.rate)}”, but here {here} is charged"
    return ""


def _seen(link: Any) -> LinkFacts | None:
    if link is None:
        return None
    return LinkFacts(
        remote_id=link.remote_id,
        sync_token=link.sync_token,
        live=link.state is LinkState.LIVE,
        voided=link.state is LinkState.VOIDED,
        told_revision=link.told_revision,
        told_memo=link.told_memo,
    )


def _line(line: Any, shelf: _Shelf) -> LineFacts:
    service_id, tax_code_id = line.service_id or 0, line.tax_code_id or 0
    service, tax_code = shelf.services.get(service_id), shelf.tax_codes.get(tax_code_id)
    item, tax = shelf.made[_ITEM].get(service_id), shelf.made[_TAX].get(tax_code_id)
    return LineFacts(
        position=line.position,
        description=line.description,
        is_comment=only_says(line.service_id, line.quantity, line.unit_price),
        quantity=line.quantity or Decimal(0),
        unit_price=line.unit_price or Decimal(0),
        amount_pence=line.amount_pence,
        discount_pence=line.discount_pence,
        discount_percent=line.discount_percent,
        service_id=line.service_id,
        service_code=service.code if service else "",
        item_id=_chosen(item),
        item_trouble=_trouble(item, shelf),
        tax_code_id=line.tax_code_id,
        tax_code_name=tax_code.name if tax_code else "",
        is_taxed=bool(tax_code and tax_code.is_charged),
        tax_remote_id=_chosen(tax),
        tax_trouble=_trouble(tax, shelf, tax_code),
        heading=_heading(MappingKind.CLASS, service_id, shelf),
        income_account_id=_chosen(shelf.made[MappingKind.INCOME_ACCOUNT].get(service_id)),
    )


def _client(row: Client, home_currency: str) -> ClientFacts:
    return ClientFacts(
        subject=Subject("client", row.id),
        name=row.name,
        company_name=row.company_name,
        email=row.email,
        phone=row.phone,
        address=(row.address_line1, row.address_line2),
        city=row.city,
        postcode=row.postcode,
        country=row.country,
        currency=row.currency or home_currency,
        note=row.note,
    )


def _service(row: Service) -> ServiceFacts:
    return ServiceFacts(
        subject=Subject("service", row.id),
        code=row.code,
        name=row.name,
        description=row.description or row.name,
        unit_price=row.unit_price,
    )
