"""Asking for an item or a customer: made in QuickBooks because a person wants it, whatever the policy says."""

from __future__ import annotations

from sqlalchemy import select

from app.billing.client import Client
from app.billing.service import Service
from app.foundation.database import db
from app.foundation.errors import BadInputError, ConflictError
from app.outbox import lanes, tray
from app.outbox.models import Lane, Message, MessageState, Priority, Subject
from app.quickbooks.models import Connection
from app.sync.company.connecting import lane_of
from app.sync.mapping import choosing
from app.sync.records.links import link_of
from app.sync.records.mappings import MappingKind, mapping_of

SERVICE, CLIENT = "service", "client"
_MADE = {SERVICE: "item", CLIENT: "customer"}
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
    default = mapping_of(connection.id, MappingKind.DEFAULT_INCOME, choosing.DEFAULT_INCOME)
    if account_id and (default is None or account_id != default.remote_id):
        choosing.choose(connection, MappingKind.INCOME_ACCOUNT, service_id, account_id, by=by)
    elif default is None:
        raise BadInputError("account", "Choose the income account that the item is booked to.")
    else:
        choosing.clear(connection, MappingKind.INCOME_ACCOUNT, service_id)
    tray.post(Subject(SERVICE, service_id), lane_of(connection), priority=Priority.PERSON, asked=True)
    return service


def ask_for_customer(connection: Connection, client_id: int) -> Client:
    """Post the wish, in the caller's transaction; the engine makes the customer, or links a free one of the same name.

    Raises ConflictError for a client that is linked already, NoResultFound for one that is not ours.
    """
    client = db.session.get_one(Client, client_id)
    db.session.refresh(connection, with_for_update=True)
    subject = Subject(CLIENT, client_id)
    if link_of(connection.id, subject) is not None:
        raise ConflictError(f"“{client.name}” is linked to a customer already.")
    tray.post(subject, lane_of(connection), priority=Priority.PERSON, asked=True)
    return client


def wishes(lane: Lane, kind: str) -> dict[int, str]:
    """How it stands with what was asked for of this kind and is not there yet: {our id: a sentence}."""
    pending = select(Message.subject_id, Message.state, Message.reason).where(
        *lanes.within(lane), Message.kind == kind, Message.asked, Message.state.in_(_PENDING)
    )
    return {row.subject_id: _said(_MADE[kind], row.state, row.reason) for row in db.session.execute(pending)}


def _said(made: str, state: MessageState, reason: str | None) -> str:
    if state is MessageState.PARKED:
        return f"Its {made} could not be made: {reason}"
    return f"Its {made} was asked for; it is made as soon as QuickBooks takes it."
