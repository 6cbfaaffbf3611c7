"""Mappings: a person's choice of what stands for what in QuickBooks; the engine's own creations stand beside them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, and_, bindparam, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import reading
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, bare, db, table_of
from app.foundation.tenancy import OrganisationRow, ours
from app.quickbooks.lists import CLASSES, LOCATIONS


class MappingKind(StrEnum):
    """What is mapped."""

    SERVICE = "service"
    TAX_CODE = "tax_code"
    TERM = "term"
    DEFAULT_INCOME = "default_income"
    DEPOSIT_ACCOUNT = "deposit_account"
    CLASS = "class"
    """Of a service."""
    LOCATION = "location"
    """Of a client."""
    INCOME_ACCOUNT = "income_account"
    """Of a service whose item is made from here; items that are there keep their own."""


ALL_OTHERS = 0
"""The subject id of a choice for all that have none of their own; the two accounts of a company have no other."""
ENTITY_OF = {
    MappingKind.SERVICE: "Item",
    MappingKind.TAX_CODE: "TaxCode",
    MappingKind.TERM: "Term",
    MappingKind.DEFAULT_INCOME: "Account",
    MappingKind.DEPOSIT_ACCOUNT: "Account",
    MappingKind.CLASS: CLASSES,
    MappingKind.LOCATION: LOCATIONS,
    MappingKind.INCOME_ACCOUNT: "Account",
}
"""The QuickBooks list that each kind chooses from."""


def kept_as(kind: MappingKind, subject_id: int) -> MappingKind:
    """The kind under which a choice is kept: the income account of all others is the company's default one."""
    is_default = kind is MappingKind.INCOME_ACCOUNT and subject_id == ALL_OTHERS
    return MappingKind.DEFAULT_INCOME if is_default else kind


class Mapping(OrganisationRow, Base):
    """One choice. The name is stored beside the id, so that it survives a deactivation in QuickBooks."""

    __tablename__ = "mapping"
    __table_args__ = (UniqueConstraint("connection_id", "kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    kind: Mapped[MappingKind] = mapped_column(enum_of(MappingKind))
    subject_id: Mapped[int]
    remote_id: Mapped[str] = mapped_column(String(40), index=True)
    remote_name: Mapped[str] = mapped_column(String(200))
    chosen_by: Mapped[str] = mapped_column(String(200))
    """The person's name, or "policy" where the engine created or adopted the record itself."""
    chosen_at: Mapped[datetime] = mapped_column(UTCDateTime)


def mapping_of(connection_id: int, kind: MappingKind, subject_id: int) -> Mapping | None:
    """The choice for one subject."""
    return db.session.scalar(
        select(Mapping).where(
            Mapping.connection_id == connection_id, Mapping.kind == kind, Mapping.subject_id == subject_id
        )
    )


def mappings_of(connection_id: int, kind: MappingKind, subject_ids: Iterable[int] | None = None) -> dict[int, Mapping]:
    """The choices of one kind: {our id: mapping}; all of them when no ids are given."""
    every = select(Mapping).where(Mapping.connection_id == connection_id, Mapping.kind == kind)
    if subject_ids is not None:
        return _by_subject(every.where(Mapping.subject_id.in_(list(subject_ids))))
    return dict(reading.once(("mappings", connection_id, kind), lambda: _by_subject(every)))


def _by_subject(query: Select[Mapping]) -> dict[int, Mapping]:
    return {mapping.subject_id: mapping for mapping in db.session.scalars(query)}


def chosen(
    connection_id: int, service_ids: Iterable[int], client_ids: Iterable[int] = ()
) -> dict[MappingKind, dict[int, Any]]:
    """All choices of a connection, as values to be read: {kind: {our id: choice}}.

    Of its services and clients only these, and the choice for all others.
    """
    by_kind: dict[MappingKind, dict[int, Any]] = {kind: {} for kind in MappingKind}
    named = {"services": [*service_ids, ALL_OTHERS], "clients": [*client_ids, ALL_OTHERS]}
    for row in bare(_CHOSEN, {"of_connection": connection_id, **named}):
        by_kind[row.kind][row.subject_id] = row
    return by_kind


_MAPPING = table_of(Mapping)
_OF_SERVICES = (MappingKind.SERVICE, MappingKind.CLASS, MappingKind.INCOME_ACCOUNT)
_OF_CLIENTS = (MappingKind.LOCATION,)
_OF_OTHERS = tuple(kind for kind in MappingKind if kind not in (*_OF_SERVICES, *_OF_CLIENTS))
_HERE = _MAPPING.c.connection_id == bindparam("of_connection")
_CHOSEN = select(_MAPPING.c.kind, _MAPPING.c.subject_id, _MAPPING.c.remote_id, _MAPPING.c.remote_name).where(
    # Each arm names the connection, so that each is looked up by the index.
    or_(
        and_(_HERE, _MAPPING.c.kind.in_(_OF_OTHERS)),
        and_(
            _HERE, _MAPPING.c.kind.in_(_OF_SERVICES), _MAPPING.c.subject_id.in_(bindparam("services", expanding=True))
        ),
        and_(_HERE, _MAPPING.c.kind.in_(_OF_CLIENTS), _MAPPING.c.subject_id.in_(bindparam("clients", expanding=True))),
    ),
    ours(_MAPPING),
)
