"""Answers read into small facts: tolerant of what is missing, of casing and of properties that are new (pure).

Amounts are pence of the document's own currency; moments are UTC. An amount that is there and is none raises
UnknownOutcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from app.quickbooks.errors import UnknownOutcome
from app.quickbooks.moments import day, moment
from app.quickbooks.reading import Entity as Entity
from app.quickbooks.reading import flag, number, part, parts, said, text
from app.quickbooks.reading import pence as pence
from app.quickbooks.sold_lines import LineSeen, lines_of

UNTOUCHED = "0"
"""The SyncToken of a record that nobody has changed since it was made (reference 2.5)."""
_AMOUNTS = ("TotalAmt", "Balance", "UnappliedAmt")
_LONGEST_TOKEN, _LONGEST_NUMBER = 20, 40
"""Characters that are stored: QuickBooks counts its tokens from 0, and takes numbers of 21 characters at most."""


class TxnLink(NamedTuple):
    """Another transaction that a document is tied to ("Payment", "128")."""

    txn_type: str
    txn_id: str


class Allocation(NamedTuple):
    """So much of a payment goes to this document."""

    txn_type: str
    txn_id: str
    amount_pence: int


@dataclass(frozen=True, kw_only=True)
class DocumentFace:
    """What an accepted write is asked: the record that it made, and the amounts that stand on it."""

    id: str
    sync_token: str
    doc_number: str
    total_pence: int
    tax_pence: int
    balance_pence: int
    updated_at: datetime | None
    voided: bool
    rate: str = ""
    """What one unit of its currency is worth at home, as it is written there; empty in a company of one currency."""

    @property
    def foreign_rate(self) -> Decimal | None:
        """The same as a number; None of a document in the home currency, of which QuickBooks says 1."""
        return _foreign(self.rate)


@dataclass(frozen=True, kw_only=True)
class DocumentSeen(DocumentFace):
    """An invoice or a credit memo as QuickBooks has it. A deleted one has nothing but its id."""

    txn_date: date | None
    customer_id: str
    currency: str
    deleted: bool
    private_note: str
    links: tuple[TxnLink, ...]
    customer_name: str = ""
    due_date: date | None = None
    lines: tuple[LineSeen, ...] = ()
    created_at: datetime | None = None


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
    rate: Decimal | None = None
    """What one unit of its currency was worth at home; None where that is the home currency."""
    created_at: datetime | None = None


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

    Raises UnknownOutcome when the answer holds none, or one whose amounts cannot be read: something was done, nobody
    can say what.
    """
    found = said(payload, entity)
    if not isinstance(found, Mapping):
        raise UnknownOutcome(f"QuickBooks' answer holds no {entity}")
    for name in _AMOUNTS:
        pence(found.get(name))
    _tax_pence(found)
    return found


def rows_of(payload: Entity, entity: str) -> list[Entity]:
    """The records in an answer to a query; empty when there are none."""
    return parts(part(payload, "QueryResponse"), entity)


def changes_of(payload: Entity) -> dict[str, list[Entity]]:
    """{entity: its changed records} of an answer to `changes_since`; deleted ones say status "Deleted"."""
    told = [rows for answer in parts(payload, "CDCResponse") for rows in parts(answer, "QueryResponse")]
    changes: dict[str, list[Entity]] = {}
    for rows in told:
        for name in _lists_in(rows):
            changes.setdefault(name, []).extend(parts(rows, name))
    return changes


def _lists_in(rows: Entity) -> list[str]:
    return [name for name, value in rows.items() if isinstance(value, list)]


def document_face(entity: Entity) -> DocumentFace:
    """Of an Invoice or CreditMemo what landing asks for, which is asked of each one that is sent."""
    return DocumentFace(
        id=text(entity, "Id"),
        sync_token=text(entity, "SyncToken")[:_LONGEST_TOKEN],
        doc_number=text(entity, "DocNumber")[:_LONGEST_NUMBER],
        total_pence=pence(said(entity, "TotalAmt")),
        tax_pence=_tax_pence(entity),
        balance_pence=pence(said(entity, "Balance")),
        updated_at=updated_at(entity),
        voided=is_voided(entity),
        rate=text(entity, "ExchangeRate"),
    )


