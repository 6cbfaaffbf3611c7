"""Documents and payments whose making is not answered yet: what is done to them there is taken in behind that answer.

Until then nobody here knows their ids there, so it would be taken for something about nothing of ours; and the answer,
when it is said again, says the record as it was made.
"""

from __future__ import annotations

from sqlalchemy import select

from app.foundation.database import db
from app.foundation.tenancy import current_organisation
from app.outbox.models import Message, Subject
from app.quickbooks import marker
from app.quickbooks.answers import UNTOUCHED, DocumentSeen, PaymentSeen
from app.sync.judging.decisions import Write
from app.sync.judging.kinds import KIND_OF_ENTITY
from app.sync.records.envelopes import Envelope, EnvelopeState, Member


def being_made(connection_id: int, entity: str) -> set[Subject]:
    """What of ours QuickBooks was told to make as a record of this entity, and has not answered about."""
    told = (
        select(Message.kind, Message.subject_id)
        .join(Member, Member.message_id == Message.id)
        .join(Envelope, Envelope.id == Member.envelope_id)
        .where(Envelope.connection_id == connection_id, Envelope.state == EnvelopeState.STORED)
        .where(Member.step == Write.CREATE.value, Message.kind == KIND_OF_ENTITY[entity])
    )
    return {Subject(kind, our_id) for kind, our_id in db.session.execute(told)}


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
