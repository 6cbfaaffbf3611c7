"""The rows of the page that links clients to customers: ours, who it is there, who is suggested. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, and_, case, exists, func, or_, select

from app.billing.client import Client
from app.billing.entity import BillingEntity
from app.billing.queries import Page, matches, page_of
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks.models import CatalogueRow, Connection
from app.sync import uses
from app.sync.client_suggestions import Customer, Customers, Likeness, Wanted
from app.sync.linking import CUSTOMER
from app.sync.links import Link, LinkMade, LinkState

MOST_COMPARED = 400
"""So many clients without a customer are compared with the whole list by likeness for one page."""


class ClientTab(StrEnum):
    """Where a client stands."""

    SUGGESTED = "suggested"
    UNLINKED = "unlinked"
    LINKED = "linked"
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True)
class ClientRow:
    """One client; `customer` is the name there of whom it is linked to, empty while it is linked to nobody."""

    client_id: int
    name: str
    beside: str
    customer: str
    customer_id: str
    how: str
    trouble: str
    likeness: Likeness | None
    holds: int
    """How many messages wait for it: a link releases them."""

    @property
    def tab(self) -> ClientTab:
        """The tab it is shown under."""
        if self.trouble:
            return ClientTab.BROKEN
        if self.customer_id:
            return ClientTab.LINKED
        return ClientTab.SUGGESTED if self.likeness else ClientTab.UNLINKED


@dataclass(frozen=True)
class ClientBench:
    """How many clients in use each tab has, and those that have no customer yet."""

    counts: Mapping[ClientTab, int]
    open: Sequence[ClientRow]
    """Suggested or unlinked, by name: all of them, for what is suggested to one depends on the others."""

    @property
    def exact(self) -> list[tuple[int, str]]:
        """(client, customer) wherever the whole name agrees."""
        return [
            (row.client_id, row.likeness.customer.remote_id) for row in self.open if row.likeness and row.likeness.exact
        ]


_SHOWN: tuple[Any, ...] = (Client.id, Client.name, Client.company_name, Client.email, Client.postcode)
"""Of each client without a customer no more is read, for there may be thousands."""
_HOW = {
    LinkMade.CREATED: "Created by Counterfoil",
    LinkMade.MATCHED: "Matched by its name",
    LinkMade.ADOPTED: "Found with its documents",
    LinkMade.BY_HAND: "Linked by hand",
}


def bench(entity: BillingEntity, connection: Connection) -> ClientBench:
    """What concerns every client in use."""
    rows = _open_rows(entity, connection)
    broken_too = func.count(), func.coalesce(func.sum(case((_IS_BROKEN, 1), else_=0)), 0)
    linked, broken = db.session.execute(_linked(connection).with_only_columns(*broken_too).order_by(None)).one()
    counts = Counter({ClientTab.LINKED: int(linked) - int(broken), ClientTab.BROKEN: int(broken)})
    counts.update(row.tab for row in rows)
    return ClientBench({tab: counts[tab] for tab in ClientTab}, rows)


def linked_page(
    entity: BillingEntity, connection: Connection, tab: ClientTab, *, search: str = "", number: int = 1
) -> Page[ClientRow]:
    """One page of the linked clients, or of those whose link is broken; searched in names, e-mail and postcode."""
    wanted = _linked(connection).where(_IS_BROKEN if tab is ClientTab.BROKEN else ~_IS_BROKEN)
    if search.strip():
        wanted = wanted.where(matches(search, Client.name, Client.email, Client.postcode))
    found: Page[int] = page_of(wanted.with_only_columns(Client.id), number)
    rows = db.session.execute(_linked(connection).where(Client.id.in_(found.rows)))
    held = uses.waiting_for(entity)
    shown = [_row(client, held, link=link, customer=name or "") for client, link, name in rows]
    return Page(shown, found.number, found.total, found.per_page)


def _open_rows(entity: BillingEntity, connection: Connection) -> list[ClientRow]:
    linked = exists().where(Link.connection_id == connection.id, Link.kind == "client", Link.subject_id == Client.id)
    wanted = select(*_SHOWN).where(Client.active, ~linked).order_by(func.lower(Client.name))
    clients = db.session.execute(wanted).all()
    if not clients:
        return []
    alike = _likenesses(clients, Customers(_customer(row) for row in _free(connection)))
    held = uses.waiting_for(entity)
    return [_row(client, held, likeness=alike.get(client.id)) for client in clients]


def _linked(connection: Connection) -> Select[Client, Link, str]:
    """Clients in use with their link and, where that can be used, their customer's name; by their own."""
    mine = and_(Link.connection_id == connection.id, Link.kind == "client", Link.subject_id == Client.id)
    theirs = and_(
        CatalogueRow.connection_id == connection.id,
        CatalogueRow.entity == CUSTOMER,
        CatalogueRow.remote_id == Link.remote_id,
        CatalogueRow.active,
        ~CatalogueRow.vanished,
    )
    wanted = select(Client, Link, CatalogueRow.name).join(Link, mine).outerjoin(CatalogueRow, theirs)
    return wanted.where(Client.active).order_by(func.lower(Client.name), Client.id)


