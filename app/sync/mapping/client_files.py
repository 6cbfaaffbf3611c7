"""Clients and their customers as a table that goes out and comes back: first as a plan, then in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.billing.client import Client
from app.billing.importing.reader import Row
from app.billing.timeline import Actor
from app.foundation.database import db
from app.quickbooks import catalogue
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.mapping import linking, making, skipped
from app.sync.mapping.client_bench import ClientRow
from app.sync.mapping.client_lines import Sides
from app.sync.mapping.linking import CLIENT, CUSTOMER
from app.sync.mapping.planned_lines import Agreed, Fate, Planned, repeated
from app.sync.mapping.skipped import SkippedKind
from app.sync.records.links import Link, LinkState, links_of

COLUMNS = (
    *("Client id", "Client", "E-mail", "Action", "QuickBooks id", "QuickBooks name"),
    *("Suggested id", "Suggested name", "Reason"),
)
REQUIRED = ("Client", "QuickBooks id")
"""What a file that comes back must have. A client is found by its id where the file has it, else by its name."""


def rows_of(everyone: Iterable[ClientRow]) -> Iterator[tuple[object, ...]]:
    """The rows of a file, as `COLUMNS` names them; it comes back as it went out and changes nothing."""
    for row in everyone:
        aside = "skip" if row.skipped_by and not row.customer_id else ""
        maybe = row.likeness
        suggested = (maybe.customer.remote_id, maybe.customer.name, maybe.reason) if maybe else ("", "", "")
        yield row.client_id, row.name, row.email, aside, row.customer_id, row.customer, *suggested


def plan(connection: Connection, everyone: Sequence[ClientRow], rows: Iterable[Row]) -> list[Planned]:
    """What a file would do, line by line; changes nothing.

    A client that stands twice is a problem both times, and so is a customer that two lines want, or that another client
    keeps.
    """
    read = list(rows)
    sides = Sides(everyone, catalogue.all_active(connection.id, CUSTOMER))
    planned = [sides.planned(row) for row in read]
    return _without_rivals(_once(planned), _holders(connection.id))


@dataclass(frozen=True)
class Done:
    """What a file did: how many of each fate, and how many messages that released."""

    counts: Mapping[Fate, int]
    released: int


def carry_out(connection: Connection, agreed: Sequence[Agreed], *, actor: Actor) -> Done:
    """Do what a person agreed to, in the caller's transaction; what is so already is left as it is.

    Whoever leaves a customer does so before another gets it. Raises as `linking.link_client` and
    `making.ask_for_customer` do, where things have changed since the plan was made.
    """
    by_fate: dict[Fate, list[Agreed]] = defaultdict(list)
    for one in agreed:
        by_fate[one.fate].append(one)
    released = _linked(connection, by_fate[Fate.LINK], by_fate[Fate.UNLINK], actor)
    pending = making.wishes(lane_of(connection), CLIENT)
    for one in by_fate[Fate.CREATE]:
        if one.subject_id not in pending:
            making.ask_for_customer(connection, one.subject_id)
    for one in by_fate[Fate.SKIP]:
        skipped.skip(connection.id, SkippedKind.CLIENT, one.subject_id, by=actor.name)
    for one in by_fate[Fate.TAKE_UP]:
        skipped.take_up(connection.id, SkippedKind.CLIENT, one.subject_id)
    return Done({fate: len(lines) for fate, lines in by_fate.items()}, released)


def _linked(connection: Connection, link: Sequence[Agreed], unlink: Sequence[Agreed], actor: Actor) -> int:
    """How many messages that released."""
    links = links_of(connection.id, CLIENT, [one.subject_id for one in (*link, *unlink)])
    wanted = [one for one in link if not _is_so(links, one)]
    leave = [one.subject_id for one in (*unlink, *wanted) if one.subject_id in links]
    linking.unlink_all(connection, leave, actor=actor)
    return linking.link_all(connection, [(one.subject_id, one.remote_id) for one in wanted], actor=actor).released


def _is_so(links: Mapping[int, Link], one: Agreed) -> bool:
    link = links.get(one.subject_id)
    return link is not None and link.remote_id == one.remote_id and link.state is LinkState.LIVE


def _holders(connection_id: int) -> dict[str, tuple[int, str]]:
    """{customer: the client that has it, and its name}, those that are not in use too."""
    tied = select(Link.remote_id, Client.id, Client.name).join(Client, Client.id == Link.subject_id)
    rows = db.session.execute(tied.where(Link.connection_id == connection_id, Link.kind == CLIENT)).all()
    return {remote_id: (client_id, name) for remote_id, client_id, name in rows}


def _once(planned: Sequence[Planned]) -> list[Planned]:
    """Of a client that stands more than once nobody knows which line is meant."""
    twice = repeated([one for one in planned if one.subject_id], lambda one: one.subject_id)
    sentence = "Client: it stands more than once in the file. Keep one line."
    return [_stopped(one, sentence) if one.subject_id in twice else one for one in planned]


def _without_rivals(planned: Sequence[Planned], holders: Mapping[str, tuple[int, str]]) -> list[Planned]:
    """A customer is one client's: what two want, or what a client keeps, can't be linked.

    Whoever is refused keeps what it has, which may stand in the way of another: looked at until nobody is refused.
    """
    rivals = repeated([one for one in planned if one.remote_id], lambda one: one.remote_id)
    found = [_stopped(one, _RIVALS) if one.remote_id in rivals else one for one in planned]
    while True:
        settled = _without_kept(found, holders)
        if settled == found:
            return found
        found = settled


def _without_kept(planned: Sequence[Planned], holders: Mapping[str, tuple[int, str]]) -> list[Planned]:
    leave = {one.subject_id for one in planned if one.fate in {Fate.LINK, Fate.UNLINK}}
    kept = {remote_id: name for remote_id, (client_id, name) in holders.items() if client_id not in leave}
    return [_kept(one, kept) for one in planned]


_RIVALS = "QuickBooks id: another line wants this customer too. A customer is one client's; keep one line."


def _kept(one: Planned, kept: Mapping[str, str]) -> Planned:
    if one.fate is not Fate.LINK or one.remote_id not in kept:
        return one
    name = kept[one.remote_id]
    return _stopped(one, f"QuickBooks id: it is the customer of your client “{name}”. Unlink that one first, or here.")


def _stopped(one: Planned, sentence: str) -> Planned:
    return replace(one, fate=Fate.PROBLEM, sentence=sentence)
