"""The clients that no customer stands for, and whom each may be; of both sides no more is read than is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select

from app.billing.client import Client
from app.billing.entity import BillingEntity
from app.foundation.database import db, table_of
from app.foundation.tenancy import ours
from app.quickbooks import catalogue, long_lists
from app.quickbooks.catalogue import Shown
from app.quickbooks.models import CatalogueRow, Connection
from app.sync.judging.suggestions import bare, in_order
from app.sync.mapping import client_suggestions
from app.sync.mapping.client_suggestions import Customer, Customers, Likeness, Wanted
from app.sync.mapping.linking import CLIENT, CUSTOMER
from app.sync.records.links import Link

_READ = (Client.id, Client.name, Client.company_name, Client.email, Client.postcode)
OpenClient = Row[int, str, str, str, str]
"""Id, name, company_name, email and postcode."""
_Ours = tuple[int, str, str, str]
_MOST_RESEMBLING = 2_000
_THEIRS, _LINK = table_of(CatalogueRow), table_of(Link)


def clients(entity: BillingEntity, connection: Connection) -> Sequence[OpenClient]:
    """Those in use that this entity bills, by name."""
    wanted = select(*_READ).where(*_are_open(entity, connection))
    return db.session.execute(wanted.order_by(func.lower(Client.name), Client.id)).all()


def number(entity: BillingEntity, connection: Connection) -> int:
    """How many these are."""
    counted = select(func.count(Client.id)).where(*_are_open(entity, connection))
    return int(db.session.scalar(counted) or 0)


def _are_open(entity: BillingEntity, connection: Connection) -> tuple[ColumnElement[bool], ...]:
    linked = exists().where(Link.connection_id == connection.id, Link.kind == CLIENT, Link.subject_id == Client.id)
    billed = or_(Client.billing_entity_id.is_(None), Client.billing_entity_id == entity.id)
    return and_(Client.active), billed, ~linked


def likenesses(connection: Connection, rows: Sequence[OpenClient]) -> Mapping[int, Likeness]:
    """{client: who it may be}. Where there is nobody to compare, nobody is read."""
    return _compared(tuple([row[:4] for row in rows]), tuple(free(connection))) if rows else {}


@lru_cache(maxsize=8)
def _compared(ours: tuple[_Ours, ...], free: tuple[Customer, ...]) -> Mapping[int, Likeness]:
    """Kept for a few companies, for a person goes through one list page by page; found by all that is compared."""
    wanted = {our_id: Wanted(name, company_name, email) for our_id, name, company_name, email in ours}
    return client_suggestions.likenesses(wanted, Customers(free))


def free(connection: Connection) -> list[Customer]:
    """The active customers whom no client is linked to, in no order."""
    company = func.coalesce(_THEIRS.c.data["company"].as_string(), "")
    read = select(_THEIRS.c.remote_id, _THEIRS.c.name, _THEIRS.c.email_folded, company)
    return [Customer(*row) for row in db.session.execute(read.where(*_are_free(connection))).all()]


def resembling(connection: Connection, name: str, limit: int) -> list[Shown]:
    """The free customers that share a word with a name, its legal form left out; the likest `limit` of them first."""
    sought = in_order(bare(name))
    read = select(_THEIRS.c.remote_id, _THEIRS.c.name).where(*_are_free(connection), long_lists.holds_a_word(sought))
    rows = db.session.execute(read.order_by(_THEIRS.c.id).limit(_MOST_RESEMBLING))
    names = {remote_id: in_order(bare(called)) for remote_id, called in rows}
    likest = [remote_id for _name, _ratio, remote_id in process.extract(sought, names, scorer=fuzz.ratio, limit=limit)]
    shown = catalogue.shown(connection.id, CUSTOMER, likest)
    return [shown[remote_id] for remote_id in likest]


def _are_free(connection: Connection) -> tuple[ColumnElement[bool], ...]:
    taken = exists().where(
        _LINK.c.connection_id == connection.id,
        _LINK.c.entity == CUSTOMER,
        _LINK.c.remote_id == _THEIRS.c.remote_id,
        _LINK.c.kind == CLIENT,
    )
    here = (_THEIRS.c.connection_id == connection.id, _THEIRS.c.entity == CUSTOMER)
    return (*here, _THEIRS.c.active, ~_THEIRS.c.vanished, ours(_THEIRS), ~taken)