_IS_BROKEN = or_(Link.state != LinkState.LIVE, CatalogueRow.id.is_(None))


def _free(connection: Connection) -> Sequence[Row[Any]]:
    """The active customers whom no client is linked to."""
    taken = exists().where(
        Link.connection_id == connection.id,
        Link.entity == CUSTOMER,
        Link.remote_id == CatalogueRow.remote_id,
        Link.kind == "client",
    )
    listed = (CatalogueRow.connection_id == connection.id, CatalogueRow.entity == CUSTOMER)
    columns = (CatalogueRow.remote_id, CatalogueRow.name, CatalogueRow.data)
    free = select(*columns).where(*listed, CatalogueRow.active, ~CatalogueRow.vanished, ~taken)
    return db.session.execute(free.order_by(CatalogueRow.name_folded, CatalogueRow.id)).all()


def _row(
    client: Client | Row[Any],
    held: Mapping[str, int],
    *,
    link: Link | None = None,
    customer: str = "",
    likeness: Likeness | None = None,
) -> ClientRow:
    gone = link is not None and (link.state is not LinkState.LIVE or not customer)
    return ClientRow(
        client_id=client.id,
        name=client.name,
        beside=client.email or client.postcode or "",
        customer=customer,
        customer_id=link.remote_id if link else "",
        how=_HOW[link.made] if link else "",
        trouble="The customer is inactive or gone in QuickBooks; choose another." if gone else "",
        likeness=likeness,
        holds=held.get(lanes.blocker_of(Subject("client", client.id)), 0),
    )


def _customer(row: Row[Any]) -> Customer:
    email, company = (str(row.data.get(name) or "") for name in ("email", "company"))
    return Customer(row.remote_id, row.name, email, company)


def _likenesses(clients: Sequence[Row[Any]], free: Customers) -> dict[int, Likeness]:
    """{client: who it may be}; a customer that two clients would be is suggested to neither."""
    wanted = {row.id: Wanted(row.name, row.company_name, row.email) for row in clients}
    found = _found(wanted, free.same)
    rest = [client_id for client_id in wanted if client_id not in found][:MOST_COMPARED]
    found |= _found({client_id: wanted[client_id] for client_id in rest}, free.similar)
    claimed = Counter(one.customer.remote_id for one in found.values())
    return {client_id: one for client_id, one in found.items() if claimed[one.customer.remote_id] == 1}


def _found(wanted: Mapping[int, Wanted], look: Callable[[Wanted], Likeness | None]) -> dict[int, Likeness]:
    looked = ((client_id, look(one)) for client_id, one in wanted.items())
    return {client_id: one for client_id, one in looked if one is not None}
