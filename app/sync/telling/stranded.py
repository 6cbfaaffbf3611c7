"""Messages that nothing would ever wake: set free now and then, whatever has stranded them.

What waits for a subject about which nothing is under way is decided anew. What flies in no envelope may have been told,
so it is looked for before it is. Neither can come about as things are; rows that an older version has left so are not
to lie for ever.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import exists, select, update

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.logs import logger
from app.foundation.tenancy import acting_for, everywhere
from app.outbox import lanes, settling
from app.outbox.models import Lane, Message, Mode, Subject
from app.sync.judging.kinds import KINDS
from app.sync.records.envelopes import Envelope, EnvelopeState, Member
from app.sync.records.policies import Policy
from app.sync.records.tied import connection_of

_AGAIN = "It was under way without an envelope; it is looked for in QuickBooks, and sent if it is not there."

Place = tuple[int, Lane]
"""An organisation's id and one of its lanes."""


def free() -> int:
    """Set free what is stranded in any lane; returns how many messages that were."""
    with everywhere():
        waiting, flying = _awaited(), _without_envelope()
    end_reading()
    freed = sum(_release(place, subjects) for place, subjects in waiting.items())
    freed += sum(_give_back(place, ids) for place, ids in flying.items())
    if freed:
        logger().warning("stranded messages were set free", messages=freed)
    return freed


def _awaited() -> dict[Place, set[Subject]]:
    """What is waited for in each lane."""
    columns = (Message.organisation_id, Message.billing_entity_id, Message.mode, Message.blocker)
    rows = select(*columns).where(lanes.IS_WAITING, Message.due_at == lanes.FAR_AWAY, Message.blocker.is_not(None))
    found: dict[Place, set[Subject]] = defaultdict(set)
    for organisation_id, entity_id, mode, blocker in db.session.execute(rows.distinct()):
        kind, _colon, number = str(blocker).partition(":")
        if kind in KINDS and number.isdigit():
            found[organisation_id, Lane(entity_id, Mode(mode))].add(Subject(kind, int(number)))
    return found


def _release(place: Place, awaited: set[Subject]) -> int:
    organisation_id, lane = place
    with acting_for(organisation_id), transaction():
        idle = awaited - lanes.pending_among(awaited, lane)
        return lanes.release(lane, *map(lanes.blocker_of, idle)) if idle else 0


_CARRIED = exists().where(
    Member.message_id == Message.id, Envelope.id == Member.envelope_id, Envelope.state == EnvelopeState.STORED
)


def _without_envelope() -> dict[Place, list[int]]:
    """The messages of each lane that fly, and are in no envelope that wants its answer."""
    found: dict[Place, list[int]] = defaultdict(list)
    for message in db.session.scalars(select(Message).where(lanes.FLIES, ~_CARRIED)):
        found[message.organisation_id, message.lane].append(message.id)
    return found


def _give_back(place: Place, message_ids: list[int]) -> int:
    organisation_id, lane = place
    now = clock.now()
    with acting_for(organisation_id), transaction() as session:
        connection = connection_of(lane)
        # Another worker may have freed them as well, and what it freed may be on its way in an envelope by now.
        still = select(Message.id).where(Message.id.in_(message_ids), lanes.FLIES, ~_CARRIED).with_for_update()
        stranded = list(session.scalars(still))
        if stranded and connection is not None:
            unsure = update(Policy).where(Policy.connection_id == connection.id)
            session.execute(unsure.values(unsure_since=now))
        return sum(settling.give_back(one, now, _AGAIN, charge=False) for one in stranded)
