"""Documents and payments whose making is not answered yet: what is done to them there is taken in behind that answer.

Until then nobody here knows their ids there, so it would be taken for something about nothing of ours; and the answer,
when it is said again, says the record as it was made. Money for a document that is just being made waits for it too.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.foundation.database import db
from app.foundation.tenancy import current_organisation
from app.outbox.models import Message, Subject
from app.quickbooks import marker
from app.quickbooks.answers import UNTOUCHED, DocumentSeen, PaymentSeen
from app.sync.judging.decisions import Write
from app.sync.judging.kinds import DOCUMENTS, KIND_OF_ENTITY, KINDS
from app.sync.records.envelopes import Envelope, EnvelopeState, Member
from app.sync.records.links import links_to

_CLOCKS_APART = timedelta(minutes=1)
"""What was told later than so long after a record was written there has no part in it: else a payment of somebody
else's would wait for as long as a month-end run lasts."""


def being_made(connection_id: int, entity: str, *, before: datetime | None = None) -> set[Subject]:
    """What of ours QuickBooks was told to make as a record of this entity, and has not answered about.

    `before` (QuickBooks' clock) leaves out what has left since.
    """
    told = (
        select(Message.kind, Message.subject_id)
        .join(Member, Member.message_id == Message.id)
        .join(Envelope, Envelope.id == Member.envelope_id)
        .where(Envelope.connection_id == connection_id, Envelope.state == EnvelopeState.STORED)
        .where(Member.step == Write.CREATE.value, Message.kind == KIND_OF_ENTITY[entity])
    )
    if before is not None:
        told = told.where(Envelope.first_sent_at <= before + _CLOCKS_APART)
    return {Subject(kind, our_id) for kind, our_id in db.session.execute(told)}


def may_be_paid_by(connection_id: int, seen: PaymentSeen) -> bool:
    """Whether a payment is divided over a record to which nothing is linked, and which may be one that is being made.

    Nothing but its id is said of it, so nobody can tell whose it is.
    """
    if seen.deleted or seen.voided:
        return False
    for entity in (KINDS[kind].entity for kind in DOCUMENTS):
        ids = {part.txn_id for part in seen.allocations if part.txn_type == entity}
        is_making = bool(ids and being_made(connection_id, entity, before=seen.updated_at))
        if is_making and ids - links_to(connection_id, entity, ids).keys():
            return True
    return False


def concerns(made: set[Subject], seen: DocumentSeen | PaymentSeen | None) -> bool:
    """Whether a record to which nothing is linked may be one of those just made, and is not as it was made.

    Of one that is gone nobody can tell whose it was.
    """
    if not made:
        return False
    if seen is None or seen.deleted:
        return True
    named = marker.find(seen.private_note)
    if named is None or named.organisation_id != current_organisation():
        return False
    return Subject(named.kind, named.record_id) in made and seen.sync_token != UNTOUCHED
