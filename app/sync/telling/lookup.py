"""Looking before repeating: what became of writes whose answer nobody knows and that can't simply be sent again.

Their envelope is so old that Intuit may have forgotten the request id, or a batch was answered but for some members,
or a repetition was refused, which says nothing of the first sending. What is there is taken over; what is not goes back
to waiting and gets a new envelope. They are sought by what was sent: here or there it may be called otherwise by now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.foundation import clock
from app.foundation.database import end_reading
from app.quickbooks import answers, errors, statements
from app.quickbooks.calls import Call
from app.quickbooks.lists import folded
from app.quickbooks.marker import Marker
from app.quickbooks.reading import text
from app.sync.answered import enquiries
from app.sync.answered.ending import end_envelope
from app.sync.answered.passengers import Flight, Passenger
from app.sync.company import former_links
from app.sync.engine import Turn
from app.sync.judging.decisions import Write
from app.sync.judging.kinds import DOCUMENTS, KINDS, LISTED
from app.sync.judging.outcomes import Adopted, Again, End, Gone, Landed, MemberOutcome, Parked
from app.sync.judging.verdicts import MAX_TRIES
from app.sync.records.attempts import Outcome
from app.sync.records.envelopes import EnvelopeState
from app.sync.telling import clashes, packing
from app.sync.telling.echoes import says_all
from app.sync.telling.marked import Marked, marker_of, newer_here, ours_since

_NOT_THERE = "It was looked for in QuickBooks, which does not have it; it is sent anew."
_TOO_OFTEN = f"It was sent {MAX_TRIES} times, and QuickBooks neither has it nor says why."
GONE = Gone("It was removed in QuickBooks. It is never made again by itself.")
_LOST_ONE = (
    "QuickBooks has another one with our mark for it, which was made before it was opened here: perhaps one of before"
    " the database was restored. Look whether the two are the same."
)
_CLOCKS_APART = timedelta(days=1)
"""More than our clock and QuickBooks' can differ."""


@dataclass(frozen=True)
class Sought:
    """What is sought: records of one kind, as they were sent ({bId: record}), none of them older than that."""

    kind: str
    told: Mapping[str, Mapping[str, Any]]
    oldest: datetime
    was_sent: bool = True
    """Whether this envelope has left before: then to look for it in vain costs a try."""
    newer: Collection[int] = ()
    """Those of ours that say something newer than what may have been told before: that is told once more."""


def look_up(turn: Turn, envelope: Flight) -> None:
    """Settle every member of an old envelope by what QuickBooks shows.

    Raises the QuickBooksError that ended the looking; the envelope then stays as it is.
    """
    lost = errors.UnknownOutcome()
    there = look(turn, envelope, envelope.on_board, was_sent=envelope.sends > 0)
    ends = [(person, End(there[person.bid], lost)) for person in envelope.on_board]
    end_envelope(turn, envelope, ends, state=EnvelopeState.LOOKED_UP)


def taken_before(turn: Turn, envelope: Flight) -> dict[str, MemberOutcome]:
    """{bId: what QuickBooks has made of it} of an envelope that left before and was refused now.

    A gateway may refuse what a server behind it has saved already, as it does when the company is being moved: with a
    new request id it would be made twice.
    """
    if not envelope.sends:
        return {}
    there = look(turn, envelope, envelope.on_board)
    return {bid: outcome for bid, outcome in there.items() if not isinstance(outcome, Again | Parked)}


def look(
    turn: Turn, envelope: Flight, members: Sequence[Passenger], *, was_sent: bool = True
) -> dict[str, MemberOutcome]:
    """{bId: what became of it}, by two reads at most for each kind and step among them, outside any transaction."""
    end_reading()
    told = packing.told_by(Call.from_json(envelope.call))
    now = clock.now()
    oldest = min(envelope.first_sent_at or now, now) - _CLOCKS_APART  # our own may have been ahead, and put back since
    there: dict[str, MemberOutcome] = {}
    for kind in KINDS:
        some = [person for person in members if person.subject.kind == kind]
        there |= _look_at(turn, some, Sought(kind, told, oldest, was_sent))
    end_reading()
    return there


def _look_at(turn: Turn, some: Sequence[Passenger], seek: Sought) -> dict[str, MemberOutcome]:
    """Those of one kind: what was to be made by name or marker, what was to be changed or taken away by its id."""
    made = [person for person in some if "Id" not in seek.told[person.bid]]
    changed = [person for person in some if "Id" in seek.told[person.bid]]
    there = (_by_name if seek.kind in LISTED else _by_marker)(turn, made, seek) if made else {}
    return there | (_by_id(turn, changed, seek) if changed else {})


