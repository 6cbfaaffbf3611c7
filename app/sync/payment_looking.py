"""One look before payments are told for the first time: what was typed into QuickBooks too is linked instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.billing.payment import Payment
from app.foundation import clock
from app.foundation.database import db, end_reading
from app.outbox import settling
from app.quickbooks import answers, catalogue, marker, statements
from app.quickbooks.answers import PaymentSeen
from app.quickbooks.errors import QuickBooksError, ReconnectNeeded, Throttled
from app.quickbooks.models import Connection
from app.sync import payment_survey, payment_twins, payments
from app.sync.decisions import Tell, Write
from app.sync.engine import Turn
from app.sync.links import link_of
from app.sync.payment_survey import METHODS

LOOKED_BACK = timedelta(days=31)
"""How far around its day a payment of the same reference is looked for."""
_REST = timedelta(minutes=1)


def new_there(turn: Turn, tells: Sequence[Tell]) -> list[Tell]:
    """The writes without those payments that QuickBooks turned out to have: these are linked, and decided anew.

    One read for all of them, outside any transaction. Raises Throttled and ReconnectNeeded, which rest the company;
    after any other trouble the payments wait a minute.
    """
    firsts = [tell for tell in tells if tell.entity == payments.ENTITY and tell.write is Write.CREATE]
    if not firsts:
        return list(tells)
    others = [tell for tell in tells if tell not in firsts]
    try:
        return others if _learns_methods(turn) else others + _not_there(turn, firsts)
    except (Throttled, ReconnectNeeded):
        raise
    except QuickBooksError as trouble:
        _put_off(turn, firsts, trouble)
        return others


def _not_there(turn: Turn, firsts: Sequence[Tell]) -> list[Tell]:
    there = _read(turn, firsts)
    return [tell for tell in firsts if not _is_there(turn, tell, there)]


def marked(turn: Turn, payment_id: int) -> Mapping[str, Any] | None:
    """The record there that carries our marker for this very payment; one read. None where there is none."""
    told = payment_survey.payments(turn.connection_id, {payment_id: True})[payment_id]
    near = (told.received_on - LOOKED_BACK, told.received_on + LOOKED_BACK)
    for page in _pages(turn, [told.customer_id or ""], near):
        for record in page:
            if str(marker.find(answers.payment(record).private_note)) == told.marker:
                return record
    return None


def _pages(turn: Turn, customers: Sequence[str], days: tuple[date, date]) -> Iterator[list[answers.Entity]]:
    conditions = (
        statements.in_("CustomerRef", customers),
        statements.where("TxnDate", ">=", days[0]),
        statements.where("TxnDate", "<=", days[1]),
    )
    return turn.engine.quickbooks.pages(turn.connection_id, payments.ENTITY, conditions)


def _learns_methods(turn: Turn) -> bool:
    """Whether the company's payment methods became known just now; they are read when first wanted."""
    known = catalogue.all_active(turn.connection_id, METHODS)
    end_reading()
    return not known and bool(catalogue.refresh(turn.engine.quickbooks, turn.connection_id, (METHODS,))[METHODS])


def _read(turn: Turn, firsts: Sequence[Tell]) -> dict[str, list[PaymentSeen]]:
    """The payments of these customers around these days, by customer."""
    customers = sorted({tell.body["CustomerRef"]["value"] for tell in firsts})
    days = [date.fromisoformat(tell.body["TxnDate"]) for tell in firsts]
    there: dict[str, list[PaymentSeen]] = {customer: [] for customer in customers}
    for page in _pages(turn, customers, (min(days) - LOOKED_BACK, max(days) + LOOKED_BACK)):
        for seen in map(answers.payment, page):
            there.setdefault(seen.customer_id, []).append(seen)
    return there


def _is_there(turn: Turn, tell: Tell, there: dict[str, list[PaymentSeen]]) -> bool:
    """Whether it is there already, and linked now: by this, or by a webhook that was taken in while we looked."""
    with turn.writing() as session:
        connection = session.get_one(Connection, turn.connection_id)
        if link_of(connection.id, tell.due.subject) is not None:
            return True
        payment = session.get_one(Payment, tell.due.subject.id)
        found = payment_twins.of_theirs(connection, payment, there[tell.body["CustomerRef"]["value"]])
        if found is not None:
            payments.join(connection, payment, found)
    return found is not None


def _put_off(turn: Turn, firsts: Sequence[Tell], trouble: QuickBooksError) -> None:
    db.session.rollback()
    with turn.writing():
        for tell in firsts:
            settling.give_back(tell.due.id, clock.now() + _REST, trouble.message, charge=False)
