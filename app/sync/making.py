"""Asking for an item: a service is made in QuickBooks because a person wants it, whatever the policy says."""

from __future__ import annotations

from sqlalchemy import select

from app.billing.service import Service
from app.foundation.database import db
from app.foundation.errors import BadInputError, ConflictError
from app.outbox import lanes, tray
from app.outbox.models import Lane, Message, MessageState, Priority, Subject
from app.quickbooks.models import Connection
from app.sync import mapping
from app.sync.connecting import lane_of
from app.sync.mappings import MappingKind, mapping_of

SERVICE = "service"
_PENDING = (MessageState.WAITING, MessageState.SENDING, MessageState.PARKED)


def ask_for_item(connection: Connection, service_id: int, account_id: str, *, by: str) -> Service:
    """Post the wish, in the caller's transaction; the engine makes the item, or takes one of the same name.

    `account_id` is the income account that it is booked to; empty: the default one. Raises ConflictError for a service
    that is mapped already, BadInputError where no account would be left or the one named can't be used.
    """
    service = db.session.get_one(Service, service_id)
    db.session.refresh(connection, with_for_update=True)
    if mapping_of(connection.id, MappingKind.SERVICE, service_id) is not None:
        raise ConflictError("It is mapped to an item already.")
    default = mapping_of(connection.id, MappingKind.DEFAULT_INCOME, mapping.DEFAULT_INCOME)
    if account_id and (default is None or account_id != default.remote_id):
        mapping.choose(connection, MappingKind.INCOME_ACCOUNT, service_id, account_id, by=by)
    elif default is None:
        raise BadInputError("account", "Choose the income account that the item is booked to.")
    else:
        mapping.clear(connection, MappingKind.INCOME_ACCOUNT, service_id)
    tray.post(Subject(SERVICE, service_id), lane_of(connection), priority=Priority.PERSON, asked=True)
    return service


def wishes(lane: Lane) -> dict[int, str]:
    """How it stands with the items that were asked for and are not there yet: {service: a sentence}."""
    pending = select(Message.subject_id, Message.state, Message.reason).where(
        *lanes.within(lane), Message.kind == SERVICE, Message.asked, Message.state.in_(_PENDING)
    )
    return {row.subject_id: _said(row.state, row.reason) for row in db.session.execute(pending)}


def _said(state: MessageState, reason: str | None) -> str:
    if state is MessageState.PARKED:
        return f"Its item could not be made: {reason}"
    return "Its item was asked for; it is made as soon as QuickBooks takes it."