def _tax_pence(entity: Entity) -> int:
    return pence(said(part(entity, "TxnTaxDetail"), "TotalTax"))


def document(entity: Entity) -> DocumentSeen:
    """An Invoice or CreditMemo."""
    return DocumentSeen(
        **vars(document_face(entity)),
        txn_date=day(said(entity, "TxnDate")),
        customer_id=ref(entity, "CustomerRef"),
        currency=ref(entity, "CurrencyRef"),
        deleted=is_deleted(entity),
        private_note=text(entity, "PrivateNote"),
        links=tuple(_links(entity)),
        due_date=day(said(entity, "DueDate")),
        customer_name=text(part(entity, "CustomerRef"), "name"),
        lines=lines_of(entity),
        created_at=created_at(entity),
    )


def payment(entity: Entity) -> PaymentSeen:
    """A Payment. One that was voided and is then used to divide a credit keeps total and note, and is void no more."""
    allocations = tuple(_allocations(entity))
    return PaymentSeen(
        id=text(entity, "Id"),
        sync_token=text(entity, "SyncToken")[:_LONGEST_TOKEN],
        total_pence=pence(said(entity, "TotalAmt")),
        unapplied_pence=pence(said(entity, "UnappliedAmt")),
        customer_id=ref(entity, "CustomerRef"),
        txn_date=day(said(entity, "TxnDate")),
        reference=text(entity, "PaymentRefNum"),
        allocations=allocations,
        voided=is_voided(entity) and not any(part.amount_pence for part in allocations),
        deleted=is_deleted(entity),
        updated_at=updated_at(entity),
        currency=ref(entity, "CurrencyRef"),
        private_note=text(entity, "PrivateNote"),
        rate=_foreign(said(entity, "ExchangeRate")),
        created_at=created_at(entity),
    )


def _foreign(rate: object) -> Decimal | None:
    """Of a record in the home currency QuickBooks says 1, or nothing in a company of one currency (reference 4.1)."""
    found = number(rate)
    return found if found not in {0, 1} else None


def named(entity: Entity) -> NamedSeen:
    """A record of a list. A US pseudo tax code has no Active and counts as active."""
    return NamedSeen(
        id=text(entity, "Id"),
        sync_token=text(entity, "SyncToken")[:_LONGEST_TOKEN] or "0",
        name=text(entity, "DisplayName") or text(entity, "FullyQualifiedName") or text(entity, "Name"),
        active=flag(entity, "Active", otherwise=True) and not is_deleted(entity),
        email=text(part(entity, "PrimaryEmailAddr"), "Address"),
        currency=ref(entity, "CurrencyRef"),
        updated_at=updated_at(entity),
        deleted=is_deleted(entity),
    )


def is_deleted(entity: Entity) -> bool:
    """Whether only a tombstone is left, as in the answer to a delete and in change data capture."""
    return text(entity, "status").lower() == "deleted"


def is_voided(entity: Entity) -> bool:
    """Intuit has no status for it: a void is a total of nought and "Voided" at the head of the private note.

    A person's note that merely begins so on a document of nought would be taken for one; the docs offer nothing better.
    """
    total = said(entity, "TotalAmt")
    return total is not None and not pence(total) and "Voided" in text(entity, "PrivateNote")


def created_at(entity: Entity) -> datetime | None:
    """When it was made in QuickBooks; whole seconds."""
    return moment(said(part(entity, "MetaData"), "CreateTime"))


def updated_at(entity: Entity) -> datetime | None:
    """When QuickBooks last changed it; whole seconds."""
    return moment(said(part(entity, "MetaData"), "LastUpdatedTime"))


def ref(entity: Entity, name: str) -> str:
    """The id a reference points to; empty when there is none."""
    return text(part(entity, name), "value")


def _links(entity: Entity) -> list[TxnLink]:
    return [TxnLink(text(link, "TxnType"), text(link, "TxnId")) for link in parts(entity, "LinkedTxn")]


def _allocations(entity: Entity) -> list[Allocation]:
    return [
        Allocation(link.txn_type, link.txn_id, pence(said(line, "Amount")))
        for line in parts(entity, "Line")
        for link in _links(line)
    ]
