"""Customers in QuickBooks as clients of ours, each linked to its own; one of the same name is linked, not made anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from sqlalchemy import select

from app.billing import catalogue as billing
from app.billing.catalogue_fields import ClientFields
from app.billing.client import Client
from app.billing.timeline import Actor
from app.foundation.database import db
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.quickbooks.catalogue import Record
from app.sync.company import former_links
from app.sync.importing.offers import Difference, Offer, Place, Source, Standing, differing, order
from app.sync.importing.rows import row_of
from app.sync.judging.documents import display_name
from app.sync.mapping import linking
from app.sync.mapping.client_suggestions import Customer, Customers, Wanted
from app.sync.records.links import Link, LinkMade, link_of
from app.sync.records.mappings import MappingKind, mappings_of

_LONGEST_NAME = 200
_BEFORE = "It was linked to this one before QuickBooks was disconnected."
_PLAIN = {
    "company": ("company_name", "Company", 200),
    "email": ("email", "E-mail", 320),
    "phone": ("phone", "Telephone", 60),
    "line1": ("address_line1", "Address", 200),
    "line2": ("address_line2", "Address, second line", 200),
    "city": ("city", "Town", 120),
    "region": ("region", "State or region", 255),
    "postcode": ("postcode", "Postcode", 30),
}
"""{what is kept of a customer: (the field of a client, its word, its longest)}."""


def look(place: Place) -> list[Offer]:
    """Every active customer, by name."""
    rows = catalogue.all_active(place.connection.id, linking.CUSTOMER)
    here = _Here.of(place, rows)
    return [here.offer(row) for row in rows]


def take(place: Place, offer: Offer, actor: Actor) -> None:
    """Make, link or change the client, in the caller's transaction; nothing is written in QuickBooks."""
    row = row_of(place, linking.CUSTOMER, offer)
    said = _said(place, row)
    if offer.standing is Standing.DIFFERS:
        client = db.session.get_one(Client, offer.our_id)
        filled = {name: value for name, value in said.items() if value}
        if row.data.get("currency"):
            filled["currency"] = said["currency"]
        if not _is_called(client, row):
            filled["name"] = row.name[:_LONGEST_NAME]
        billing.take_over(client, replace(_fields(client), **filled), actor=actor)
        return
    our_id = offer.our_id or billing.create_client(_made(place, row, said), actor=actor).id
    linking.link_client(place.connection, our_id, row.remote_id, actor=actor)
    link = link_of(place.connection.id, Subject("client", our_id))
    if link is not None:
        link.made = LinkMade.MATCHED


def _made(place: Place, row: Record, said: Mapping[str, Any]) -> ClientFields:
    country = str(row.data.get("country") or "").strip().upper()
    return ClientFields(
        name=row.name[:_LONGEST_NAME], country=country if len(country) == 2 else place.entity.country, **said
    )


def _fields(client: Client) -> ClientFields:
    return ClientFields(**{one.name: getattr(client, one.name) for one in fields(ClientFields)})


def _said(place: Place, row: Record) -> dict[str, Any]:
    """What they say of it, as fields of a client; the home currency is nothing to say."""
    currency = str(row.data.get("currency") or "")
    plain = {ours: str(row.data.get(theirs) or "")[:most] for theirs, (ours, _word, most) in _PLAIN.items()}
    return plain | {
        "currency": currency if currency not in {"", place.entity.home_currency} else None,
        "default_term_id": _terms(place).get(str(row.data.get("term") or "")),
    }


def _terms(place: Place) -> dict[str, int]:
    chosen = mappings_of(place.connection.id, MappingKind.TERM)
    return {choice.remote_id: our_id for our_id, choice in sorted(chosen.items(), reverse=True)}


