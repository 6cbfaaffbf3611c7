"""Linking by hand: a person says which customer in QuickBooks a client of ours is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, TypeVar

from sqlalchemy import Select, func, select

from app.billing import timeline
from app.billing.client import Client
from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.quickbooks.catalogue import CatalogueRow, Shown
from app.quickbooks.models import Connection
from app.sync.company import former_links
from app.sync.company.connecting import lane_of
from app.sync.judging import choices
from app.sync.mapping.choosing import Chosen
from app.sync.records.links import Link, LinkMade, LinkState, link_of, links_of, links_to

CUSTOMER = "Customer"
CLIENT = "client"
_AT_ONCE = 500
"""So many are linked by the same few statements."""
Pick = tuple[int, str]
"""(client id, customer id)."""
_Listed = TypeVar("_Listed", CatalogueRow, Shown)
_MAY_BE_TAKEN_BACK = timedelta(days=1)


@dataclass(frozen=True)
class AtOnce:
    """Clients that were linked together: when (UTC), and how many are still as they were made."""

    moment: datetime
    number: int


def link_client(connection: Connection, client_id: int, remote_id: str, *, actor: Actor) -> Chosen:
    """Link a client to a customer, in the caller's transaction; what waited for it is released.

    The customer stays as it is there. Raises BadInputError for one that is not in the list, is inactive, or is another
    client's already, and NoResultFound for a client that is not ours.
    """
    return link_all(connection, [(client_id, remote_id)], actor=actor)


def link_all(connection: Connection, picks: Iterable[Pick], *, actor: Actor) -> Chosen:
    """Link several at once, or none where one is refused: see `link_client`; `name` is that of the last customer.

    All bear one moment, by which they can be taken back together: see `take_back`.
    """
    db.session.refresh(connection, with_for_update=True)
    wanted, now, name, released = list(picks), clock.now(), "", 0
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        name = _link_some(_Sides.of(connection, some), some, now, actor)
        db.session.flush()
        blockers = (lanes.blocker_of(Subject(CLIENT, client_id)) for client_id, _remote_id in some)
        released += lanes.release(lane_of(connection), *blockers)
    return Chosen(name, released)


def unlink_client(connection: Connection, client_id: int, *, actor: Actor) -> None:
    """Take a client's link back, in the caller's transaction; documents that are in QuickBooks stay as they are.

    Its next document looks for a customer anew, as for any client that is not linked. Raises NoResultFound for a client
    that is not ours.
    """
    unlink_all(connection, [db.session.get_one(Client, client_id).id], actor=actor)


def unlink_all(connection: Connection, client_ids: Sequence[int], *, actor: Actor) -> None:
    """The same for several of ours."""
    db.session.refresh(connection, with_for_update=True)
    for start in range(0, len(client_ids), _AT_ONCE):
        for link in links_of(connection.id, CLIENT, client_ids[start : start + _AT_ONCE]).values():
            _unlink(link, actor)
    db.session.flush()


def last_at_once(connection_id: int) -> AtOnce | None:
    """The last clients of the past day that were linked by hand, more than one together; None where none were."""
    recent = _by_hand(connection_id).where(Link.linked_at > clock.now() - _MAY_BE_TAKEN_BACK)
    together = recent.with_only_columns(Link.linked_at, func.count()).group_by(Link.linked_at)
    last = together.having(func.count() > 1).order_by(Link.linked_at.desc()).limit(1)
    row = db.session.execute(last).one_or_none()
    return AtOnce(*row) if row else None


def take_back(connection: Connection, moment: datetime, *, actor: Actor) -> int:
    """Unlink all that were linked at once at this moment (UTC), in the caller's transaction; returns how many."""
    db.session.refresh(connection, with_for_update=True)
    made = _by_hand(connection.id).where(Link.linked_at == moment).order_by(Link.id)
    links = db.session.scalars(made).all()
    for link in links:
        _unlink(link, actor)
    db.session.flush()
    return len(links)


def is_linked(connection_id: int, client_id: int) -> bool:
    """Whether the client has a customer there."""
    return link_of(connection_id, Subject(CLIENT, client_id)) is not None


