"""Linking by hand: a person says which customer in QuickBooks a client of ours is."""

from __future__ import annotations

from collections.abc import Iterable

from app.billing import timeline
from app.billing.client import Client
from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.quickbooks.catalogue import CatalogueRow
from app.quickbooks.models import Connection
from app.sync.connecting import lane_of
from app.sync.links import Link, LinkMade, LinkState, link_of, links_to
from app.sync.mapping import Chosen

CUSTOMER = "Customer"


def link_client(connection: Connection, client_id: int, remote_id: str, *, actor: Actor) -> Chosen:
    """Link a client to a customer, in the caller's transaction; what waited for it is released.

    The customer stays as it is there. Raises BadInputError for one that is not in the list, is inactive, or is another
    client's already, and NoResultFound for a client that is not ours.
    """
    client = db.session.get_one(Client, client_id)
    row = catalogue.by_id(connection.id, CUSTOMER, remote_id)
    if row is None or not row.active or row.vanished:
        raise BadInputError("remote_id", "Choose an active customer of the list. Read the lists again if it is new.")
    db.session.refresh(connection, with_for_update=True)
    subject = Subject("client", client.id)
    _refuse_anothers(connection.id, subject, row)
    _tie(connection.id, subject, row)
    sentence = f"Linked to the customer “{row.name}” in QuickBooks."
    timeline.note(subject, "linked", sentence, actor=actor)
    db.session.flush()
    return Chosen(row.name, lanes.release(lane_of(connection), lanes.blocker_of(subject)))


def link_all(connection: Connection, picks: Iterable[tuple[int, str]], *, actor: Actor) -> Chosen:
    """Link several at once: (client id, customer id) each; returns how many were linked as the name."""
    done = [link_client(connection, client_id, remote_id, actor=actor) for client_id, remote_id in picks]
    return Chosen(str(len(done)), sum(one.released for one in done))


def unlink_client(connection: Connection, client_id: int, *, actor: Actor) -> None:
    """Take a client's link back, in the caller's transaction; documents that are in QuickBooks stay as they are.

    Its next document looks for a customer anew, as for any client that is not linked.
    """
    db.session.refresh(connection, with_for_update=True)
    subject = Subject("client", db.session.get_one(Client, client_id).id)
    link = link_of(connection.id, subject)
    if link is not None:
        db.session.delete(link)
        timeline.note(subject, "unlinked", "Its link to a customer in QuickBooks was taken back.", actor=actor)
        db.session.flush()


def free_customers(connection_id: int, rows: list[CatalogueRow]) -> list[CatalogueRow]:
    """Those of these customers that no client of ours is linked to."""
    taken = links_to(connection_id, CUSTOMER, [row.remote_id for row in rows])
    return [row for row in rows if row.remote_id not in taken]


def _refuse_anothers(connection_id: int, subject: Subject, row: CatalogueRow) -> None:
    other = links_to(connection_id, CUSTOMER, [row.remote_id]).get(row.remote_id)
    if other is not None and other.subject != subject:
        name = db.session.get_one(Client, other.subject_id).name
        raise BadInputError("remote_id", f"“{row.name}” is linked to your client “{name}” already. Choose another.")


def _tie(connection_id: int, subject: Subject, row: CatalogueRow) -> None:
    link = link_of(connection_id, subject)
    if link is None:
        link = Link(connection_id=connection_id, kind=subject.kind, subject_id=subject.id, entity=CUSTOMER)
        db.session.add(link)
    link.remote_id, link.sync_token, link.state = row.remote_id, row.sync_token, LinkState.LIVE
    link.made, link.told_digest, link.linked_at = LinkMade.BY_HAND, None, clock.now()
