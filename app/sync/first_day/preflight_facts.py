"""What the pre-flight check looks at, read from both sides; and what holds back documents, asked of readiness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.billing.entity import BillingEntity
from app.billing.tax import TaxCode
from app.foundation import clock
from app.foundation.database import db
from app.foundation.mail import Mail, MailState
from app.outbox import lanes
from app.outbox.models import Message
from app.quickbooks import catalogue
from app.quickbooks.models import CatalogueRow, Connection, ConnectionState
from app.sync.company.connecting import connected, environment_of
from app.sync.engine import Engine
from app.sync.first_day.preflight import Company, Facts
from app.sync.judging import choices, headings, survey, taxation
from app.sync.judging.facts import Books
from app.sync.judging.kinds import DOCUMENTS
from app.sync.judging.readiness import Finding, Step, first_finding
from app.sync.listening import heartbeats
from app.sync.listening.deliveries import Event
from app.sync.mapping import open_clients, uses
from app.sync.records.mappings import ALL_OTHERS, ENTITY_OF, MappingKind, mapping_of, mappings_of
from app.sync.records.policies import policy_of
from app.sync.steering import old_documents

MOST_JUDGED = 500
"""So many waiting documents are judged for the page, the oldest first."""
_MAPPED = (MappingKind.SERVICE, MappingKind.TAX_CODE, MappingKind.TERM)


@dataclass(frozen=True)
class Obstacle:
    """One reason that holds documents back, and how many."""

    finding: Finding
    documents: int


def facts_of(engine: Engine, entity: BillingEntity) -> Facts:
    """The facts of one billing entity in its present mode."""
    keys = engine.quickbooks.apps.app_for(environment_of(entity))
    connection = connected(entity)
    return Facts(
        is_configured=keys.is_complete,
        company=_company(entity, connection) if connection else None,
        has_verifier=bool(keys.verifiers),
        webhook_at=last_delivery(connection) if connection else None,
        worker_alive=heartbeats.is_alive(),
        mail_kept=engine.settings.mail_url.startswith("keep:"),
        mail_problem=mail_problem(),
    )


def obstacles(entity: BillingEntity, connection: Connection) -> list[Obstacle]:
    """What the documents that wait wait for, by the reason that decides each; the most frequent first."""
    waiting = select(Message).where(*lanes.within(entity.lane), lanes.WAITS, Message.kind.in_(DOCUMENTS))
    messages = list(db.session.scalars(waiting.order_by(Message.id).limit(MOST_JUDGED)))
    books, counted = survey.books_of(connection), Counter[Finding]()
    for kind in DOCUMENTS:
        asked = {message.subject_id: message.asked for message in messages if message.kind == kind}
        for document in survey.documents(connection.id, kind, asked).values():
            finding = first_finding(document, books)
            if finding is not None and finding.step is Step.HOLD:
                counted[finding] += 1
    return [Obstacle(finding, number) for finding, number in counted.most_common()]


def lists_read_at(connection: Connection) -> datetime | None:
    """When the company's lists were last read whole, in UTC: since then at the latest each of their records was seen.

    Records that are learnt or made one by one are newer, and no reading.
    """
    here = (CatalogueRow.connection_id == connection.id, CatalogueRow.vanished.is_(False))
    moment: datetime | None = db.session.scalar(select(func.min(CatalogueRow.seen_at)).where(*here))
    return moment


def last_delivery(connection: Connection) -> datetime | None:
    """When the newest change that a webhook told us of this company happened there, in UTC."""
    told = select(func.max(Event.at)).where(Event.connection_id == connection.id, Event.delivery_id.is_not(None))
    moment: datetime | None = db.session.scalar(told)
    return moment


def days_left(connection: Connection) -> int | None:
    """Whole days until the permission would lapse if nobody renewed it; None when it is gone."""
    if connection.refresh_expires_at is None:
        return None
    return max((connection.refresh_expires_at - clock.now()).days, 0)


def _company(entity: BillingEntity, connection: Connection) -> Company:
    books, policy = survey.books_of(connection), policy_of(connection.id)
    waits, sorts = uses.waiting_for(entity), headings.of_company(connection)
    unmapped = _unmapped(entity, connection, (MappingKind.SERVICE, MappingKind.TAX_CODE, *sorts))
    return Company(
        name=connection.company_name,
        country=connection.country,
        needs_reconnect=connection.state is ConnectionState.RECONNECT,
        days_left=days_left(connection),
        home_currency=connection.home_currency,
        our_currency=entity.home_currency,
        multi_currency=books.multi_currency,
        taxes_per_line=books.taxes_per_line,
        custom_numbers=connection.custom_txn_numbers,
        auto_apply_credit=connection.auto_apply_credit,
        closed_until=books.closed_until,
        read_only=books.read_only,
        records=_records(connection),
        lists_read_at=lists_read_at(connection),
        automatic_push=policy.automatic_push,
        paused_by=(policy.paused_by or "a person") if policy.paused_at else None,
        client_missing=policy.client_missing,
        service_missing=policy.service_missing,
        when_closed=policy.closed_books,
        has_default_income=books.default_income_id is not None,
        unmapped_services=unmapped[MappingKind.SERVICE],
        unmapped_tax_codes=unmapped[MappingKind.TAX_CODE],
        broken=_broken(connection, books),
        unlinked_clients=open_clients.number(entity, connection),
        held_clients=sum(number for blocker, number in waits.items() if blocker.startswith("client:")),
        old_documents=old_documents.count(entity, connection),
        asked_about_old=policy.asked_about_old,
        unsorted={kind.value: 0 if _has_default(connection, kind) else unmapped[kind] for kind in sorts},
        taxes=taxation.REGIMES[connection.sales_tax].word,
        tax_trouble=taxation.trouble(entity.name, entity.tax_regime, connection.sales_tax),
    )


def _records(connection: Connection) -> int:
    known = select(func.count(CatalogueRow.id)).where(
        CatalogueRow.connection_id == connection.id, ~CatalogueRow.vanished
    )
    return int(db.session.scalar(known) or 0)


def _unmapped(entity: BillingEntity, connection: Connection, kinds: Collection[MappingKind]) -> dict[MappingKind, int]:
    """{kind: how many of ours that documents name have nothing there yet}."""
    named = uses.named(entity, connection.id, kinds)
    return {kind: len(named[kind] - mappings_of(connection.id, kind).keys()) for kind in kinds}


def _has_default(connection: Connection, kind: MappingKind) -> bool:
    return mapping_of(connection.id, kind, ALL_OTHERS) is not None


def _broken(connection: Connection, books: Books) -> int:
    kinds = _MAPPED if books.taxes_per_line else (MappingKind.SERVICE, MappingKind.TERM)
    told = (*kinds, *headings.of_company(connection))
    return sum(_unusable(connection, kind) for kind in told) + _misrated(connection, books)


def _misrated(connection: Connection, books: Books) -> int:
    """How many tax codes are mapped to one of another rate."""
    ours = {code.id: code for code in db.session.scalars(select(TaxCode))} if books.taxes_per_line else {}
    rows = {row.remote_id: row for row in choices.offered(connection.id, MappingKind.TAX_CODE)}
    chosen = mappings_of(connection.id, MappingKind.TAX_CODE, ours)
    pairs = [(ours[our_id], rows.get(mapping.remote_id)) for our_id, mapping in chosen.items()]
    return sum(1 for code, row in pairs if row is not None and choices.other_rate(code.charged_percent, row))


def _unusable(connection: Connection, kind: MappingKind) -> int:
    """How many records that were chosen can't be used now; only those are looked up, for a list may be long."""
    ids = {mapping.remote_id for mapping in mappings_of(connection.id, kind).values()}
    rows = catalogue.by_ids(connection.id, ENTITY_OF[kind], list(ids))
    return len(ids) - sum(1 for row in rows.values() if choices.is_offered(kind, row))


def mail_problem() -> str:
    """What the mail server said about the newest mail that has not gone out, if it said anything."""
    stuck = select(Mail.problem).where(Mail.state != MailState.SENT, Mail.problem.is_not(None))
    return db.session.scalar(stuck.order_by(Mail.id.desc()).limit(1)) or ""