def _by_marker(turn: Turn, made: Sequence[Passenger], seek: Sought) -> dict[str, MemberOutcome]:
    """A document or a payment is ours when it carries the marker that was sent; by its number, or among what is new.

    Or, whatever it says, when it was linked before a disconnect.
    """
    wanted = {marker_of(seek.told[person.bid]): person for person in made}
    numbers = sorted({text(seek.told[person.bid], "DocNumber") for person in made} - {""})
    ids = [person.subject.id for person in made]
    since, seek = ours_since(seek.kind, ids), replace(seek, newer=newer_here(turn.connection_id, seek.kind, ids))
    marked = Marked({name: (seek.told[person.bid], since.get(person.subject.id)) for name, person in wanted.items()})
    if numbers:
        marked.take(_rows(turn, seek.kind, statements.in_("DocNumber", numbers)))
    if len(marked.found) < len(wanted):
        newer = statements.where("MetaData.LastUpdatedTime", ">=", seek.oldest)
        marked.take(_rows(turn, seek.kind, newer))
    _take_former(turn, {name: one for name, one in wanted.items() if name not in marked.found}, seek, marked)
    return {person.bid: _made(person, marked, name, seek) for name, person in wanted.items()}


def _take_former(turn: Turn, missing: Mapping[Marker | None, Passenger], seek: Sought, marked: Marked) -> None:
    """What was linked before a disconnect: with our mark or without, its id is its own; what has none was removed."""
    ids = former_links.former_of(turn.connection_id, [person.subject for person in missing.values()])
    end_reading()
    if not ids:
        return
    rows = {text(row, "Id"): row for row in _rows(turn, seek.kind, statements.in_("Id", sorted(ids.values())))}
    linked = {name: ids[person.subject] for name, person in missing.items() if person.subject in ids}
    marked.found |= {name: rows[remote_id] for name, remote_id in linked.items() if remote_id in rows}
    marked.gone |= {name for name, remote_id in linked.items() if remote_id not in rows}


def _made(person: Passenger, marked: Marked, name: Marker | None, seek: Sought) -> MemberOutcome:
    if name in marked.found:
        row = marked.found[name]
        is_behind = person.subject.id in seek.newer and not says_all(seek.told[person.bid], row)
        # Never over what somebody has done to it there.
        return Adopted(dict(row), is_current=not is_behind or text(row, "SyncToken") != answers.UNTOUCHED)
    if name in marked.gone:
        return GONE
    if name in marked.lost:
        return Parked(_LOST_ONE, clashes.blocker_of(person.subject) if seek.kind in DOCUMENTS else "")
    return _not_made(person, seek)


def _by_name(turn: Turn, made: Sequence[Passenger], seek: Sought) -> dict[str, MemberOutcome]:
    names = {person.bid: text(seek.told[person.bid], enquiries.NAME_FIELDS[seek.kind]) for person in made}
    known = enquiries.known_by_names(turn, seek.kind, sorted(set(names.values())))
    return {person.bid: known.get(folded(names[person.bid])) or _not_made(person, seek) for person in made}


def _by_id(turn: Turn, changed: Sequence[Passenger], seek: Sought) -> dict[str, MemberOutcome]:
    ids = {person.bid: text(seek.told[person.bid], "Id") for person in changed}
    even = (statements.EVEN_INACTIVE,) if seek.kind in LISTED else ()
    rows = _rows(turn, seek.kind, statements.in_("Id", sorted(set(ids.values()))), *even)
    seen = {text(row, "Id"): row for row in rows}
    return {person.bid: _changed(person, seek.told[person.bid], seen.get(ids[person.bid])) for person in changed}


def _changed(person: Passenger, told: Mapping[str, Any], seen: Mapping[str, Any] | None) -> MemberOutcome:
    if seen is None:
        return Landed({}) if person.step == Write.DELETE else GONE
    if person.step == Write.VOID and answers.is_voided(seen):
        return Landed(dict(seen))
    if person.step == Write.UPDATE and says_all(told, seen) and not answers.is_voided(seen):
        return Landed(dict(seen))  # told again it would undo whatever else was done to it there since
    return _anew(person, dict(seen))


def _rows(turn: Turn, kind: str, *conditions: str) -> Iterator[Mapping[str, Any]]:
    for page in enquiries.pages(turn, KINDS[kind].entity, conditions):
        yield from page


def _not_made(person: Passenger, seek: Sought) -> Again | Parked:
    """What never left goes like any other that is sent for the first time, and not alone as what was in trouble."""
    return _anew(person) if seek.was_sent else Again(clock.now(), _NOT_THERE, charge=False, outcome=Outcome.LATER)


def _anew(person: Passenger, seen: dict[str, Any] | None = None) -> Again | Parked:
    """A write that Intuit never carries out would otherwise go round for ever, and nobody would hear of it."""
    if person.tries + 1 >= MAX_TRIES:
        return Parked(_TOO_OFTEN)
    return Again(clock.now(), _NOT_THERE, charge=True, outcome=Outcome.LATER, seen=seen)
