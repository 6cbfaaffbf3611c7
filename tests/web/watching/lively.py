"""Books with a history: sent, paid, held, refused, forged, different, compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.billing import catalogue
from app.billing.catalogue_fields import ServiceFields
from app.foundation import clock
from app.foundation.database import transaction
from app.quickbooks.realm import CallMinute
from app.sync.listening import heartbeats, inbox
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync.books import Books


def enliven(books: Books) -> None:
    """Let it all happen."""
    paid, changed, deleted = books.invoice(), books.invoice("250"), books.invoice("80")
    books.credit_note("40")
    books.pay(paid, "120.00")
    books.listen()
    _hold_some(books)
    _refuse_one(books)
    books.compare()
    books.simulation.handle("Invoice", books.remote_id(deleted), "delete")
    _raise_price(books, books.remote_id(changed))
    books.listen()
    books.compare()
    inbox.keep(b'[{"forged": true}]', "c2lnbmVkIGJ5IG5vYm9keQ==", "203.0.113.9", books.verifiers)
    inbox.reject_unread(9_000_000, "203.0.113.9")
    heartbeats.beat("worker:1")
    _an_hour_of_calls()


def _hold_some(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
        backup = catalogue.create_service(ServiceFields(code="BACKUP", name="Off-site backup"), actor=ANN)
    for price in ("35", "45", "55"):
        books.firm.open(replace(books.firm.line(price), service_id=backup.id))
    books.send()


def _refuse_one(books: Books) -> None:
    books.simulation.control(
        "faults",
        {"effect": "fault", "method": "POST", "kind": "invoice", "operation": "create", "code": "6000",
         "message": "A business validation error has occurred while processing your request",
         "detail": "Business Validation Error: The amounts do not add up."},
    )  # fmt: skip
    books.firm.open(books.firm.line("999"))
    books.send()


def _raise_price(books: Books, remote_id: str) -> None:
    lines = books.simulation.record("Invoice", remote_id)["Line"]
    priced = next(line for line in lines if line["DetailType"] == "SalesItemLineDetail")
    priced["Amount"] = 300
    priced["SalesItemLineDetail"].update(Qty=1, UnitPrice=300)
    books.simulation.handle("Invoice", remote_id, "edit", Line=[priced])


def _an_hour_of_calls() -> None:
    minute = clock.now().replace(second=0, microsecond=0)
    with transaction() as session:
        for ago in range(2, 58):
            calls = (ago * 37) % 83
            row = CallMinute(realm_id=REALM, mode="live", minute=minute - timedelta(minutes=ago), requests=calls)
            row.throttled, row.errors = (calls // 7 if ago % 9 == 0 else 0), int(ago % 17 == 0)
            session.add(row)
