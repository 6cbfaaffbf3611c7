"""The portal as the demo drives and reads it: in this process, on the same database as worker and web."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import func, select

from app.accounts.signup import found_organisation
from app.billing.document import Document
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import BillingEntity
from app.billing.importing import runs
from app.billing.importing.run import ImportRun
from app.billing.importing.run import RunState as ImportState
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.payment import Payment, PaymentState
from app.billing.tax import TaxCode
from app.billing.timeline import Actor
from app.factory import create_app
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.money import to_pounds
from app.foundation.tenancy import acting_for
from app.outbox.models import Message, MessageState
from app.quickbooks import catalogue
from app.sync.company import connecting
from app.sync.comparing.drifts import Drift, DriftCause, ReconciliationRun, RunState
from app.sync.engine import engine
from app.sync.listening.deliveries import Delivery, Event, EventState
from app.sync.records.links import Link
from app.sync.records.mappings import Mapping, MappingKind, mapping_of
from app.sync.records.policies import WhenServiceMissing, policy_of

DEMO = Actor(None, "Demo")
_PENDING = (MessageState.WAITING, MessageState.SENDING)
_INCOME = "Sales of Product Income"


@dataclass(frozen=True)
class Portal:
    """One organisation with one billing entity."""

    connection_ids: list[int]

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """The demo's organisation, made if it is not there yet; the environment's settings are in force already."""
        with create_app().app_context():
            organisation_id = _organisation()
            with acting_for(organisation_id):
                yield cls([])

    def connect(self, realm: str, tokens: dict[str, Any]) -> None:
        """Connect the company and accept it; one that is connected already is connected again and keeps everything."""
        grant = connecting.granted(tokens["access_token"], tokens["refresh_token"])
        entity = db.session.scalars(select(BillingEntity)).one()
        self.connection_ids.append(connecting.tie_without_browser(engine().quickbooks, entity, realm, grant))

    def map_everything(self) -> None:
        """Choose what a person would: tax codes of the same name, one income account, items made by policy."""
        (connection_id,) = self.connection_ids
        names = {row.name: row.remote_id for row in catalogue.all_active(connection_id, "TaxCode")}
        accounts = {row.name: row.remote_id for row in catalogue.all_active(connection_id, "Account")}
        codes = [(code.id, code.code) for code in db.session.scalars(select(TaxCode))]
        end_reading()
        with transaction():
            for code_id, name in codes:
                if name in names:
                    _choose(connection_id, MappingKind.TAX_CODE, code_id, (names[name], name))
            _choose(connection_id, MappingKind.DEFAULT_INCOME, 0, (accounts[_INCOME], _INCOME))
            policy_of(connection_id).service_missing = WhenServiceMissing.CREATE

    def hand_in(self, file: Path, profile: str) -> int:
        """Give the file to the worker; returns the import's id."""
        entity = db.session.scalars(select(BillingEntity)).one()
        with transaction(), file.open("rb") as stream:
            run = runs.hand_in(entity, profile, (file.name, stream), actor=DEMO)
            runs.start(run)
            return run.id

    def import_progress(self, run_id: int) -> tuple[int, int]:
        """(documents dealt with, documents in the file)."""
        end_reading()
        run = db.session.get_one(ImportRun, run_id, populate_existing=True)
        if run.state is ImportState.DONE:
            return run.documents, run.documents
        if run.state is ImportState.FAILED:
            raise SystemExit(f"The file could not be imported: {run.problem}")
        return run.position, max(run.documents, run.position + 1)

    def sending_progress(self) -> tuple[int, int]:
        """(documents that are done with, documents that were posted); held ones count as done with."""
        end_reading()
        counts: dict[bool, int] = {True: 0, False: 0}
        rows = db.session.execute(select(Message.state, func.count()).group_by(Message.state))
        for state, number in rows:
            counts[state in _PENDING] += int(number)
        return counts[False], counts[False] + counts[True]

    def payments(self) -> int:
        """Payments that came back."""
        end_reading()
        counted = select(func.count()).select_from(Payment).where(Payment.state == PaymentState.LIVE)
        return int(db.session.scalar(counted) or 0)

    def events_to_take_in(self) -> int:
        """Webhook calls that are not opened, and events that are not taken in."""
        end_reading()
        calls = select(func.count()).select_from(Delivery).where(Delivery.processed_at.is_(None))
        events = select(func.count()).select_from(Event).where(Event.state == EventState.WAITING)
        return int(db.session.scalar(calls) or 0) + int(db.session.scalar(events) or 0)

    def told(self) -> set[tuple[str, str, DriftCause]]:
        """(entity, their id, cause) of every difference that is open."""
        end_reading()
        rows = db.session.scalars(select(Drift).where(Drift.closed_at.is_(None)))
        return {(row.entity, row.remote_id, row.cause) for row in rows}

    def settled(self, remote_ids: set[str]) -> str:
        """What is paid here of the invoices with these ids there, in pounds as text."""
        end_reading()
        linked = select(Link.remote_id, Document.settled_pence).join(Document, Document.id == Link.subject_id)
        rows = db.session.execute(linked.where(Link.entity == "Invoice"))
        return str(to_pounds(sum(pence for remote_id, pence in rows if remote_id in remote_ids)))

    def ask_for_comparison(self) -> int:
        """Let the worker compare both sides; returns the run's id."""
        (connection_id,) = self.connection_ids
        with transaction() as session:
            run = ReconciliationRun(connection_id=connection_id, asked_by=DEMO.name, asked_at=clock.now())
            session.add(run)
            session.flush()
            return run.id

    def comparison_progress(self, run_id: int) -> tuple[int, int]:
        """(1, 1) once it has ended."""
        end_reading()
        run = db.session.get_one(ReconciliationRun, run_id, populate_existing=True)
        if run.state is RunState.FAILED:
            raise SystemExit(f"The comparison failed: {run.problem}")
        return int(run.state is RunState.DONE), 1

    def figures(self, run_id: int, comparison_id: int) -> dict[str, Any]:
        """What the portal itself knows; amounts in pounds as text."""
        end_reading()
        run = db.session.get_one(ImportRun, run_id)
        comparison = db.session.get_one(ReconciliationRun, comparison_id)
        invoiced, credited = _gross(DocumentKind.INVOICE), _gross(DocumentKind.CREDIT_NOTE)
        return {
            "documents_read": run.documents,
            "refused": runs.refusal_counts(run),
            "invoices": _count(DocumentKind.INVOICE),
            "credit_notes": _count(DocumentKind.CREDIT_NOTE),
            "held": _held(),
            "invoiced_gross": str(to_pounds(invoiced)),
            "credited_gross": str(to_pounds(credited)),
            "our_total": str(to_pounds(invoiced - credited)),
            "variances": comparison.variances,
            "payments_received": self.payments(),
            "paid": _with_status(DocumentStatus.PAID),
            "partially_paid": _with_status(DocumentStatus.PARTIALLY_PAID),
            "drift_items": comparison.drifts,
        }


