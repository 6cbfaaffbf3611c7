"""Mapping: a person says what stands for what; whatever waited for it is released in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.billing.tax import TaxCode
from app.foundation import clock
from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.outbox import lanes
from app.quickbooks import catalogue
from app.quickbooks.catalogue import CatalogueRow
from app.quickbooks.models import Connection, ConnectionState
from app.sync.company.connecting import lane_of
from app.sync.judging import choices
from app.sync.records.holding import hold
from app.sync.records.mappings import ENTITY_OF, Mapping, MappingKind, kept_as, mapping_of, mappings_of

_OPTIONAL = (MappingKind.CLASS, MappingKind.LOCATION)
"""Without a choice documents go all the same."""
DEFAULT_INCOME = 0
"""The subject id of the default income account."""
DEPOSIT_ACCOUNT = 0
"""The subject id of the account into which payments recorded here go."""


@dataclass(frozen=True)
class Chosen:
    """What a choice did: the record's name, and how many messages it released."""

    name: str
    released: int


def blocker(kind: MappingKind, subject_id: int) -> str:
    """What messages wait for until this subject is mapped: "service:42"."""
    return f"{kind.value}:{subject_id}"


def choose(connection: Connection, kind: MappingKind, subject_id: int, remote_id: str, *, by: str) -> Chosen:
    """Map one subject, in the caller's transaction; a choice made before is changed.

    Raises BadInputError for a record that is not in the lists, is inactive, or can't be used for this; and for a tax
    code that charges another rate than ours, which would make every total differ.
    """
    kind = kept_as(kind, subject_id)
    row = catalogue.by_id(connection.id, ENTITY_OF[kind], remote_id)
    if row is None or not choices.is_offered(kind, row):
        raise BadInputError("remote_id", "Choose an active record of the list. Read the lists again if it is new.")
    if kind is MappingKind.TAX_CODE:
        _check_rate(db.session.get_one(TaxCode, subject_id), row)
    db.session.refresh(connection, with_for_update=True)
    mapping = mapping_of(connection.id, kind, subject_id)
    if mapping is None:
        mapping = Mapping(connection_id=connection.id, kind=kind, subject_id=subject_id)
        db.session.add(mapping)
    mapping.remote_id, mapping.remote_name = row.remote_id, row.name[:200]
    mapping.chosen_by, mapping.chosen_at = by, clock.now()
    db.session.flush()
    return Chosen(row.name, sum(lanes.release(lane_of(connection), one) for one in _freed(kind, subject_id)))


def _freed(kind: MappingKind, subject_id: int) -> set[str]:
    """What a choice mends. An account for one service's item stands in for the default one."""
    more = {blocker(MappingKind.DEFAULT_INCOME, DEFAULT_INCOME)} if kind is MappingKind.INCOME_ACCOUNT else set()
    return {blocker(kind, subject_id), *more}


def _check_rate(ours: TaxCode, row: CatalogueRow) -> None:
    if choices.other_rate(ours.charged_percent, row):
        charged, label = choices.percentage(ours.charged_percent), choices.label(row.name, row.rate)
        raise BadInputError("remote_id", f"{ours.code} charges {charged} here, and {label} does not. Choose another.")


def choose_all(connection: Connection, kind: MappingKind, picks: Iterable[tuple[int, str]], *, by: str) -> Chosen:
    """Map several at once: (our id, their id) each; returns how many were mapped as the name."""
    done = [choose(connection, kind, subject_id, remote_id, by=by) for subject_id, remote_id in picks]
    return Chosen(str(len(done)), sum(one.released for one in done))


def release_corrected(connection: Connection) -> int:
    """Release what is held for a tax code whose mapping is in order again: its rate was corrected on one of both sides.

    In the caller's transaction; returns how many messages. What waits for anything else is left alone.
    """
    hold(connection.id)  # so does whoever fills an envelope: nothing is held for it a moment later
    chosen = mappings_of(connection.id, MappingKind.TAX_CODE)
    released = 0
    for subject_id, mapping in chosen.items():
        row = catalogue.by_id(connection.id, ENTITY_OF[MappingKind.TAX_CODE], mapping.remote_id)
        percent = db.session.get_one(TaxCode, subject_id).charged_percent
        if row and choices.is_offered(MappingKind.TAX_CODE, row) and not choices.other_rate(percent, row):
            released += lanes.release(lane_of(connection), blocker(MappingKind.TAX_CODE, subject_id))
    return released


def release_corrected_everywhere() -> int:
    """The same for every company that is connected: a tax code of ours was changed."""
    tied = Connection.state.in_((ConnectionState.ACTIVE, ConnectionState.RECONNECT))
    connected = db.session.scalars(select(Connection).where(tied).order_by(Connection.id)).all()
    return sum(release_corrected(connection) for connection in connected)


def clear(connection: Connection, kind: MappingKind, subject_id: int) -> int:
    """Take a choice back; documents that are in QuickBooks stay as they are.

    Returns how many messages that released: they waited for a class or location that is not named any more.
    """
    hold(connection.id)
    mapping = mapping_of(connection.id, kept_as(kind, subject_id), subject_id)
    if mapping is None:
        return 0
    db.session.delete(mapping)
    db.session.flush()
    return lanes.release(lane_of(connection), blocker(kind, subject_id)) if kind in _OPTIONAL else 0