def few(connection_id: int, most: int) -> list[CatalogueRow] | None:
    """The active customers whom no client is linked to, where the list is that short; None where one must search."""
    rows = catalogue.find(connection_id, CUSTOMER, "", choices.MOST_LOOKED_AT + 1)
    free = free_customers(connection_id, rows)
    return None if len(rows) > choices.MOST_LOOKED_AT or len(free) > most else free


def search(connection_id: int, text: str, limit: int) -> list[CatalogueRow]:
    """Those whose name contains the text, the first `limit` of them."""
    return free_customers(connection_id, catalogue.find(connection_id, CUSTOMER, text, limit * 3))[:limit]


def free_customers(connection_id: int, rows: Sequence[_Listed]) -> list[_Listed]:
    """Those of these customers that no client of ours is linked to."""
    taken = links_to(connection_id, CUSTOMER, [row.remote_id for row in rows])
    return [row for row in rows if row.remote_id not in taken]


@dataclass(frozen=True)
class _Sides:
    """What some picks name, on both sides, and what ties them already."""

    connection_id: int
    customers: dict[str, CatalogueRow]
    holders: dict[str, Subject]
    links: dict[int, Link]

    @classmethod
    def of(cls, connection: Connection, picks: Sequence[Pick]) -> Self:
        client_ids, remote_ids = [one for one, _ in picks], [other for _, other in picks]
        rows = catalogue.by_ids(connection.id, CUSTOMER, remote_ids)
        held = links_to(connection.id, CUSTOMER, remote_ids)
        holders = {remote_id: link.subject for remote_id, link in held.items()}
        return cls(connection.id, rows, holders, links_of(connection.id, CLIENT, client_ids))

    def customer(self, subject: Subject, remote_id: str) -> CatalogueRow:
        """The customer, if it may be linked to this client. Raises BadInputError."""
        row = self.customers.get(remote_id)
        if row is None or not row.active or row.vanished:
            raise BadInputError(
                "remote_id", "Choose an active customer of the list. Read the lists again if it is new."
            )
        holder = self.holders.setdefault(remote_id, subject)
        if holder != subject:
            name = db.session.get_one(Client, holder.id).name
            raise BadInputError("remote_id", f"“{row.name}” is linked to your client “{name}” already. Choose another.")
        return row

    def link(self, subject: Subject) -> Link:
        """The client's link; a new one where it has none."""
        link = self.links.get(subject.id)
        if link is None:
            link = Link(connection_id=self.connection_id, kind=subject.kind, subject_id=subject.id, entity=CUSTOMER)
            db.session.add(link)
        return link


def _by_hand(connection_id: int) -> Select[Link]:
    """The links of clients that were made by hand, and are as they were made."""
    return select(Link).where(Link.connection_id == connection_id, Link.kind == CLIENT, Link.made == LinkMade.BY_HAND)


def _link_some(sides: _Sides, picks: Sequence[Pick], now: datetime, actor: Actor) -> str:
    ids = [client_id for client_id, _remote_id in picks]
    known = set(db.session.scalars(select(Client.id).where(Client.id.in_(ids))))
    name = ""
    for client_id, remote_id in picks:
        subject = Subject(CLIENT, client_id if client_id in known else db.session.get_one(Client, client_id).id)
        row = sides.customer(subject, remote_id)
        _tie(sides.link(subject), row, now)
        timeline.note(subject, "linked", f"Linked to the customer “{row.name}” in QuickBooks.", actor=actor)
        name = row.name
    return name


def _tie(link: Link, row: CatalogueRow, now: datetime) -> None:
    link.remote_id, link.sync_token, link.state = row.remote_id, row.sync_token, LinkState.LIVE
    link.made, link.told_digest, link.linked_at = LinkMade.BY_HAND, None, now


def _unlink(link: Link, actor: Actor) -> None:
    db.session.delete(link)
    former_links.forget(link)
    timeline.note(link.subject, "unlinked", "Its link to a customer in QuickBooks was taken back.", actor=actor)