@dataclass(frozen=True)
class _Here:
    """Our clients as the customers find them."""

    home_currency: str
    linked: Mapping[str, Client]
    """By the id of the customer."""
    alike: Mapping[str, Sequence[tuple[Client, str]]]

    @classmethod
    def of(cls, place: Place, rows: Sequence[Record]) -> Self:
        linked, unlinked = _by_their_links(place)
        former = _former(place, unlinked, linked)
        known = linked | former
        theirs = Customers(_customer(row) for row in rows if row.remote_id not in known)
        for client in former.values():
            unlinked.pop(client.id, None)
        ours = [client for client in unlinked.values() if _is_billed_here(place, client)]
        again = {remote_id: [(client, _BEFORE)] for remote_id, client in former.items()}
        return cls(place.entity.home_currency, linked, _alike(ours, theirs) | again)

    def offer(self, row: Record) -> Offer:
        said = Offer(
            key=order(row.remote_id), name=row.name, standing=Standing.NEW, beside=str(row.data.get("email") or "")
        )
        client, alike = self.linked.get(row.remote_id), self.alike.get(row.remote_id, ())
        if client is not None:
            found = self._differences(client, row)
            standing = Standing.DIFFERS if found else Standing.SAME
            return replace(said, standing=standing, our_id=client.id, here=client.name, differences=found)
        if len(alike) > 1:
            names = " and ".join(f"“{one.name}”" for one, _reason in alike[:3])
            return replace(said, standing=Standing.LEFT_OUT, note=f"It may be {names}: link the right one by hand.")
        if alike:
            one, reason = alike[0]
            return replace(said, standing=Standing.TO_LINK, our_id=one.id, here=one.name, note=reason)
        return said

    def _differences(self, client: Client, row: Record) -> tuple[Difference, ...]:
        plain = [
            (word, str(getattr(client, ours)), str(row.data.get(theirs) or "")[:most])
            for theirs, (ours, word, most) in _PLAIN.items()
        ]
        name = ("Name", client.name, "" if _is_called(client, row) else row.name)
        currency = ("Currency", client.currency or self.home_currency, str(row.data.get("currency") or ""))
        return differing([name, *plain, currency])


def _by_their_links(place: Place) -> tuple[dict[str, Client], dict[int, Client]]:
    """({customer: the client linked to it}, {client id: client} of those that are linked to nobody)."""
    mine = select(Link).where(Link.connection_id == place.connection.id, Link.kind == "client")
    ties = {link.subject_id: link.remote_id for link in db.session.scalars(mine)}
    linked: dict[str, Client] = {}
    unlinked: dict[int, Client] = {}
    for client in db.session.scalars(select(Client).order_by(Client.id)):
        if client.id in ties:
            linked[ties[client.id]] = client
        else:
            unlinked[client.id] = client
    return linked, unlinked


def _former(place: Place, unlinked: Mapping[int, Client], taken: Collection[str]) -> dict[str, Client]:
    """{customer: the client who was linked to it before a disconnect}, of those that are both free."""
    once = former_links.once_linked(place.connection.id, linking.CUSTOMER)
    free = {remote_id: our_id for remote_id, our_id in once.items() if remote_id not in taken}
    return {remote_id: unlinked[our_id] for remote_id, our_id in free.items() if our_id in unlinked}


def _alike(clients: Sequence[Client], free: Customers) -> dict[str, list[tuple[Client, str]]]:
    """{customer: the clients who are the same, and why}; likeness alone is not enough."""
    found: dict[str, list[tuple[Client, str]]] = defaultdict(list)
    for client in clients:
        likeness = free.same(Wanted(client.name, client.company_name, client.email))
        if likeness is not None:
            found[likeness.customer.remote_id].append((client, likeness.reason))
    return dict(found)


def _customer(row: Record) -> Customer:
    email, company = (str(row.data.get(name) or "") for name in ("email", "company"))
    return Customer(row.remote_id, row.name, email, company)


def _is_billed_here(place: Place, client: Client) -> bool:
    return client.active and client.billing_entity_id in {None, place.entity.id}


def _is_called(client: Client, row: Record) -> bool:
    return not differing([("", display_name(client.name), row.name)])


SOURCE = Source(look, take)
