"""One look before payments are told for the first time: what was typed into QuickBooks too is linked instead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from app.billing.payment import Payment
from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.logs import logger
from app.outbox import settling
from app.quickbooks import answers, catalogue, reading, statements
from app.quickbooks.answers import PaymentSeen
from app.quickbooks.catalogue import CatalogueRow
from app.quickbooks.errors import QuickBooksError, ReconnectNeeded, Throttled
from app.quickbooks.lease import renew
from app.quickbooks.models import Connection
from app.sync.answered import enquiries
from app.sync.engine import Turn
from app.sync.judging.decisions import Tell, Write
from app.sync.payments import applying, twins
from app.sync.payments.survey import METHODS
from app.sync.records.links import link_of

LOOKED_BACK = timedelta(days=31)
"""How far around its day a payment of the same reference is looked for."""
_REST = timedelta(minutes=1)
_SHORT_PATIENCE_SECONDS = 5.0
"""How long all that is ready waits here while another reads; then the payments alone wait."""
_LIST_SECONDS = 90.0
"""How long a list waits for its turn (`QuickBooks.pages`)."""


def new_there(turn: Turn, tells: Sequence[Tell]) -> list[Tell]:
    """The writes without those payments that QuickBooks turned out to have: these are linked, and decided anew.

    One read for all of them, outside any transaction. Raises ReconnectNeeded, and Throttled where Intuit says so or the
    worker is to end, which rest the company; after any other trouble the payments wait a minute at most, nothing else.
    """
    firsts = [tell for tell in tells if tell.entity == applying.ENTITY and tell.write is Write.CREATE]
    if not firsts:
        return list(tells)
    others = [tell for tell in tells if tell not in firsts]
    try:
        return others + _not_there(turn, firsts)
    except QuickBooksError as trouble:
        if _rests_all(trouble):
            raise
        _put_off(turn, firsts, trouble)
        return others


def _rests_all(trouble: QuickBooksError) -> bool:
    """Whether nothing more may leave for now; a throttling of our own concerns reading alone."""
    if isinstance(trouble, Throttled):
        return bool(trouble.http_status) or not trouble.retry_after_seconds
    return isinstance(trouble, ReconnectNeeded)


def _not_there(turn: Turn, firsts: Sequence[Tell]) -> list[Tell]:
    """None of them where only the methods were learnt, which their bodies are to name."""
    if _learns_methods(turn):
        return []
    there = _read(turn, firsts)
    return [tell for tell in firsts if not _is_there(turn, tell, there)]


def _learns_methods(turn: Turn) -> bool:
    """Whether the company's payment methods became known just now; they are read when first wanted.

    Those that it uses no more count as known: read again, they would still not be there to be named.
    """
    known = select(CatalogueRow.id).filter_by(connection_id=turn.connection_id, entity=METHODS).limit(1)
    is_known = db.session.scalar(known) is not None
    end_reading()
    if is_known:
        return False
    settings = turn.engine.settings
    renew(turn.lease, clock.now(), _LIST_SECONDS + settings.batch_call_seconds + settings.lease_margin_seconds)
    return bool(catalogue.refresh(turn.engine.quickbooks, turn.connection_id, (METHODS,))[METHODS])


def _read(turn: Turn, firsts: Sequence[Tell]) -> dict[str, list[PaymentSeen]]:
    """The payments of these customers around these days, by customer."""
    customers = sorted({tell.body["CustomerRef"]["value"] for tell in firsts})
    days = [date.fromisoformat(tell.body["TxnDate"]) for tell in firsts]
    conditions = (
        statements.in_("CustomerRef", customers),
        statements.where("TxnDate", ">=", min(days) - LOOKED_BACK),
        statements.where("TxnDate", "<=", max(days) + LOOKED_BACK),
    )
    there: dict[str, list[PaymentSeen]] = {customer: [] for customer in customers}
    for page in enquiries.pages(turn, applying.ENTITY, conditions, patience_seconds=_SHORT_PATIENCE_SECONDS):
        for seen in filter(None, map(_seen, page)):
            there.setdefault(seen.customer_id, []).append(seen)
    return there


def _seen(record: answers.Entity) -> PaymentSeen | None:
    """What a record says; None for one with an amount that cannot be read, which must not hold up all others."""
    try:
        return answers.payment(record)
    except QuickBooksError as trouble:
        logger().warning("a payment could not be read", payment=reading.text(record, "Id"), problem=trouble.message)
        return None


def _is_there(turn: Turn, tell: Tell, there: dict[str, list[PaymentSeen]]) -> bool:
    """Whether it is there already, and linked now: by this, or by a webhook that was taken in while we looked."""
    with turn.writing() as session:
        connection = session.get_one(Connection, turn.connection_id)
        if link_of(connection.id, tell.due.subject) is not None:
            return True
        payment = session.get_one(Payment, tell.due.subject.id)
        found = twins.of_theirs(connection, payment, there[tell.body["CustomerRef"]["value"]])
        if found is not None:
            applying.join(connection, payment, found)
    return found is not None


def _put_off(turn: Turn, firsts: Sequence[Tell], trouble: QuickBooksError) -> None:
    db.session.rollback()
    pause = timedelta(seconds=trouble.retry_after_seconds) if isinstance(trouble, Throttled) else _REST
    with turn.writing():
        for tell in firsts:
            settling.give_back(tell.due.id, clock.now() + min(pause, _REST), trouble.message, charge=False)
