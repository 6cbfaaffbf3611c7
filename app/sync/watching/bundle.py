"""The support bundle: all that explains what happened to a company or to one document, without a single secret.

Nothing is copied wholesale: each field is named here. Texts of the wire were masked when they were stored; whatever is
known to be secret is taken out once more before the bundle leaves, should Intuit ever quote it in a way of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.engine import make_url

from app.foundation import clock
from app.foundation.database import Base, db
from app.foundation.logs import MASK
from app.foundation.settings import Settings
from app.outbox import lanes
from app.outbox.models import Message, MessageState, Subject
from app.quickbooks import masking
from app.quickbooks.models import Connection
from app.quickbooks.panel import panel
from app.sync.company.connecting import lane_of
from app.sync.listening import heartbeats
from app.sync.records.attempts import Attempt
from app.sync.records.envelopes import UNANSWERED, Envelope, Member
from app.sync.records.links import Link
from app.sync.records.policies import policy_of
from app.sync.steering import causes

MOST_ATTEMPTS = 200
MOST_MESSAGES = 500
MOST_ENVELOPES = 50

Json = dict[str, Any]

_OPEN_SETTINGS = (
    *("public_url", "log_format", "trusted_proxies", "mail_from", "governor", "request_rate", "request_burst"),
    *("batches_a_minute", "single_call_seconds", "batch_call_seconds", "lease_margin_seconds", "scan_seconds"),
    *("retry_base_seconds", "catch_up_overlap_seconds", "catch_up_silence_seconds"),
    *("keep_log_days", "keep_webhooks_days", "intuit_discovery_url", "quickbooks_api_url"),
    *("intuit_discovery_url_sandbox", "quickbooks_api_url_sandbox"),
)
_ADDRESSES = ("database_url", "huey_url")
"""They may carry a password, and where they lie is the operator's affair: only their kind is told."""
_CONNECTION = (
    *("id", "billing_entity_id", "mode", "realm_id", "state", "company_name", "country", "home_currency"),
    *("multi_currency", "sales_tax", "custom_txn_numbers", "book_close_date", "subscription", "connected_at"),
    *("access_expires_at", "refresh_expires_at", "last_success_at", "last_error"),
)
_POLICY = (
    *("automatic_push", "push_since", "go_live_date", "client_missing", "service_missing", "number_taken"),
    *("zero_total", "closed_books", "payments_here", "asked_about_old", "paused_at", "paused_by", "paused_reason"),
    *("trial_at", "trial_by", "trial_message_id"),
)
_ENVELOPE = (
    *("id", "request_id", "state", "sends", "unknown_outcomes", "due_at", "stored_at", "first_sent_at"),
    "answered_at",
)
_LINK = (
    *("kind", "subject_id", "entity", "remote_id", "sync_token", "made", "state", "told_revision", "total_pence"),
    *("tax_pence", "balance_pence", "difference_pence", "remote_number", "remote_updated_at", "linked_at"),
)


def of_connection(connection: Connection | None, settings: Settings, versions: Mapping[str, str]) -> Json:
    """What explains the state of a whole company; without one only the house itself."""
    told = _head(settings, versions)
    if connection is None:
        return told
    lane = lane_of(connection)
    is_open = (*lanes.within(lane), lanes.WAITS)
    told |= _company(connection)
    told["causes"] = [asdict(cause) for cause in causes.causes(connection.billing_entity_id)]
    told["messages"] = _messages(select(Message).where(*is_open).order_by(Message.id.desc()).limit(MOST_MESSAGES))
    told["envelopes"] = _envelopes(Envelope.connection_id == connection.id)
    told["attempts"] = _attempts(Attempt.connection_id == connection.id)
    return told


def of_subject(
    subject: Subject, connection: Connection | None, settings: Settings, versions: Mapping[str, str]
) -> Json:
    """What explains where one document, client or service is."""
    told = _head(settings, versions)
    if connection is not None:
        told |= _company(connection)
    about = (Message.kind == subject.kind, Message.subject_id == subject.id)
    mine = select(Message.id).where(*about)
    told["subject"] = {"kind": subject.kind, "id": subject.id}
    told["links"] = _rows(select(Link).where(Link.kind == subject.kind, Link.subject_id == subject.id), _LINK)
    told["messages"] = _messages(select(Message).where(*about).order_by(Message.id.desc()).limit(MOST_MESSAGES))
    told["envelopes"] = _envelopes(Envelope.id.in_(select(Member.envelope_id).where(Member.message_id.in_(mine))))
    told["attempts"] = _attempts(Attempt.kind == subject.kind, Attempt.subject_id == subject.id)
    return told


