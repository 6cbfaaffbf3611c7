"""Numbers without gaps or twins: drawn in the transaction that opens the document, from a row that stays locked."""

from __future__ import annotations

from sqlalchemy import ColumnElement, UniqueConstraint, exists, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.kinds import DocumentKind
from app.foundation.columns import enum_of
from app.foundation.database import Base, db
from app.foundation.errors import BadInputError
from app.foundation.tenancy import OrganisationRow


class NumberSequence(OrganisationRow, Base):
    """The next number of one kind of document of one billing entity."""

    __tablename__ = "number_sequence"
    __table_args__ = (UniqueConstraint("billing_entity_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    billing_entity_id: Mapped[int]
    kind: Mapped[DocumentKind] = mapped_column(enum_of(DocumentKind))
    next_number: Mapped[int] = mapped_column(default=1)


def begin_sequences(entity: BillingEntity) -> None:
    """Lay out the sequences of a new billing entity; without them it can't open a document."""
    db.session.add_all(NumberSequence(billing_entity_id=entity.id, kind=kind) for kind in DocumentKind)


def draw_number(entity: BillingEntity, kind: DocumentKind) -> str:
    """The next free number, in the caller's transaction: if that fails, the number goes back.

    Numbers that an import brought along are stepped over.
    """
    number = called(entity, kind, _step(entity, kind))
    while _is_taken(entity, kind, number):
        number = called(entity, kind, _step(entity, kind))
    return number


def called(entity: BillingEntity, kind: DocumentKind, number: int) -> str:
    """What the document with this count is called."""
    return f"{entity.prefix(kind)}{number:0{entity.number_digits}d}"


def next_number(entity: BillingEntity, kind: DocumentKind) -> int:
    """The count the next document of this kind would get."""
    return db.session.scalars(select(NumberSequence.next_number).where(*_row(entity, kind))).one()


def go_on_from(entity: BillingEntity, kind: DocumentKind, number: int) -> None:
    """Let the next document have at least this number. Raises BadInputError if that would step back."""
    if number < next_number(entity, kind):
        raise BadInputError("next_number", "Numbers only go up; a smaller one was already given to a document.")
    db.session.execute(update(NumberSequence).where(*_row(entity, kind)).values(next_number=number))


def _step(entity: BillingEntity, kind: DocumentKind) -> int:
    # One statement that counts and reads: the row stays locked until the commit, so nobody draws the same number.
    drawn = (
        update(NumberSequence)
        .where(*_row(entity, kind))
        .values(next_number=NumberSequence.next_number + 1)
        .returning(NumberSequence.next_number)
    )
    return db.session.execute(drawn).scalar_one() - 1


def _is_taken(entity: BillingEntity, kind: DocumentKind, number: str) -> bool:
    same = (Document.billing_entity_id == entity.id, Document.kind == kind, Document.number == number)
    return bool(db.session.scalar(select(exists().where(*same))))


def _row(entity: BillingEntity, kind: DocumentKind) -> tuple[ColumnElement[bool], ...]:
    return NumberSequence.billing_entity_id == entity.id, NumberSequence.kind == kind
