"""Reading both sides into plain facts: a few queries for any number of documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, bindparam, select

from app.billing.client import Client
from app.billing.entity import BillingEntity
from app.billing.line import only_says
from app.billing.service import Service
from app.billing.tax import CHARGED, charged_percent
from app.foundation.database import bare, db, table_of
from app.foundation.tenancy import ours
from app.outbox.models import Subject
from app.quickbooks.company import READ_ONLY_STATES
from app.quickbooks.marker import Marker
from app.quickbooks.models import Connection
from app.sync.judging import choices, shelf, taxation
from app.sync.judging.facts import Books, ClientFacts, DocumentFacts, Heading, LineFacts, LinkFacts, ServiceFacts
from app.sync.judging.shelf import Shelf
from app.sync.records.links import LinkState
from app.sync.records.mappings import ALL_OTHERS, ENTITY_OF, MappingKind
from app.sync.records.mappings import Mapping as Choice
from app.sync.records.policies import policy_seen

_ITEM, _TAX, _TERM = MappingKind.SERVICE, MappingKind.TAX_CODE, MappingKind.TERM
_ENTITY, _CHOICE = table_of(BillingEntity), table_of(Choice)
_BILLED = (
    select(_ENTITY.c.home_currency, _CHOICE.c.remote_id, _CHOICE.c.remote_name)
    .outerjoin(
        _CHOICE,
        and_(
            _CHOICE.c.connection_id == bindparam("of_connection"),
            _CHOICE.c.kind == MappingKind.DEFAULT_INCOME,
            _CHOICE.c.subject_id == ALL_OTHERS,
            ours(_CHOICE),
        ),
    )
    .where(_ENTITY.c.id == bindparam("of_entity"), ours(_ENTITY))
)
"""What a billing entity bills in, and the income account that was chosen for all that have none of their own."""


def books_of(connection: Connection, policy: Any = None) -> Books:
    """The connected company and its policies, as they are now; `policy`: they were read a moment ago."""
    db.session.flush()  # what the caller has changed and not yet written is to be seen
    policy = policy or policy_seen(connection.id)
    asked = {"of_entity": connection.billing_entity_id, "of_connection": connection.id}
    billed = bare(_BILLED, asked).one()
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
        default_income_id=billed.remote_id,
        default_income_name=billed.remote_name,
        payments_here=policy.payments_here,
        class_tracking=connection.class_tracking,
        tracks_locations=connection.tracks_locations,
        our_currency=billed.home_currency,
    )


def documents(connection_id: int, kind: str, asked: Mapping[int, bool]) -> dict[int, DocumentFacts]:
    """The facts of documents of one kind: {id: facts}; `asked` says for each id whether a person asked for it."""
    found = shelf.fetch(connection_id, kind, asked)
    return {row.id: document(row, found, asked=asked[row.id]) for row in found.documents}


def clients(client_ids: Iterable[int], home_currency: str) -> dict[int, ClientFacts]:
    """The facts of clients: {id: facts}."""
    rows = db.session.scalars(select(Client).where(Client.id.in_(list(client_ids))))
    return {row.id: _client(row, home_currency) for row in rows}


def services(service_ids: Iterable[int]) -> dict[int, ServiceFacts]:
    """The facts of services: {id: facts}."""
    rows = db.session.scalars(select(Service).where(Service.id.in_(list(service_ids))))
    return {row.id: _service(row) for row in rows}


def document(row: Any, on: Shelf, *, asked: bool) -> DocumentFacts:
    """The facts of one document of the shelf; `asked`: a person wants it sent."""
    client_id, link = row.client_id or 0, _seen(row)
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
        client_name=row.client_name or "",
        customer_id=row.customer_id,
        term_remote_id=_usable(on.made[_TERM].get(row.term_id or 0), on),
        marker=str(Marker(row.organisation_id, row.kind.value, row.id)),
        link=link,
        lines=tuple([_line(line, on) for line in on.lines.get(row.id, ())]),
        given_number=(row.given_number or "") if link is None else "",
        location=_heading(MappingKind.LOCATION, client_id, on),
        default_class=_heading(MappingKind.CLASS, ALL_OTHERS, on),
    )


def _heading(kind: MappingKind, subject_id: int, on: Shelf) -> Heading | None:
    """The choice for one of ours, else the one for all others."""
    made = on.made[kind]
    choice = made.get(subject_id) or made.get(ALL_OTHERS)
    if choice is None:
        return None
    return Heading(choice.remote_id, _trouble(choice, on), f"{choice.kind.value}:{choice.subject_id}")


def _chosen(choice: Any) -> str | None:
    return choice.remote_id if choice is not None else None


def _usable(choice: Any, on: Shelf) -> str | None:
    """Terms are a courtesy: an inactive one is left out, for the due date is sent anyway."""
    return None if _trouble(choice, on) else _chosen(choice)


def _trouble(choice: Any, on: Shelf, percent: Decimal | None = None) -> str:
    """Why a chosen record can't be used; `percent` is what a tax code of ours charges.

    One that the lists don't hold yet is given the benefit of the doubt.
    """
    row = on.listed.get((ENTITY_OF[choice.kind], choice.remote_id)) if choice is not None else None
    if choice is None or row is None:
        return ""
    if not choices.is_offered(choice.kind, row):
        return f"“{row.name}”, which is inactive in QuickBooks"
    if percent is not None and choices.other_rate(percent, row):
        return f"“{choices.label(row.name, row.rate)}”, but here {choices.percentage(percent)} is charged"
    return ""


def _seen(row: Any) -> LinkFacts | None:
    if row.link_remote_id is None:
        return None
    return LinkFacts(
        remote_id=row.link_remote_id,
        sync_token=row.link_sync_token,
        live=row.link_state is LinkState.LIVE,
        voided=row.link_state is LinkState.VOIDED,
        told_revision=row.link_told_revision,
        told_memo=row.link_told_memo,
    )


def _line(line: Any, on: Shelf) -> LineFacts:
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
        tax_code_id=line.tax_code_id,
        **_sold(line.service_id or 0, line.tax_code_id or 0, on),
    )


def _sold(service_id: int, tax_code_id: int, on: Shelf) -> dict[str, Any]:
    """What stands in QuickBooks for a service under a tax code: worked out once for all lines that sell it."""
    known = on.sold.get((service_id, tax_code_id))
    if known is None:
        known = on.sold[service_id, tax_code_id] = {**_service_sold(service_id, on), **_taxed(tax_code_id, on)}
    return known


def _service_sold(service_id: int, on: Shelf) -> dict[str, Any]:
    service, item = on.services.get(service_id), on.made[_ITEM].get(service_id)
    return {
        "service_code": service.code if service else "",
        "item_id": _chosen(item),
        "item_trouble": _trouble(item, on),
        "heading": _heading(MappingKind.CLASS, service_id, on),
        "income_account_id": _chosen(on.made[MappingKind.INCOME_ACCOUNT].get(service_id)),
    }


def _taxed(tax_code_id: int, on: Shelf) -> dict[str, Any]:
    code, tax = on.tax_codes.get(tax_code_id), on.made[_TAX].get(tax_code_id)
    percent = charged_percent(code.treatment, code.rate_percent) if code else None
    return {
        "tax_code_name": code.name if code else "",
        "is_taxed": bool(code and code.treatment in CHARGED),
        "tax_remote_id": _chosen(tax),
        "tax_trouble": _trouble(tax, on, percent),
    }


def _client(row: Client, home_currency: str) -> ClientFacts:
    return ClientFacts(
        subject=Subject("client", row.id),
        name=row.name,
        company_name=row.company_name,
        email=row.email,
        phone=row.phone,
        address=(row.address_line1, row.address_line2),
        city=row.city,
        region=row.region,
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
