"""Answers read into small facts: tolerant of what is missing and of properties that are new (pure).

Amounts are pence of the document's own currency; moments are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from app.foundation.money import to_pence
from app.quickbooks.errors import UnknownOutcome
from app.quickbooks.moments import day, moment

Entity = Mapping[str, Any]


class TxnLink(NamedTuple):
    """Another transaction that a document is tied to ("Payment", "128")."""

    txn_type: str
    txn_id: str


class Allocation(NamedTuple):
    """So much of a payment goes to this document."""

    txn_type: str
    txn_id: str
    amount_pence: int


@dataclass(frozen=True)
class DocumentSeen:
    """An invoice or a credit memo as QuickBooks has it. A deleted one has nothing but its id."""

    id: str
    sync_token: str
    doc_number: str
    total_pence: int
    tax_pence: int
    balance_pence: int
    txn_date: date | None
    customer_id: str
    currency: str
    updated_at: datetime | None
    voided: bool
    deleted: bool
    private_note: str
    links: tuple[TxnLink, ...]
    customer_name: str = ""
    due_date: date | None = None


@dataclass(frozen=True)
class PaymentSeen:
    """A payment as QuickBooks has it; allocations are its lines, one for each document they point to."""

    id: str
    sync_token: str
    total_pence: int
    unapplied_pence: int
    customer_id: str
    txn_date: date | None
    reference: str
    allocations: tuple[Allocation, ...]
    voided: bool
    deleted: bool
    updated_at: datetime | None
    currency: str
    private_note: str


@dataclass(frozen=True)
class NamedSeen:
    """A record of a list: customer, item, account, term, tax code."""

    id: str
    sync_token: str
    name: str
    active: bool
    email: str
    currency: str
    updated_at: datetime | None
    deleted: bool


def entity_of(payload: Entity, entity: str) -> Entity:
    """The record in an answer to create, update, void, delete or read, or in a member of a batch.

    Raises UnknownOutcome when the answer holds none: something was done, nobody can say what.
    """
    found = payload.get(entity)
    if not isinstance(found, Mapping):
        raise UnknownOutcome(f"QuickBooks' answer holds no {entity}")
    return found


def rows_of(payload: Entity, entity: str) -> list[Entity]:
    """The records in an answer to a query; empty when there are none."""
    return list((payload.get("QueryResponse") or {}).get(entity) or [])


def changes_of(payload: Entity) -> dict[str, list[Entity]]:
    """{entity: its changed records} of an answer to `changes_since`; deleted ones say status "Deleted"."""
    parts = [part for response in payload.get("CDCResponse") or [] for part in response.get("QueryResponse") or []]
    lists = [(name, rows) for part in parts for name, rows in part.items() if isinstance(rows, list)]
    changes: dict[str, list[Entity]] = {}
    for name, rows in lists:
        changes.setdefault(name, []).extend(rows)
    return changes


def document(entity: Entity) -> DocumentSeen:
    """An Invoice or CreditMemo."""
    total = pence(entity.get("TotalAmt"))
    note = str(entity.get("PrivateNote") or "")
    return DocumentSeen(
        id=str(entity.get("Id", "")),
        sync_token=str(entity.get("SyncToken", "")),
        doc_number=str(entity.get("DocNumber") or ""),
        total_pence=total,
        tax_pence=pence((entity.get("TxnTaxDetail") or {}).get("TotalTax")),
        balance_pence=pence(entity.get("Balance")),
        txn_date=day(entity.get("TxnDate")),
        customer_id=ref(entity, "CustomerRef"),
        currency=ref(entity, "CurrencyRef"),
        updated_at=updated_at(entity),
        voided=is_voided(entity),
        deleted=is_deleted(entity),
        private_note=note,
        links=tuple(_links(entity)),
        due_date=day(entity.get("DueDate")),
        customer_name=str((entity.get("CustomerRef") or {}).get("name") or ""),
    )


def payment(entity: Entity) -> PaymentSeen:
    """A Payment."""
    return PaymentSeen(
        id=str(entity.get("Id", "")),
        sync_token=str(entity.get("SyncToken", "")),
        total_pence=pence(entity.get("TotalAmt")),
        unapplied_pence=pence(entity.get("UnappliedAmt")),
        customer_id=ref(entity, "CustomerRef"),
        txn_date=day(entity.get("TxnDate")),
        reference=str(entity.get("PaymentRefNum") or ""),
        allocations=tuple(_allocations(entity)),
        voided=is_voided(entity),
        deleted=is_deleted(entity),
        updated_at=updated_at(entity),
        currency=ref(entity, "CurrencyRef"),
        private_note=str(entity.get("PrivateNote") or ""),
    )


def named(entity: Entity) -> NamedSeen:
    """A record of a list. A US pseudo tax code has no Active and counts as active."""
    return NamedSeen(
        id=str(entity.get("Id", "")),
        sync_token=str(entity.get("SyncToken") or "0"),
        name=str(entity.get("DisplayName") or entity.get("FullyQualifiedName") or entity.get("Name") or ""),
        active=bool(entity.get("Active", True)) and not is_deleted(entity),
        email=str((entity.get("PrimaryEmailAddr") or {}).get("Address") or ""),
        currency=ref(entity, "CurrencyRef"),
        updated_at=updated_at(entity),
        deleted=is_deleted(entity),
    )


def is_deleted(entity: Entity) -> bool:
    """Whether only a tombstone is left, as in the answer to a delete and in change data capture."""
    return entity.get("status") == "Deleted"


def is_voided(entity: Entity) -> bool:
    """Intuit has no status for it: a void is a total of nought and "Voided" at the head of the private note.

    A person's note that merely begins so on a document of nought would be taken for one; the docs offer nothing better.
    """
    return "TotalAmt" in entity and not pence(entity["TotalAmt"]) and "Voided" in str(entity.get("PrivateNote") or "")


def updated_at(entity: Entity) -> datetime | None:
    """When QuickBooks last changed it; whole seconds."""
    return moment((entity.get("MetaData") or {}).get("LastUpdatedTime"))


def ref(entity: Entity, name: str) -> str:
    """The id a reference points to; empty when there is none."""
    return str((entity.get(name) or {}).get("value") or "")


def pence(value: Any) -> int:
    """An amount in pence; 0 when it is missing or unreadable. Accepts numbers and text."""
    try:
        return to_pence(Decimal(str(value)))
    except InvalidOperation:
        return 0


def _links(entity: Entity) -> list[TxnLink]:
    links = entity.get("LinkedTxn") or []
    return [TxnLink(str(link.get("TxnType", "")), str(link.get("TxnId", ""))) for link in links]


def _allocations(entity: Entity) -> list[Allocation]:
    return [
        Allocation(link.txn_type, link.txn_id, pence(line.get("Amount")))
        for line in entity.get("Line") or []
        for link in _links(line)
    ]
