"""The rows of the page that links clients to customers: ours, who it is there, who is suggested. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, and_, case, func, or_, select

from app.billing.client import Client
from app.billing.entity import BillingEntity
from app.billing.queries import Page, cut, page_of
from app.billing.words import matches
from app.foundation.database import db
from app.foundation.errors import NotFoundError
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks.models import CatalogueRow, Connection
from app.sync.mapping import making, open_clients, uses
from app.sync.mapping.client_suggestions import Likeness
from app.sync.mapping.linking import CLIENT, CUSTOMER
from app.sync.mapping.open_clients import OpenClient
from app.sync.mapping.skipped import SkippedKind, skipped
from app.sync.records.links import Link, LinkMade, LinkState


class ClientTab(StrEnum):
    """Where a client stands."""

    SUGGESTED = "suggested"
    UNLINKED = "unlinked"
    LINKED = "linked"
    BROKEN = "broken"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True)
class ClientRow:
    """One client; `customer` is the name there of whom it is linked to, empty while it is linked to nobody."""

    client_id: int
    name: str
    email: str
    postcode: str
    customer: str = ""
    customer_id: str = ""
    how: str = ""
    trouble: str = ""
    likeness: Likeness | None = None
    holds: int = 0
    """How many messages wait for it: a link releases them."""
    wish: str = ""
    """How it stands with the customer that somebody asked to be made; empty where nobody did."""
    skipped_by: str = ""
    """Who put it aside; empty where nobody did."""

    @property
    def beside(self) -> str:
        """What tells it from another of its name."""
        return self.email or self.postcode

    @property
    def tab(self) -> ClientTab:
        """The tab it is shown under."""
        if self.customer_id:
            return ClientTab.BROKEN if self.trouble else ClientTab.LINKED
        if self.skipped_by:
            return ClientTab.SKIPPED
        return ClientTab.SUGGESTED if self.likeness else ClientTab.UNLINKED


@dataclass(frozen=True)
class ClientBench:
    """How many clients in use each tab has, and those that have no customer yet."""

    entity: BillingEntity
    connection: Connection
    counts: Mapping[ClientTab, int]
    open: Mapping[ClientTab, Sequence[OpenClient]]
    """By name. All of them, for what is suggested to one depends on the others."""
    likenesses: Mapping[int, Likeness]
    skipped: Mapping[int, str]

    @property
    def exact(self) -> list[tuple[int, str]]:
        """(client, customer) wherever the whole name agrees."""
        return [(our_id, one.customer.remote_id) for our_id, one in self.likenesses.items() if one.exact]

    def page(self, tab: ClientTab, *, search: str = "", number: int = 1) -> Page[ClientRow]:
        """One page of a tab; searched in names, e-mail and postcode."""
        if tab in {ClientTab.LINKED, ClientTab.BROKEN}:
            return self._linked_page(tab, search, number)
        words = search.casefold().split()
        found = cut([row for row in self.open[tab] if not words or _holds(row, words)], number)
        return Page(self._open_rows(found.rows), found.number, found.total, found.per_page)

    def everyone(self) -> list[ClientRow]:
        """All clients in use, by name."""
        linked = self._linked_rows(_linked(self.connection))
        rows = [*linked, *self._open_rows([row for rows in self.open.values() for row in rows])]
        return sorted(rows, key=lambda row: (row.name.casefold(), row.client_id))

    def row(self, client_id: int) -> ClientRow:
        """One client. Raises NotFoundError for one that is not in use, or billed elsewhere."""
        linked = self._linked_rows(_linked(self.connection).where(Client.id == client_id))
        there = [row for rows in self.open.values() for row in rows if row.id == client_id]
        for row in (*linked, *self._open_rows(there)):
            return row
        raise NotFoundError

    def _linked_page(self, tab: ClientTab, search: str, number: int) -> Page[ClientRow]:
        wanted = _linked(self.connection).where(_IS_BROKEN if tab is ClientTab.BROKEN else ~_IS_BROKEN)
        if search.strip():
            wanted = wanted.where(matches(search, Client.name, Client.email, Client.postcode))
        found: Page[int] = page_of(wanted.with_only_columns(Client.id), number)
        rows = self._linked_rows(_linked(self.connection).where(Client.id.in_(found.rows)))
        return Page(rows, found.number, found.total, found.per_page)

    def _linked_rows(self, wanted: Select[Client, Link, str]) -> list[ClientRow]:
        held = uses.waiting_for(self.entity)
        return [_linked_row(client, link, name or "", held) for client, link, name in db.session.execute(wanted)]

    def _open_rows(self, rows: Iterable[OpenClient]) -> list[ClientRow]:
        held, wishes = uses.waiting_for(self.entity), making.wishes(self.entity.lane, CLIENT)
        return [
            ClientRow(
                client_id=row.id,
                name=row.name,
                email=row.email,
                postcode=row.postcode,
                likeness=self.likenesses.get(row.id),
                holds=_holding(held, row.id),
                wish=wishes.get(row.id, ""),
                skipped_by=self.skipped.get(row.id, ""),
            )
            for row in rows
        ]


_HOW = {
    LinkMade.CREATED: "Created by Counterfoil",
    LinkMade.MATCHED: "Matched by its name",
    LinkMade.ADOPTED: "Found with its documents",
    LinkMade.BY_HAND: "Linked by hand",
}


def bench(entity: BillingEntity, connection: Connection) -> ClientBench:
    """What concerns every client in use that this entity bills."""
    aside = skipped(connection.id, SkippedKind.CLIENT)
    rows = open_clients.clients(entity, connection)
    alike = open_clients.likenesses(connection, [row for row in rows if row.id not in aside])
    by_tab: dict[ClientTab, list[OpenClient]] = {tab: [] for tab in ClientTab}
    for row in rows:
        tab = ClientTab.SUGGESTED if row.id in alike else ClientTab.UNLINKED
        by_tab[ClientTab.SKIPPED if row.id in aside else tab].append(row)
    counts = {tab: len(rows) for tab, rows in by_tab.items()} | _counted(connection)
    return ClientBench(entity, connection, counts, by_tab, alike, aside)


def _counted(connection: Connection) -> dict[ClientTab, int]:
    both = func.count(), func.coalesce(func.sum(case((_IS_BROKEN, 1), else_=0)), 0)
    linked, broken = db.session.execute(_linked(connection).with_only_columns(*both).order_by(None)).one()
    return {ClientTab.LINKED: int(linked) - int(broken), ClientTab.BROKEN: int(broken)}


def _linked(connection: Connection) -> Select[Client, Link, str]:
    """Clients in use with their link and, where that can be used, their customer's name; by their own."""
    mine = and_(Link.connection_id == connection.id, Link.kind == CLIENT, Link.subject_id == Client.id)
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


def _linked_row(client: Client, link: Link, customer: str, held: Mapping[str, int]) -> ClientRow:
    gone = link.state is not LinkState.LIVE or not customer
    return ClientRow(
        client_id=client.id,
        name=client.name,
        email=client.email,
        postcode=client.postcode,
        customer=customer,
        customer_id=link.remote_id,
        how=_HOW[link.made],
        trouble="The customer is inactive or gone in QuickBooks; choose another." if gone else "",
        holds=_holding(held, client.id),
    )


def _holding(held: Mapping[str, int], client_id: int) -> int:
    return held.get(lanes.blocker_of(Subject(CLIENT, client_id)), 0)


def _holds(row: OpenClient, words: Sequence[str]) -> bool:
    """Whether each word stands in what the linked are searched in."""
    text = f"{row.name} {row.email} {row.postcode}".casefold()
    return all(word in text for word in words)
