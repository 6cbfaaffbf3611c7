"""Reading a company for a comparison: all of it at first and once a week, between that only what changed.

What changed is told by change data capture, which tells deletions too and all kinds at once: one read, where nothing
happened. It reaches back 30 days and is asked from the newest change we have seen, by QuickBooks' own clock, with an
overlap; whatever it can't tell for certain is read whole instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.quickbooks import answers, calls, catalogue, statements
from app.quickbooks.answers import DocumentSeen, Entity, PaymentSeen
from app.quickbooks.errors import Refused
from app.quickbooks.models import Connection
from app.quickbooks.statements import PAGE
from app.sync.comparing import pictures
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.comparing.pictures import Key
from app.sync.comparing.run_claims import RunClaim
from app.sync.engine import Engine
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.listening.windows import Changes, TooManyError, windows
from app.sync.payments import applying as payments
from app.sync.records.links import Link, LinkState

WHOLE_EVERY = timedelta(days=6, hours=12)
"""A week of nights: the seventh reads all, at whichever minute it comes."""
LOOKS_BACK = timedelta(days=29)
_OVERLAP = timedelta(minutes=1)
_ENTITIES = tuple(KINDS[kind].entity for kind in DOCUMENTS)
_CUSTOMERS = "Customer"
_IDS_AT_ONCE = 100


@dataclass
class Reading:
    """What was read from QuickBooks so far."""

    started: datetime
    is_full: bool = True
    documents: dict[Key, DocumentSeen] = field(default_factory=dict)
    """All documents of the company: read now, or known from before and not changed since."""
    known: Mapping[Key, DocumentSeen] | None = None
    """The pictures of the run before, where they were needed."""
    news: dict[Key, DocumentSeen] = field(default_factory=dict)
    """Those among them that were read now."""
    gone: set[Key] = field(default_factory=set)
    """Documents that QuickBooks tells to have been deleted."""
    payments: dict[str, PaymentSeen] = field(default_factory=dict)
    """All payments, or those that changed."""
    payments_gone: set[str] = field(default_factory=set)
    until: datetime | None = None
    """The newest change that was seen, by QuickBooks' clock."""
    reads: int = 0

    @property
    def just_paid(self) -> set[Key]:
        """(entity, id) of documents whose payments changed after their own records may have been read."""
        late = [seen for seen in self.payments.values() if seen.updated_at and seen.updated_at >= self.started]
        return {(part.txn_type, part.txn_id) for seen in late for part in seen.allocations}

    def note(self, at: datetime | None) -> None:
        """Remember how far we have seen."""
        self.until = max(filter(None, (self.until, at)), default=None)


def read(engine: Engine, held: RunClaim) -> Reading:
    """Read what this run needs. Raises TakenOverError, and the QuickBooksError that ended the reading."""
    since = _since(held)
    end_reading()
    if since is not None:
        try:
            return _changes(engine, held, since)
        except (TooManyError, Refused):
            held.tell("Too much has changed; reading everything")
    return _whole(engine, held)


def keep(held: RunClaim, reading: Reading) -> None:
    """Keep pictures of what was read, for the next run. Raises TakenOverError."""
    before = pictures.documents(held.connection_id) if reading.known is None else reading.known
    end_reading()
    fresh = {key: seen for key, seen in reading.news.items() if _is_other(before.get(key), seen)}
    gone = reading.gone | (before.keys() - reading.news.keys() if reading.is_full else set())
    with held.writing() as session:
        pictures.keep(session, held.connection_id, fresh, gone)


def _is_other(before: DocumentSeen | None, seen: DocumentSeen) -> bool:
    if before is None:
        return True
    return any(getattr(before, name) != getattr(seen, name) for name in _TELLING)


_TELLING = ("sync_token", "total_pence", "balance_pence", "customer_id", "updated_at", "voided", "lines")


def _since(held: RunClaim) -> datetime | None:
    """From when changes are enough; None where all has to be read."""
    if db.session.get_one(ReconciliationRun, held.run_id).is_full:
        return None
    connection = db.session.get_one(Connection, held.connection_id)
    done = (ReconciliationRun.connection_id == held.connection_id, ReconciliationRun.state == RunState.DONE)
    runs = select(ReconciliationRun).where(*done, ReconciliationRun.started_at >= connection.connected_at)
    newest = db.session.scalars(runs.order_by(ReconciliationRun.id.desc()).limit(1)).first()
    whole = db.session.scalars(
        runs.where(ReconciliationRun.is_full).order_by(ReconciliationRun.id.desc()).limit(1)
    ).first()
    now = clock.now()
    if newest is None or whole is None or newest.read_until is None:
        return None
    if not now - WHOLE_EVERY < whole.asked_at <= clock.latest(now):
        return None  # too long ago, or a clock that was ahead says when it was
    since = newest.read_until - _OVERLAP
    return since if now - since < LOOKS_BACK else None


