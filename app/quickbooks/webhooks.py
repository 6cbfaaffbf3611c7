"""What Intuit's deliveries say, and whether Intuit said it (pure).

Two shapes: an array of CloudEvents (mandatory since summer 2026) and the older `eventNotifications`. Values are never
trusted: an event only says what to read again.
"""

# ruff: noqa: N818 - named for what arrived
from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.foundation.errors import PortalError
from app.foundation.sealing import Secret
from app.quickbooks.moments import moment

_VERBS = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "merge": "merged",
    "emailed": "emailed",
    # Intuit's lists say "void"; "voided" is seen in the wild.
    "void": "voided",
}
_VERBS |= {verb: verb for verb in _VERBS.values()}
_ENTITIES = {
    name.lower(): name
    for name in (
        *("Customer", "Vendor", "Employee", "Item", "Account", "Class", "Department", "Term", "PaymentMethod"),
        *("Invoice", "CreditMemo", "Payment", "SalesReceipt", "RefundReceipt", "Estimate", "Preferences"),
        *("Bill", "BillPayment", "VendorCredit", "Purchase", "PurchaseOrder", "Transfer", "Deposit", "JournalEntry"),
    )
}


class BadDelivery(PortalError):
    """A delivery that carries Intuit's signature but cannot be read."""

    status = 400


@dataclass(frozen=True)
class RemoteEvent:
    """One thing that happened: `verb` is created, updated, deleted, merged, voided or emailed.

    `entity` is spelt as in the API ("CreditMemo"). After a merge `remote_id` lives on and `deleted_id` is gone.
    """

    id: str
    realm_id: str
    entity: str
    remote_id: str
    verb: str
    at: datetime | None
    deleted_id: str | None = None


def signature_matches(raw: bytes, header: str, verifiers: Sequence[Secret]) -> int | None:
    """The index of the verifier token with which these very bytes were signed; None when it is none of them.

    The header is base64 of HMAC-SHA256. Every verifier is tried, in the same time whichever it is; an empty one
    matches nothing, for anybody could sign with it.
    """
    given = header.strip().encode()
    matches = [hmac.compare_digest(_signature(raw, verifier), given) and bool(verifier.value) for verifier in verifiers]
    return matches.index(True) if any(matches) else None


def _signature(raw: bytes, verifier: Secret) -> bytes:
    return base64.b64encode(hmac.digest(verifier.value.encode(), raw, hashlib.sha256))


def parse(raw: bytes) -> list[RemoteEvent]:
    """The events of a delivery, several companies mixed. Raises BadDelivery."""
    try:
        body = json.loads(raw)
        events = _cloud_events(body) if isinstance(body, list) else _notifications(body)
        return list(events)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as problem:
        raise BadDelivery(f"the delivery could not be read: {problem!r}") from problem


def _cloud_events(body: list[Any]) -> Iterator[RemoteEvent]:
    for event in body:
        _qbo, entity, verb, *_version = str(event["type"]).lower().split(".")
        deleted = (event.get("data") or {}).get("deletedid")
        yield RemoteEvent(
            id=str(event["id"]),
            realm_id=str(event["intuitaccountid"]),
            entity=_ENTITIES.get(entity, entity),
            remote_id=str(event["intuitentityid"]),
            verb=_VERBS.get(verb, verb),
            at=moment(event.get("time")),
            deleted_id=str(deleted) if deleted else None,
        )


def _notifications(body: Mapping[str, Any]) -> Iterator[RemoteEvent]:
    for notification in body["eventNotifications"]:
        realm_id = str(notification["realmId"])
        for entity in (notification.get("dataChangeEvent") or {}).get("entities") or []:
            yield _from_notification(realm_id, entity)


def _from_notification(realm_id: str, change: Mapping[str, Any]) -> RemoteEvent:
    name, remote_id, operation = str(change["name"]), str(change["id"]), str(change["operation"])
    # This shape has no id of its own; what was told twice reads the same twice.
    told = "|".join((realm_id, name, remote_id, operation, str(change.get("lastUpdated") or "")))
    return RemoteEvent(
        id=hashlib.sha256(told.encode()).hexdigest(),
        realm_id=realm_id,
        entity=_ENTITIES.get(name.lower(), name),
        remote_id=remote_id,
        verb=_VERBS.get(operation.lower(), operation.lower()),
        at=moment(change.get("lastUpdated")),
        deleted_id=str(change["deletedId"]) if change.get("deletedId") else None,
    )
