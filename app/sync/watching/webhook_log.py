"""The webhook log: calls as they arrived and what each event did, shown to those they concern and to nobody else.

A call belongs to no organisation, for it may carry events of several. An organisation sees the calls that hold events
of its own connections, with these events alone, and all that arrived at the address of its own Intuit app. A refused
call at the shared address holds nothing of anybody (no body is kept) and may mean that everybody's verifier is wrong:
every organisation's administrators see it. What is signed but speaks of unknown companies is shown to nobody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.accounts.models import Organisation
from app.foundation.database import db
from app.foundation.errors import NotFoundError
from app.foundation.tenancy import current_organisation
from app.quickbooks.models import IntuitApp
from app.sync.listening.deliveries import Delivery, Event, EventState, Rejection
from app.sync.records.slices import Place, Slice, slice_of

REASONS = {
    Rejection.NO_SIGNATURE: "It carried no signature.",
    Rejection.BAD_SIGNATURE: "Its signature does not fit: it was forged or altered, or the verifier token is wrong.",
    Rejection.TOO_LARGE: "It was larger than any webhook of Intuit's, and was not read.",
}


class Show(StrEnum):
    """The tabs of the page."""

    ALL = "all"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Reader:
    """Who looks: whether they may see calls that belong to nobody."""

    sees_refused: bool


@dataclass(frozen=True)
class Arrival:
    """One call with those of its events that concern the reader; `is_repeat` when all of them were known before."""

    delivery: Delivery
    events: list[Event]
    problem: str
    is_repeat: bool

    @property
    def reason(self) -> str:
        """Why it was refused; empty when it was not."""
        return REASONS[self.delivery.rejection] if self.delivery.rejection else ""

    @property
    def word(self) -> str:
        """What became of it, in a word."""
        if self.delivery.rejection:
            return "Refused"
        if self.delivery.processed_at is None or any(event.state is EventState.WAITING for event in self.events):
            return "Being read"
        if any(event.state is EventState.FAILED for event in self.events):
            return "Failed"
        return "Known already" if self.is_repeat else "Accepted"

    @property
    def tone(self) -> str:
        """How the word is coloured, beside its icon."""
        return _TONES[self.word]


_TONES = {"Refused": "bad", "Being read": "busy", "Failed": "warn", "Known already": "calm", "Accepted": "good"}


def arrivals(reader: Reader, show: Show, search: str, place: Place) -> Slice[Arrival]:
    """One slice of the calls this reader may see, the newest first; `search` looks in effects and ids."""
    found = slice_of(_selected(reader, show, search.strip()), Delivery.id, place)
    return Slice(_described(reader, found.rows), found.older, found.newer)


def arrival(reader: Reader, delivery_id: int) -> Arrival:
    """One of them. Raises NotFoundError for one that does not concern the reader."""
    wanted = select(Delivery).where(_visible(reader), Delivery.id == delivery_id)
    row = db.session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFoundError
    return _described(reader, [row])[0]


def last_valid_at() -> datetime | None:
    """When the last signed call with an event of ours arrived, in UTC."""
    last = select(func.max(Event.delivery_id)).where(Event.organisation_id == current_organisation())
    moment: datetime | None = db.session.scalar(
        select(Delivery.arrived_at).where(Delivery.id == last.scalar_subquery())
    )
    return moment


def own_slug(app_id: int) -> str:
    """The last part of the webhook address of the organisation's own app."""
    return db.session.get_one(IntuitApp, app_id).slug


def is_alone() -> bool:
    """Whether the portal serves one organisation only."""
    return db.session.scalar(select(func.count(Organisation.id))) == 1


def _selected(reader: Reader, show: Show, search: str) -> Select[Delivery]:
    wanted = select(Delivery).where(_visible(reader))
    if show is Show.ACCEPTED:
        wanted = wanted.where(Delivery.rejection.is_(None))
    if show is Show.REFUSED:
        wanted = wanted.where(Delivery.rejection.is_not(None))
    if show is Show.FAILED:
        wanted = wanted.where(Delivery.id.in_(_own_events(Event.state == EventState.FAILED)))
    if search:
        told = or_(
            Event.effect.icontains(search, autoescape=True),
            Event.remote_id == search,
            Event.entity.ilike(search.replace(" ", "")),
        )
        digests = Delivery.digest.istartswith(search, autoescape=True)
        wanted = wanted.where(or_(Delivery.id.in_(_own_events(told)), digests))
    return wanted


def _own_events(*more: ColumnElement[bool]) -> Select[int | None]:
    """The calls that hold events of ours. The condition is spoken out, for a call itself belongs to nobody."""
    return select(Event.delivery_id).where(
        Event.organisation_id == current_organisation(), Event.delivery_id.is_not(None), *more
    )


def _visible(reader: Reader) -> ColumnElement[bool]:
    own_apps = select(IntuitApp.id).where(IntuitApp.organisation_id == current_organisation())
    told_before = select(Delivery.digest).where(Delivery.id.in_(_own_events()))
    ours = or_(
        Delivery.id.in_(_own_events()),
        # The same bytes again: its events stand with the first call.
        and_(Delivery.rejection.is_(None), Delivery.digest.in_(told_before)),
        and_(Delivery.rejection.is_(None), Delivery.intuit_app_id.in_(own_apps)),
    )
    if not reader.sees_refused:
        return ours
    shared = Delivery.intuit_app_id.is_(None)
    orphans = shared if is_alone() else and_(shared, Delivery.rejection.is_not(None))
    return or_(ours, Delivery.intuit_app_id.in_(own_apps), orphans)


def _described(reader: Reader, rows: Sequence[Delivery]) -> list[Arrival]:
    events: dict[int, list[Event]] = defaultdict(list)
    wanted = select(Event).where(Event.delivery_id.in_([row.id for row in rows])).order_by(Event.id)
    for event in db.session.scalars(wanted):
        events[event.delivery_id or 0].append(event)
    may_see_problem = reader.sees_refused and is_alone()
    return [_arrival(row, events[row.id], may_see_problem=may_see_problem) for row in rows]


def _arrival(row: Delivery, events: list[Event], *, may_see_problem: bool) -> Arrival:
    """What a call says about companies of others is not told to those who have neighbours."""
    own_app = row.intuit_app_id is not None
    problem = (row.problem or "") if may_see_problem or own_app else ""
    is_repeat = row.rejection is None and not events and not problem and row.processed_at is not None
    return Arrival(row, events, problem, is_repeat=is_repeat)
