"""Invoices and credit notes: one table, for they differ in a word and not in shape."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, literal, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.billing.amounts import Pence
from app.billing.client import Client
from app.billing.entity import BillingEntity
from app.billing.kinds import ISSUED, OWED, DocumentKind, DocumentStatus
from app.billing.line import DocumentLine
from app.billing.terms import PaymentTerm
from app.foundation.columns import ExactDecimal, UTCDateTime, enum_of
from app.foundation.database import Base
from app.foundation.errors import ConflictError
from app.foundation.money import to_pence, to_pounds
from app.foundation.tenancy import HistoryRow
from app.outbox.models import Subject

_AMOUNTS = ("net_pence", "tax_pence", "gross_pence", "rounding_adjustment_pence", "settled_pence")
_KEPT_BACK = text("kept_back = 1")
NUMBERED = text("number IS NOT NULL")
WITH_A_MEMO = text("(memo != '' OR number IS NULL)")
"""The rest of those in which words may stand: what is not numbered yet is read with them."""
ROUNDED = text("rounding_adjustment_pence != 0")
OVERPAID = text("settled_pence > gross_pence + rounding_adjustment_pence")
"""Spoken out in a question as in the index: of a bound value SQLite does not know that it is the same."""
_IS_OWED = text("status IN ('open', 'partially_paid')")


class Document(HistoryRow, Base):
    """An invoice or a credit note; all its amounts are positive pence of its currency."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("billing_entity_id", "kind", "number"),
        UniqueConstraint("billing_entity_id", "import_profile", "import_key"),
        Index("ix_document_listed", "organisation_id", "kind", "status", "issue_date"),
        Index("ix_document_client", "client_id", "status"),
        Index("ix_document_entity", "billing_entity_id", "status"),
        # The list by its days, from either end; sums over some of them read nothing but this index.
        Index(
            "ix_document_by_day",
            *("organisation_id", "kind", "issue_date", "id", "billing_entity_id", "status", "currency"),
            *_AMOUNTS,
        ),
        Index(
            "ix_document_kept_back",
            *("organisation_id", "kind", "issue_date"),
            sqlite_where=_KEPT_BACK,
            postgresql_where=text("kept_back"),
        ),
        # An amount that a person types is looked for among all.
        Index("ix_document_amount", "organisation_id", "gross_pence", "rounding_adjustment_pence", "id"),
        # Words are looked for in all numbers; a memo may be longer than an index holds.
        Index(
            "ix_document_numbered",
            *("organisation_id", "kind", "number", "client_id"),
            sqlite_where=NUMBERED,
            postgresql_where=NUMBERED,
        ),
        Index(
            "ix_document_with_a_memo",
            *("organisation_id", "kind"),
            sqlite_where=WITH_A_MEMO,
            postgresql_where=WITH_A_MEMO,
        ),
        # What is owed is the work of two months among that of years; sums over it, whole or of some clients, read
        # nothing but this index.
        Index(
            "ix_document_owed",
            *("organisation_id", "client_id", "kind", "currency", "due_date", "issue_date"),
            *("gross_pence", "rounding_adjustment_pence", "settled_pence", "status"),
            sqlite_where=_IS_OWED,
            postgresql_where=_IS_OWED,
        ),
        Index("ix_document_overpaid", "organisation_id", "client_id", sqlite_where=OVERPAID, postgresql_where=OVERPAID),
        Index("ix_document_rounded", "organisation_id", "id", sqlite_where=ROUNDED, postgresql_where=ROUNDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind] = mapped_column(enum_of(DocumentKind), active_history=True)
    billing_entity_id: Mapped[int] = mapped_column(ForeignKey("billing_entity.id"), active_history=True)
    number: Mapped[str | None] = mapped_column(String(40))
    """None while a draft, unless it came with a number of its own."""
    client_id: Mapped[int | None] = mapped_column(ForeignKey("client.id"))
    """A draft may not know it yet; an opened document always does."""
    issue_date: Mapped[date] = mapped_column(active_history=True)
    due_date: Mapped[date | None]
    term_id: Mapped[int | None] = mapped_column(ForeignKey("payment_term.id"))
    currency: Mapped[str] = mapped_column(String(3), active_history=True)
    memo: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[DocumentStatus] = mapped_column(
        enum_of(DocumentStatus), default=DocumentStatus.DRAFT, active_history=True
    )

    net_pence: Mapped[Pence] = mapped_column(default=0, active_history=True)
    tax_pence: Mapped[Pence] = mapped_column(default=0, active_history=True)
    gross_pence: Mapped[Pence] = mapped_column(default=0, active_history=True)
    rounding_adjustment_pence: Mapped[Pence] = mapped_column(default=0, active_history=True)
    """What the accounting side's total has more than ours, where rounding alone explains it."""
    awaits_tax: Mapped[bool] = mapped_column(default=False)
    """The accounting side computes its tax, and has not said it yet of what it contains now."""
    reckoned_tax_pence: Mapped[Pence | None]
    """What we expected of such a tax, to be held against what is said; None where nothing was known to go by."""
    settled_pence: Mapped[Pence] = mapped_column(default=0, active_history=True)
    """The sum of live allocations; derived, and kept by receiving alone."""

    exchange_rate: Mapped[Decimal | None] = mapped_column(ExactDecimal)
    """What one unit of a foreign currency is worth at home on the accounting side; None as long as it was not said."""

    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_by: Mapped[str | None] = mapped_column(String(200))
    voided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    void_reason: Mapped[str | None] = mapped_column(Text)
    kept_back: Mapped[bool] = mapped_column(default=False)
    """A person decided that the accounting side is not to hear of it."""
    kept_back_by: Mapped[str | None] = mapped_column(String(200))
    kept_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    version: Mapped[int] = mapped_column(default=1)
    """Counts every change of the row; two people who edit at once are told."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts changes of content only; what was sent before is compared with it."""
    import_profile: Mapped[str | None] = mapped_column(String(40))
    import_key: Mapped[str | None] = mapped_column(String(100))
    import_digest: Mapped[str | None] = mapped_column(String(64))

    entity: Mapped[BillingEntity] = relationship()
    client: Mapped[Client | None] = relationship()
    term: Mapped[PaymentTerm | None] = relationship()
    lines: Mapped[list[DocumentLine]] = relationship(
        order_by=DocumentLine.position, cascade="all, delete-orphan", passive_deletes=True
    )

    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own interface

    @property
    def subject(self) -> Subject:
        """What messages and timeline entries about this document name."""
        return Subject(self.kind.value, self.id)

    @property
    def title(self) -> str:
        """How people call it: "Invoice INV-00012", "Draft credit note"."""
        kind = DocumentKind(self.kind).word
        return f"{kind} {self.number}" if self.number else f"Draft {kind.lower()}"

    @property
    def bill_to(self) -> Client:
        """The client of a document that has one. Raises ConflictError for a draft without."""
        if self.client is None:
            raise ConflictError("This draft has no client yet.")
        return self.client

    @property
    def owed_pence(self) -> int:
        """What is owed in all: our total, and what the accounting side's rounding added to it."""
        return self.gross_pence + self.rounding_adjustment_pence

    @property
    def balance_pence(self) -> int:
        """What is still to come; never below nought."""
        return max(self.owed_pence - self.settled_pence, 0) if self.status in OWED else 0

    @property
    def home_tax_pence(self) -> int | None:
        """Its tax in the currency of its biller, with what the books round in it; None where nobody can say yet."""
        if self.currency == self.entity.home_currency:
            return self.tax_pence + self.rounding_adjustment_pence
        if self.exchange_rate is None:
            return None
        return to_pence(to_pounds(self.tax_pence + self.rounding_adjustment_pence) * self.exchange_rate)

    @property
    def tax_is_to_come(self) -> bool:
        """Whether its total will still change, by a tax that the accounting side computes; of a draft nothing is due.

        What is kept back is told to nobody, so nobody computes anything: its total stays as it is.
        """
        return self.awaits_tax and self.status in ISSUED and not self.kept_back

    @property
    def falls_due(self) -> date | None:
        """Its due day; an invoice without one is due when it is issued."""
        return self.due_date or self.issue_date

    @property
    def is_due_on_receipt(self) -> bool:
        """Whether it is an issued invoice without a due day; that of a draft may yet come from its terms."""
        return self.kind is DocumentKind.INVOICE and self.status in ISSUED and self.due_date is None

    def is_overdue(self, today: date) -> bool:
        """Whether money should have come before this day."""
        due = self.falls_due
        return self.kind is DocumentKind.INVOICE and self.status in OWED and due is not None and due < today


IS_OWED: ColumnElement[bool] = Document.status.in_(
    [literal(status, Document.status.type, literal_execute=True) for status in OWED]
)
"""Being owed, in words that stand in the statement itself: only so is the index of what is owed used for sure."""