def _whole(engine: Engine, held: RunClaim) -> Reading:
    """Documents before payments: one paid in between is then known to be, by its payment's own date of change."""
    reading = Reading(started=clock.now())
    for entity in _ENTITIES:
        for record in _pages(engine, entity, held, reading):
            _take(reading, entity, record)
    for record in _pages(engine, payments.ENTITY, held, reading):
        _take(reading, payments.ENTITY, record)
    _look_again(engine, held, reading)
    reading.documents = dict(reading.news)
    held.tell("Reading QuickBooks: customers")
    customers = catalogue.refresh(engine.quickbooks, held.connection_id, (_CUSTOMERS,))
    reading.reads += _reads(customers[_CUSTOMERS])
    end_reading()
    return reading


def _look_again(engine: Engine, held: RunClaim, reading: Reading) -> None:
    """Ask by their ids for records that we know and that no page had.

    Pages are counted from the first record, so one that is deleted meanwhile pulls others over the edge of a page that
    was read already; and what we told since then is on no page either.
    """
    missing = _missing(held.connection_id, reading)
    portions = [(entity, ids[at : at + _IDS_AT_ONCE]) for entity, ids in missing.items() for at in _starts(ids)]
    for entity, ids in portions:
        reading.reads += 1
        for page in engine.quickbooks.pages(held.connection_id, entity, (statements.in_("Id", ids),)):
            _take_all(reading, {entity: page})


def _starts(ids: Sequence[str]) -> range:
    return range(0, len(ids), _IDS_AT_ONCE)


def _missing(connection_id: int, reading: Reading) -> dict[str, list[str]]:
    """{entity: ids} of documents and payments that are linked and were not read."""
    live = (Link.connection_id == connection_id, Link.state == LinkState.LIVE)
    links = select(Link.entity, Link.remote_id).where(*live, Link.entity.in_((*_ENTITIES, payments.ENTITY)))
    found: dict[str, list[str]] = defaultdict(list)
    for entity, remote_id in db.session.execute(links).all():
        if (entity, remote_id) not in reading.news and remote_id not in _paid(reading, entity):
            found[entity].append(remote_id)
    end_reading()
    return found


def _paid(reading: Reading, entity: str) -> Collection[str]:
    return reading.payments if entity == payments.ENTITY else ()


def _pages(engine: Engine, entity: str, held: RunClaim, reading: Reading) -> Iterator[Entity]:
    """Every record of an entity; after each page the run's row tells how far we are."""
    number = 0
    for page in engine.quickbooks.pages(held.connection_id, entity):
        number += len(page)
        yield from page
        held.tell(f"Reading QuickBooks: {number} of {entity}")
    reading.reads += _reads(number)


def _reads(number: int) -> int:
    """What it costs to read so many records: the page that ends it is never full, and may be empty."""
    return number // PAGE + 1


def _changes(engine: Engine, held: RunClaim, since: datetime) -> Reading:
    reading = Reading(started=clock.now(), is_full=False, until=since + _OVERLAP)

    def ask(entities: Sequence[str], moment: datetime) -> Changes:
        reading.reads += 1
        call = calls.changes_since(entities, moment)
        return answers.changes_of(engine.quickbooks.ask(held.connection_id, call).json)

    held.tell("Reading what changed in QuickBooks")
    customers: list[Entity] = []
    for changes in windows(ask, (*_ENTITIES, payments.ENTITY, _CUSTOMERS), since):
        _take_all(reading, changes)
        customers += changes.get(_CUSTOMERS, ())
    with transaction() as session:
        catalogue.note_all(session, held.connection_id, _CUSTOMERS, customers)
    reading.known = pictures.documents(held.connection_id)
    reading.documents = {**reading.known, **reading.news}
    end_reading()
    for key in reading.gone:
        reading.documents.pop(key, None)
    return reading


def _take_all(reading: Reading, changes: Mapping[str, Sequence[Entity]]) -> None:
    for entity in (*_ENTITIES, payments.ENTITY):
        for record in changes.get(entity, ()):
            _take(reading, entity, record)


def _take(reading: Reading, entity: str, record: Entity) -> None:
    reading.note(answers.updated_at(record))
    if entity == payments.ENTITY:
        payment = answers.payment(record)
        if payment.deleted:
            reading.payments_gone.add(payment.id)
        else:
            reading.payments[payment.id] = payment
        return
    seen = answers.document(record)
    if seen.deleted:
        reading.gone.add((entity, seen.id))
    else:
        reading.news[entity, seen.id] = seen


def find_deleted(engine: Engine, held: RunClaim, reading: Reading) -> None:
    """Ask which documents were deleted of late, where some are missing: one read more. Raises QuickBooksError."""
    call = calls.changes_since(_ENTITIES, clock.now() - LOOKS_BACK)
    reading.reads += 1
    found = answers.changes_of(engine.quickbooks.ask(held.connection_id, call).json)
    reading.gone |= {
        (entity, answers.document(record).id)
        for entity in _ENTITIES
        for record in found.get(entity, ())
        if answers.is_deleted(record)
    }
