"""The company before: which one an entity's documents went to until now, so that another is not taken unawares."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, exists, func, or_, select

from app.billing.entity import BillingEntity
from app.foundation.database import db
from app.quickbooks.models import Connection
from app.sync.company import connecting
from app.sync.company.former_links import FormerLink
from app.sync.judging.kinds import DOCUMENTS
from app.sync.records.links import Link
from app.sync.records.policies import Policy


@dataclass(frozen=True)
class Before:
    """A company that has made, or makes, way for another."""

    company_name: str
    is_connected: bool
    documents: int
    """How many of ours are known to be in it, counted no further than one more than `connecting.COUNTED`."""


def before(entity: BillingEntity, pending: Connection) -> Before | None:
    """The company connected now or, after a disconnect, the last one that heard of anything; None if it is this one."""
    now = connecting.connected(entity)
    found = now or db.session.scalar(_last_used(entity))
    if found is None or found.id == pending.id:
        return None
    return Before(found.company_name or found.realm_id, now is not None, _documents(found.id))


def _last_used(entity: BillingEntity) -> Select[Connection]:
    """By when automatic push began: each acceptance begins it, while a consent that was cancelled does not."""
    used = or_(
        exists().where(Link.connection_id == Connection.id), exists().where(FormerLink.connection_id == Connection.id)
    )
    lane = (Connection.billing_entity_id == entity.id, Connection.mode == entity.mode.value)
    accepted = select(Connection).join(Policy, Policy.connection_id == Connection.id).where(*lane, used)
    return accepted.order_by(Policy.push_since.desc().nulls_last(), Connection.id.desc()).limit(1)


def _documents(connection_id: int) -> int:
    """Links and former links alike, each document once."""
    linked, former = (
        select(table.kind, table.subject_id).where(table.connection_id == connection_id, table.kind.in_(DOCUMENTS))
        for table in (Link, FormerLink)
    )
    some = linked.union(former).limit(connecting.COUNTED + 1)
    return int(db.session.scalar(select(func.count()).select_from(some.subquery())) or 0)
