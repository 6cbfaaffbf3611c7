"""Documents whose making is not answered yet: what is done to them there is taken in behind that answer.

Until then nobody here knows their ids there, so it would be taken for something about nothing of ours; and the answer,
when it is said again, says the document as it was made.
"""

from __future__ import annotations

from sqlalchemy import select

from app.foundation.database import db
from app.foundation.tenancy import current_organisation
from app.outbox.models import Message
from app.quickbooks import marker
from app.quickbooks.answers import UNTOUCHED, DocumentSeen
from app.sync.judging.decisions import Write
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.records.envelopes import Envelope, EnvelopeState, Member


def being_made(connection_id: int, entity: str) -> set[int]:
    """The ids of our documents of this entity that QuickBooks was told to make, and has not answered about."""
    kinds = [kind for kind in DOCUMENTS if KINDS[kind].entity == entity]
    told = (
        select(Message.subject_id)
        .join(Member, Member.message_id == Message.id)
        .join(Envelope, Envelope.id == Member.envelope_id)
        .where(Envelope.connection_id == connection_id, Envelope.state == EnvelopeState.STORED)
        .where(Member.step == Write.CREATE.value, Message.kind.in_(kinds))
    )
    return set(db.session.scalars(told))


def concerns(made: set[int], seen: DocumentSeen | None) -> bool:
    """Whether a record to which nothing is linked may be one of those just made, and is not as it was made.

    Of one that is gone nobody can tell whose it was.
    """
    if not made:
        return False
    if seen is None or seen.deleted:
        return True
    named = marker.find(seen.private_note)
    if named is None or named.organisation_id != current_organisation() or named.kind not in DOCUMENTS:
        return False
    return named.record_id in made and seen.sync_token != UNTOUCHED
