"""The rows of the page that links clients to customers: ours, who it is there, who is suggested. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from sqlalchemy import func, select

from app.billing.client import Client
from app.billing.entity import BillingEntity
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks import catalogue
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
    """All clients in use."""

    rows: Sequence[ClientRow]

    @property
    def counts(self) -> dict[ClientTab, int]:
        """How many rows each tab has."""
        return {tab: sum(1 for row in self.rows if row.tab is tab) for tab in ClientTab}

    @property
    def exact(self) -> list[tuple[int, str]]:
        """(client, customer) wherever the whole name agrees."""
        return [
            (row.client_id, row.likeness.customer.remote_id) for row in self.rows if row.likeness and row.likeness.exact
        ]


_HOW = {
    LinkMade.CREATED: "Created by Counterfoil",
    LinkMade.MATCHED: "Matched by its name",
    LinkMade.ADOPTED: "Found with its documents",
    LinkMade.BY_HAND: "Linked by hand",
}


def bench(entity: BillingEntity, connection: Connection) -> ClientBench:
    """Every client in use, by name."""
    table = _Table.of(entity, connection)
    clients = db.session.scalars(select(Client).where(Client.active).order_by(func.lower(Client.name))).all()
    alike = _likenesses([row for row in clients if row.id not in table.links], table.free)
    return ClientBench([table.row(row, alike.get(row.id)) for row in clients])


@dataclass(frozen=True)
class _Table:
    """What the rows refer to, each read once."""

    links: Mapping[int, Link]
    names: Mapping[str, str]
    """Of active customers."""
    free: Customers
    held: Mapping[str, int]

    @classmethod
    def of(cls, entity: BillingEntity, connection: Connection) -> Self:
        mine = select(Link).where(Link.connection_id == connection.id, Link.kind == "client")
        links = {row.subject_id: row for row in db.session.scalars(mine)}
        customers = catalogue.all_active(connection.id, CUSTOMER)
        taken = {link.remote_id for link in links.values()}
        free = Customers(_customer(row) for row in customers if row.remote_id not in taken)
        return cls(links, {row.remote_id: row.name for row in customers}, free, uses.waiting_for(entity))

    def row(self, client: Client, likeness: Likeness | None) -> ClientRow:
        link = self.links.get(client.id)
        gone = link is not None and (link.state is not LinkState.LIVE or link.remote_id not in self.names)
        return ClientRow(
            client_id=client.id,
            name=client.name,
            beside=client.email or client.postcode or "",
            customer=self.names.get(link.remote_id, "") if link else "",
            customer_id=link.remote_id if link else "",
            how=_HOW[link.made] if link else "",
            trouble="The customer is inactive or gone in QuickBooks; choose another." if gone else "",
            likeness=likeness,
            holds=self.held.get(lanes.blocker_of(Subject("client", client.id)), 0),
        )


def _customer(row: CatalogueRow) -> Customer:
    email, company = (str(row.data.get(name) or "") for name in ("email", "company"))
    return Customer(row.remote_id, row.name, email, company)


def _likenesses(clients: Sequence[Client], free: Customers) -> dict[int, Likeness]:
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
