"""The desk at which payments are recorded, in a company that is told of them."""

from __future__ import annotations

from typing import Any

from app.billing import receiving
from app.billing.document import Document
from app.billing.facts import PaymentFacts
from app.billing.payment import Payment
from app.foundation import clock
from app.foundation.database import db, transaction
from app.outbox import lanes
from app.outbox.models import Message, MessageState
from app.quickbooks import catalogue
from app.sync.mapping import choosing
from app.sync.records.links import Link, link_of
from app.sync.records.mappings import MappingKind
from app.sync.records.policies import WhenPaidHere, policy_of
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync.books import Books, connection


def telling(books: Books) -> Books:
    """Payments recorded here go to the bank account."""
    with transaction():
        policy_of(books.connection_id).payments_here = WhenPaidHere.SEND
        choosing.choose(connection(books), MappingKind.DEPOSIT_ACCOUNT, 0, bank(books), by="Olivia")
    return books


def bank(books: Books) -> str:
    accounts = catalogue.all_active(books.connection_id, "Account")
    return next(row.remote_id for row in accounts if row.data.get("type") == "Bank")


def facts(books: Books, pence: int, *parts: tuple[Document, int], reference: str = "BACS 4711") -> PaymentFacts:
    found = books.firm.facts(pence, *parts)
    said = {name: getattr(found, name) for name in PaymentFacts.__dataclass_fields__}
    return PaymentFacts(**said | {"reference": reference, "method": "Cheque", "received_on": clock.now().date()})


def record(books: Books, pence: int, *parts: tuple[Document, int], reference: str = "BACS 4711") -> Payment:
    with transaction():
        return receiving.record_here(facts(books, pence, *parts, reference=reference), actor=ANN)


def message_of(books: Books, payment: Payment) -> Message:
    db.session.rollback()
    return lanes.latest_of([payment.subject], books.firm.entity.lane)[payment.subject]


def reason(books: Books, payment: Payment) -> tuple[MessageState, str]:
    message = message_of(books, payment)
    return MessageState(message.state), message.reason or ""


def link(books: Books, payment: Payment) -> Link:
    found = link_of(books.connection_id, payment.subject)
    assert found is not None, reason(books, payment)
    return found


def there(books: Books) -> list[dict[str, Any]]:
    return list(books.simulation.look(f"companies/{REALM}/records/Payment")["records"])
