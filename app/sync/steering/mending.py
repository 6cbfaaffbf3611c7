"""Mending a cause where it is shown: what may be chosen for it, and what the choice releases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.billing.client import Client
from app.billing.entities import only_entity
from app.billing.timeline import Actor
from app.foundation.database import db
from app.foundation.errors import NotFoundError
from app.quickbooks import catalogue
from app.quickbooks.catalogue import Record
from app.quickbooks.models import Connection
from app.sync.judging import choices
from app.sync.mapping import choosing, linking, workbench
from app.sync.mapping.choosing import Chosen
from app.sync.records.mappings import ENTITY_OF, MappingKind
from app.sync.records.tied import connection_of
from app.sync.steering.causes import Cause

FEW = 15
"""A list as short as this is offered whole, without searching."""
LEAST_LETTERS = 2
_CLIENT = "client"
_NOUNS = {
    MappingKind.SERVICE: "item",
    MappingKind.TAX_CODE: "tax code",
    MappingKind.TERM: "term",
    MappingKind.DEFAULT_INCOME: "income account",
    MappingKind.DEPOSIT_ACCOUNT: "account",
    MappingKind.CLASS: "class",
    MappingKind.LOCATION: "location",
    _CLIENT: "customer",
}
_ACCOUNTS: dict[str, str] = {
    MappingKind.DEFAULT_INCOME: "new items",
    MappingKind.DEPOSIT_ACCOUNT: "payments recorded here",
}
"""Accounts, by what is booked to them."""


@dataclass(frozen=True)
class Option:
    """A record in QuickBooks that may be chosen; `why` says why it is suggested, where it is."""

    remote_id: str
    label: str
    why: str = ""


@dataclass(frozen=True)
class Mender:
    """What heals a cause: a record of one kind for one of ours. `options` is the whole list, where that is short."""

    noun: str
    ours: str
    options: Sequence[Option]
    suggested: Option | None
    searches: bool


@dataclass(frozen=True)
class _Place:
    kind: str
    subject_id: int
    connection: Connection


def mender(cause: Cause) -> Mender | None:
    """The choice that heals this cause; None where no choice does, or where no company is connected."""
    place = _place(cause)
    if place is None:
        return None
    whole = _whole(place)
    if whole is None:
        return Mender(_NOUNS[place.kind], _ours(place), (), None, searches=True)
    return Mender(_NOUNS[place.kind], _ours(place), _options(whole), _suggested(place, cause), searches=False)


def found(cause: Cause, text: str) -> list[Option]:
    """What may be chosen whose name contains the text; without enough letters what is suggested alone."""
    place = _place(cause)
    if place is None:
        return []
    if len(text.strip()) < LEAST_LETTERS:
        suggested = _suggested(place, cause)
        return [suggested] if suggested else []
    return _options(_rows(place, text.strip(), FEW))


def mend(cause: Cause, remote_id: str, *, actor: Actor) -> Chosen:
    """Keep the choice and release what waited for it, in the caller's transaction. Raises BadInputError."""
    place = _place(cause)
    if place is None:
        raise NotFoundError
    if place.kind == _CLIENT:
        return linking.link_client(place.connection, place.subject_id, remote_id, actor=actor)
    return choosing.choose(place.connection, MappingKind(place.kind), place.subject_id, remote_id, by=actor.name)


def _place(cause: Cause) -> _Place | None:
    kind, _colon, number = cause.blocker.partition(":")
    if kind not in _NOUNS or not number.isdigit() or (cause.is_own and cause.number > 1):
        return None
    connection = connection_of(only_entity(cause.entity_id).lane)
    return _Place(kind, int(number), connection) if connection else None


def _ours(place: _Place) -> str:
    if place.kind == _CLIENT:
        return f"client “{db.session.get_one(Client, place.subject_id).name}”"
    if place.kind in _ACCOUNTS:
        return _ACCOUNTS[place.kind]
    row = workbench.subject(MappingKind(place.kind), place.subject_id)
    return f"“{row.name}”"


def _options(rows: Sequence[Record]) -> list[Option]:
    labels = choices.labels(rows)
    return [Option(row.remote_id, labels[row.remote_id]) for row in rows]


def _whole(place: _Place) -> Sequence[Record] | None:
    """All that may be chosen, where that is few; None where one must search."""
    if place.kind == _CLIENT:
        return linking.few(place.connection.id, FEW)
    return choices.few(place.connection.id, MappingKind(place.kind), FEW)


def _rows(place: _Place, text: str, limit: int) -> Sequence[Record]:
    if place.kind == _CLIENT:
        return linking.search(place.connection.id, text, limit)
    return choices.search(place.connection.id, MappingKind(place.kind), text, limit)


def _suggested(place: _Place, cause: Cause) -> Option | None:
    """The record whose name or code says that it is meant; likeness is for the page of mappings, which shows why."""
    if place.kind in {_CLIENT, *_ACCOUNTS}:
        return None
    kind = MappingKind(place.kind)
    row = workbench.row_of(only_entity(cause.entity_id), place.connection, kind, place.subject_id)
    if row.suggestion is None or row.mapping is not None:
        return None
    known = catalogue.by_id(place.connection.id, ENTITY_OF[kind], row.suggestion.candidate.remote_id)
    label = choices.label(row.suggestion.candidate.name, known.rate if known else None)
    return Option(row.suggestion.candidate.remote_id, label, row.suggestion.reason)