def without(told: object, secrets: Collection[str]) -> object:
    """The same, in every text each of these, and whatever looks like a token, replaced by dots (pure).

    Text by text: a mask laid over the finished JSON could swallow a quotation mark with the secret.
    """
    if isinstance(told, dict):
        return {name: without(value, secrets) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [without(value, secrets) for value in told]
    return _masked(told, secrets) if isinstance(told, str) and not isinstance(told, StrEnum) else told


def _masked(text: str, secrets: Collection[str]) -> str:
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return masking.mask(text)


def secrets_of(settings: Settings) -> set[str]:
    """All that the environment holds in confidence."""
    sealed = {
        settings.secret_key.get_secret_value(),
        *(part.partition(":")[2].strip() for part in settings.sealing_keys.get_secret_value().split(",")),
        settings.intuit_client_secret.get_secret_value(),
        settings.intuit_webhook_verifier.get_secret_value(),
        settings.intuit_client_secret_sandbox.get_secret_value(),
        settings.intuit_webhook_verifier_sandbox.get_secret_value(),
    }
    passwords = {_password(settings.mail_url), *(_password(getattr(settings, name)) for name in _ADDRESSES)}
    return {secret for secret in sealed | passwords if secret}


def as_json(value: object) -> object:
    """What JSON has no form for: moments and days as ISO 8601, anything else in words."""
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _head(settings: Settings, versions: Mapping[str, str]) -> Json:
    open_ones = {name: getattr(settings, name) for name in _OPEN_SETTINGS}
    stores = {name: getattr(settings, name).partition(":")[0] for name in (*_ADDRESSES, "mail_url")}
    seen = heartbeats.last_seen()
    return {
        "made_at": clock.now(),
        "versions": dict(versions),
        "settings": {**open_ones, **stores},
        "worker": {"seen_at": seen, "alive": heartbeats.is_alive()},
    }


def _company(connection: Connection) -> Json:
    numbers = lanes.counts(lane_of(connection))
    unanswered = (Envelope.connection_id == connection.id, UNANSWERED)
    return {
        "connection": _fields(connection, _CONNECTION),
        "policies": _fields(policy_of(connection.id), _POLICY),
        "governor": _governor(connection),
        "queue": {state.value: numbers.get(state, 0) for state in MessageState if state in numbers},
        "unanswered": _rows(select(Envelope).where(*unanswered).limit(MOST_ENVELOPES), _ENVELOPE),
    }


def _governor(connection: Connection) -> Json:
    seen = panel(connection.realm, clock.now())
    told = {name: value for name, value in vars(seen).items() if name != "minutes"}
    counted = ("minute", "requests", "reads", "writes", "batches", "throttled", "errors")
    return told | {"minutes": [_fields(row, counted) for row in seen.minutes]}


def _messages(wanted: Select[Message]) -> list[Json]:
    columns = [column.name for column in Message.__table__.columns if column.name != "organisation_id"]
    return _rows(wanted, columns)


def _envelopes(*which: ColumnElement[bool]) -> list[Json]:
    rows = db.session.scalars(select(Envelope).where(*which).order_by(Envelope.id.desc()).limit(MOST_ENVELOPES))
    members = ("message_id", "bid", "step", "revision", "label")
    return [{**_fields(row, _ENVELOPE), "members": [_fields(one, members) for one in row.members]} for row in rows]


def _attempts(*which: ColumnElement[bool]) -> list[Json]:
    columns = [column.name for column in Attempt.__table__.columns if column.name != "organisation_id"]
    return _rows(select(Attempt).where(*which).order_by(Attempt.id.desc()).limit(MOST_ATTEMPTS), columns)


def _rows(wanted: Select[Any], names: Iterable[str]) -> list[Json]:
    names = tuple(names)
    return [_fields(row, names) for row in db.session.scalars(wanted)]


def _fields(row: Base, names: Iterable[str]) -> Json:
    return {name: getattr(row, name) for name in names}


def _password(address: str) -> str:
    return str(make_url(address).password or "") if "@" in address else ""
