"""Calls as values: what will be sent, to the byte, before anything is sent (pure).

Paths and operations are Intuit's as of minor version 75; a call knows neither company, token nor host.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self
from urllib.parse import quote

from app.quickbooks import documents, wire

BATCH_LIMIT = 30
"""Items of one batch; more is refused by Intuit."""
BID_LIMIT = 10
"""Characters of a bId when the batch carries a request id: the server joins the two."""

_JSON = "application/json"
_STATEMENT = "application/text"
_LONGEST_QUERY_IN_ADDRESS = 1500
"""The limit of Intuit's addresses is not documented; longer statements travel in the body."""
_VOID_BY_UPDATE = frozenset({"Payment", "SalesReceipt", "BillPayment"})
_VOID = frozenset({"Invoice"})


class CallForm(StrEnum):
    """What a call means to the limits: a batch is one request but has a limit of its own, reads are metered."""

    READ = "read"
    WRITE = "write"
    BATCH = "batch"


@dataclass(frozen=True)
class Call:
    """One call; `path` is relative to /v3/company/{realm}."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: bytes
    content_type: str
    form: CallForm

    def to_json(self) -> str:
        """As text that `from_json` turns into the same call, byte by byte."""
        return json.dumps({**self.__dict__, "body": self.body.decode()}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The call that `to_json` wrote."""
        parts = json.loads(text)
        query = tuple((name, value) for name, value in parts["query"])
        body, form = parts["body"].encode(), CallForm(parts["form"])
        return cls(parts["method"], parts["path"], query, body=body, content_type=parts["content_type"], form=form)


@dataclass(frozen=True)
class BatchItem:
    """One member of a batch: `operation` is create, update or delete, or void for a payment.

    An invoice's void goes alone: that a batch may hold one is written nowhere.
    """

    bid: str
    operation: str
    entity: str
    body: Mapping[str, Any] | bytes
    """The record; or the body of the same write as a call of its own, which is checked and encoded already."""


def create(entity: str, body: Mapping[str, Any]) -> Call:
    """Make a new record. Raises BadDocumentError when the body breaks a documented rule."""
    return _write(entity, _written("create", entity, body))


def update(entity: str, body: Mapping[str, Any]) -> Call:
    """Change a record; always sparse, for a full update empties what it does not name. Needs Id and SyncToken."""
    return _write(entity, _written("update", entity, body))


def void(entity: str, remote_id: str, sync_token: str) -> Call:
    """Void a record. Raises ValueError for kinds Intuit cannot void (credit memo: delete it)."""
    body, parameters = _void(entity, remote_id, sync_token)
    return _write(entity, wire.encode(body), *parameters)


def delete(entity: str, remote_id: str, sync_token: str) -> Call:
    """Delete a transaction; lists have no delete, there `update` with Active false."""
    body = _written("delete", entity, {"Id": remote_id, "SyncToken": sync_token})
    return _write(entity, body, ("operation", "delete"))


def read(entity: str, remote_id: str) -> Call:
    """Read one record by its id."""
    return _read(f"/{entity.lower()}/{quote(remote_id, safe='')}")


def query(statement: str) -> Call:
    """Ask with a statement of `statements`; a long one travels in the body."""
    if len(statement) <= _LONGEST_QUERY_IN_ADDRESS:
        return _read("/query", ("query", statement))
    return Call("POST", "/query", (), body=statement.encode(), content_type=_STATEMENT, form=CallForm.READ)


def batch(items: Sequence[BatchItem]) -> Call:
    """Up to 30 writes in one call; each succeeds or fails alone. Raises ValueError for too many or too long bIds."""
    bids = [item.bid for item in items]
    if not 0 < len(items) <= BATCH_LIMIT:
        raise ValueError(f"a batch holds 1 to {BATCH_LIMIT} items, not {len(items)}")
    if len(set(bids)) < len(bids) or max(map(len, bids)) > BID_LIMIT:
        raise ValueError(f"bIds must differ and have at most {BID_LIMIT} characters: {bids}")
    body = b'{"BatchItemRequest":[' + b",".join(map(_member, items)) + b"]}"
    return Call("POST", "/batch", (), body=body, content_type=_JSON, form=CallForm.BATCH)


def changes_since(entities: Sequence[str], since: datetime) -> Call:
    """All that changed since then, deletions included; at most 30 days back and 1,000 records (change data capture)."""
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _read("/cdc", ("entities", ",".join(entities)), ("changedSince", moment))


def company_info(realm_id: str) -> Call:
    """Who the company is."""
    return read("CompanyInfo", realm_id)


def preferences() -> Call:
    """How the company has set up its books."""
    return _read("/preferences")


def _read(path: str, *parameters: tuple[str, str]) -> Call:
    return Call("GET", path, parameters, body=b"", content_type="", form=CallForm.READ)


def _write(entity: str, body: bytes, *parameters: tuple[str, str]) -> Call:
    path = f"/{entity.lower()}"
    return Call("POST", path, parameters, body=body, content_type=_JSON, form=CallForm.WRITE)


def _written(operation: str, entity: str, body: Mapping[str, Any]) -> bytes:
    """The JSON by which a record is told, checked where something is said about it."""
    changing = operation == "update"
    whole = {**body, "sparse": True} if changing else body
    if operation != "delete":
        documents.check(entity, whole, changing=changing)
    return wire.encode(whole)


def _void(entity: str, remote_id: str, sync_token: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    body: dict[str, Any] = {"Id": remote_id, "SyncToken": sync_token}
    if entity in _VOID:
        return body, [("operation", "void")]
    if entity in _VOID_BY_UPDATE:
        return {**body, "sparse": True}, [("operation", "update"), ("include", "void")]
    raise ValueError(f"QuickBooks cannot void a {entity} through its API")


def _member(item: BatchItem) -> bytes:
    head, body = {"bId": item.bid, "operation": item.operation}, item.body
    if item.operation == "void" and item.entity in _VOID_BY_UPDATE:
        # Documented for calls on their own only; in a batch it is reported to work as an update with this option.
        head = {**head, "operation": "update", "optionsData": "void"}
        body = body if isinstance(body, bytes) else wire.encode({**body, "sparse": True})
    elif item.operation not in {"create", "update", "delete"}:
        raise ValueError(f"a batch cannot {item.operation} a {item.entity}")
    written = body if isinstance(body, bytes) else _written(item.operation, item.entity, body)
    return wire.encode(head)[:-1] + b',"%s":%s}' % (item.entity.encode(), written)
