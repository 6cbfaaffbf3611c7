"""What changed about the company itself, seen by looking again: its closing date, its subscription.

Known here, the next document is held before it is sent, instead of being refused one by one; changed back, what was
held for it goes on by itself.
"""

from __future__ import annotations

from datetime import timedelta

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.logs import logger
from app.outbox import lanes
from app.outbox.models import Subject
from app.quickbooks import catalogue, ties
from app.quickbooks.client import QuickBooks
from app.quickbooks.company import READ_ONLY_STATES
from app.quickbooks.errors import ClosedBooks, QuickBooksError
from app.quickbooks.models import Connection, ConnectionState
from app.sync.company.connecting import lane_of
from app.sync.company.ruling import free
from app.sync.engine import Engine, Turn
from app.sync.judging import documents, survey
from app.sync.judging.kinds import DOCUMENTS
from app.sync.judging.outcomes import Again, MemberOutcome, Parked
from app.sync.judging.readiness import COMPANY_CURRENCY, findings
from app.sync.records.attempts import Outcome
from app.sync.records.mappings import MappingKind

PREFERENCES = "Preferences"
"""The record whose change a webhook tells of."""
CLOSED_BOOKS, READ_ONLY = "closed_books", "company_read_only"
"""What is waited for."""
_JUST_SEEN = timedelta(minutes=1)
"""Thirty members of one batch ask once."""


def look_again(quickbooks: QuickBooks, connection_id: int, *, patience_seconds: float = 30.0) -> None:
    """Read who the company is and how it keeps its books, two reads, and free what waits for a change of it.

    The lists of classes or locations are read too when the company has begun to sort its sales by them.
    """
    seen = quickbooks.company(connection_id, patience_seconds=patience_seconds)
    with transaction() as session:
        # Whoever fills an envelope holds this row too: nothing is held a moment later by what was known before.
        connection = session.get_one(Connection, connection_id, with_for_update=True)
        closed_until, mirrored = connection.book_close_date, catalogue.mirrored(connection)
        sorted_by = connection.class_tracking, connection.tracks_locations
        kept_in = connection.home_currency, connection.multi_currency
        ties.note_company(connection, seen)
        if connection.book_close_date != closed_until:
            lanes.release(lane_of(connection), CLOSED_BOOKS)
        if (connection.home_currency, connection.multi_currency) != kept_in:
            lanes.release(lane_of(connection), COMPANY_CURRENCY)
        if connection.subscription not in READ_ONLY_STATES:
            lanes.release(lane_of(connection), READ_ONLY)
        if (connection.class_tracking, connection.tracks_locations) != sorted_by:
            _judge_headings_anew(connection)
        new = [entity for entity in catalogue.mirrored(connection) if entity not in mirrored]
    if new:
        catalogue.refresh(quickbooks, connection_id, new)


def _judge_headings_anew(connection: Connection) -> None:
    for kind in (MappingKind.CLASS, MappingKind.LOCATION):
        free(lane_of(connection), f"{kind.value}:")


def look_while_read_only(engine: Engine, connection_id: int) -> None:
    """Look again each hour while nothing may be added: of a subscription that is paid again no webhook tells."""
    connection = db.session.get_one(Connection, connection_id)
    waits = connection.state is ConnectionState.ACTIVE and connection.subscription in READ_ONLY_STATES
    end_reading()
    if waits:
        try:
            look_again(engine.quickbooks, connection_id)
        except QuickBooksError as trouble:
            logger().warning("a company could not be looked at", connection=connection_id, problem=trouble.message)


def about_company(turn: Turn, subject: Subject, tries: int, problem: QuickBooksError) -> MemberOutcome:
    """Closed books or an ended subscription, learnt by a refusal: look at the company, then judge the document anew.

    It is held as readiness says from now on; where the policy dates it the first open day, it is sent once more.
    """
    blocker = CLOSED_BOOKS if isinstance(problem, ClosedBooks) else READ_ONLY
    if not _has_just_been_seen(turn.connection_id):
        look_again(turn.engine.quickbooks, turn.connection_id)
    if subject.kind not in DOCUMENTS:
        return Parked(problem.message, blocker)
    books = survey.books_of(db.session.get_one(Connection, turn.connection_id))
    facts = survey.documents(turn.connection_id, subject.kind, {subject.id: True})[subject.id]
    held = next((finding for finding in findings(facts, books) if finding.blocker == blocker), None)
    end_reading()
    if held is None and not tries and documents.is_dated_anew(facts, books):
        return Again(clock.now(), problem.message, charge=True, outcome=Outcome.LATER)
    return Parked(held.sentence if held else problem.message, blocker)


def _has_just_been_seen(connection_id: int) -> bool:
    seen_at = db.session.get_one(Connection, connection_id).company_seen_at
    end_reading()
    return seen_at is not None and clock.now() - seen_at < _JUST_SEEN