def _organisation() -> int:
    entity_rows = db.session.execute(select(BillingEntity.__table__.c.organisation_id)).all()
    db.session.rollback()
    if entity_rows:
        return int(entity_rows[0][0])
    with transaction():
        organisation_id = found_organisation("Demo").id
    with acting_for(organisation_id), transaction():
        found_entity(EntityFields(name="Demo Ltd"))
    return organisation_id


def _choose(connection_id: int, kind: MappingKind, subject_id: int, remote: tuple[str, str]) -> None:
    mapping = mapping_of(connection_id, kind, subject_id)
    if mapping is None:
        mapping = Mapping(connection_id=connection_id, kind=kind, subject_id=subject_id, chosen_by=DEMO.name)
        db.session.add(mapping)
    mapping.remote_id, mapping.remote_name = remote
    mapping.chosen_at = clock.now()


def _gross(kind: DocumentKind) -> int:
    issued = select(func.coalesce(func.sum(Document.gross_pence), 0)).where(
        Document.kind == kind, Document.opened_at.is_not(None), Document.voided_at.is_(None)
    )
    return int(db.session.scalar(issued) or 0)


def _count(kind: DocumentKind) -> int:
    counted = select(func.count()).select_from(Document).where(Document.kind == kind, Document.opened_at.is_not(None))
    return int(db.session.scalar(counted) or 0)


def _with_status(status: DocumentStatus) -> int:
    counted = (
        select(func.count())
        .select_from(Document)
        .where(Document.kind == DocumentKind.INVOICE, Document.status == status)
    )
    return int(db.session.scalar(counted) or 0)


def _held() -> dict[str, int]:
    """Documents that wait for a person, by reason."""
    rows = db.session.scalars(
        select(Message.reason).where(
            Message.state.in_((MessageState.PARKED, MessageState.SKIPPED)), Message.kind.in_(("invoice", "credit_note"))
        )
    )
    return dict(Counter(reason or "" for reason in rows))
