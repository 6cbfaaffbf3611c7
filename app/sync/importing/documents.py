"""Invoices and credit notes that are in QuickBooks alone: they become issued documents here, linked and never sent.

What is there is taken from the pictures that the last comparison kept, so looking at the preview reads nothing. Their
payments come by the comparison that follows: it reads all payments and takes them in as any other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sqlalchemy import exists, select

from app.billing import following
from app.billing.client import Client
from app.billing.content import charged_percents
from app.billing.kinds import DocumentKind
from app.billing.timeline import Actor
from app.billing.wording import amount, day
from app.foundation.database import db
from app.foundation.errors import ConflictError, PortalError
from app.outbox.models import Subject
from app.quickbooks.answers import DocumentSeen
from app.sync.answered import landing
from app.sync.answered.ground import ground
from app.sync.comparing import pictures, their_lines
from app.sync.comparing.pictures import Key, Picture
from app.sync.importing import perhaps_ours
from app.sync.importing.offers import Offer, Place, Standing, Tally, order
from app.sync.importing.verdicts import Known, Payer, Verdict
from app.sync.judging.kinds import KIND_OF_ENTITY
from app.sync.records import numbers
from app.sync.records.links import Link, LinkMade, links_to

_AT_ONCE = 500

Theirs = Mapping[Key, DocumentSeen]


def theirs(connection_id: int, since: date) -> dict[Key, DocumentSeen]:
    """What is there from that day on, not void and linked to nothing here, as it was last read; in a fixed order."""
    linked = exists().where(
        Link.connection_id == connection_id, Link.entity == Picture.entity, Link.remote_id == Picture.remote_id
    )
    seen = pictures.documents(connection_id, ~linked)
    wanted = {key: one for key, one in seen.items() if not one.voided and (one.txn_date or since) >= since}
    return dict(sorted(wanted.items(), key=lambda pair: key_of(pair[0])))


def key_of(key: Key) -> str:
    """How a document is named in an offer, and the order in which they are taken."""
    return f"{key[0]}:{order(key[1])}"


def look(place: Place, since: date) -> list[Offer]:
    """What each of them would become. Only reads, and QuickBooks not at all."""
    return [_offer(place, verdict) for verdict in _verdicts(place, theirs(place.connection.id, since))]


def take(place: Place, found: Theirs, actor: Actor) -> Tally:
    """Write these here and link them, in the caller's transaction; those that are linked by now change nothing.

    One that can't be written stops no other.
    """
    db.session.refresh(place.connection, with_for_update=True)
    done = Tally()
    for verdict in _verdicts(place, _still_unlinked(place.connection.id, found)):
        why = verdict.reason or _written(place, verdict, actor)
        if why:
            done.refused.append((verdict.seen.doc_number, why))
        else:
            done.note(Standing.NEW)
    return done


def _verdicts(place: Place, found: Theirs) -> list[Verdict]:
    known = _known(place, found)
    return [known.judge(key, DocumentKind(KIND_OF_ENTITY[key[0]]), seen) for key, seen in found.items()]


def _known(place: Place, found: Theirs) -> Known:
    return Known(
        regime=place.entity.tax_regime,
        home_currency=place.entity.home_currency,
        payers=_payers(place, {seen.customer_id for seen in found.values()}),
        words=their_lines.words_of(place.connection.id),
        percents=charged_percents(place.entity),
        perhaps_ours=perhaps_ours.reasons(place.connection, found),
        taken={kind: _taken(place, kind, found) for kind in DocumentKind},
    )


def _payers(place: Place, customer_ids: Collection[str]) -> dict[str, Payer]:
    found: dict[str, Payer] = {}
    for some in _portions(customer_ids):
        ties = links_to(place.connection.id, "Customer", some)
        named = select(Client).where(Client.id.in_([link.subject_id for link in ties.values()]))
        clients = {row.id: row for row in db.session.scalars(named)}
        for remote_id, link in ties.items():
            if client := clients.get(link.subject_id):
                found[remote_id] = Payer(client.id, client.currency or place.entity.home_currency)
    return found


def _taken(place: Place, kind: DocumentKind, found: Theirs) -> set[str]:
    named = {seen.doc_number for key, seen in found.items() if KIND_OF_ENTITY[key[0]] == kind.value}
    taken = (numbers.ours_among(place.connection.id, kind.value, some) for some in _portions(named))
    return {number for some in taken for number in some}


def _portions(values: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _still_unlinked(connection_id: int, found: Theirs) -> dict[Key, DocumentSeen]:
    linked: set[Key] = set()
    for entity in {key[0] for key in found}:
        ids = [remote_id for named, remote_id in found if named == entity]
        linked |= {
            (entity, remote_id) for some in _portions(ids) for remote_id in links_to(connection_id, entity, some)
        }
    return {key: seen for key, seen in found.items() if key not in linked}


def _offer(place: Place, verdict: Verdict) -> Offer:
    seen, note = verdict.seen, verdict.reason
    said = amount(seen.total_pence, seen.currency or place.entity.home_currency)
    when = f"{day(seen.txn_date, place.entity.country)} · " if seen.txn_date else ""
    if verdict.content is not None and verdict.number != seen.doc_number:
        note = f"{seen.doc_number} is taken here, so it becomes {verdict.number}."
    return Offer(
        key=key_of(verdict.key),
        name=f"{verdict.kind.word} {seen.doc_number or seen.id}",
        beside=f"{seen.customer_name or seen.customer_id} · {when}{said}",
        standing=Standing.LEFT_OUT if verdict.content is None else Standing.NEW,
        note=note,
    )


def _written(place: Place, verdict: Verdict, actor: Actor) -> str:
    """Write and link one; returns why not."""
    try:
        with db.session.begin_nested():
            _write(place, verdict, actor)
    except PortalError as problem:
        return problem.message
    return ""


def _write(place: Place, verdict: Verdict, actor: Actor) -> None:
    if verdict.content is None:
        raise ConflictError(verdict.reason)
    document = following.take_up(place.entity, verdict.kind, verdict.content, verdict.number, actor=actor)
    if verdict.number != verdict.seen.doc_number:
        _remember_their_number(place.connection.id, document.subject, verdict.seen.doc_number)
    with ground(place.connection.id, [document.subject]) as known:
        landing.adopt_seen(known, document.subject, verdict.seen, document.revision)
        tie = known.book.of(document.subject)
        if tie is None or tie.difference_pence:
            raise ConflictError("Its lines there come to another total when they are written here.")
        tie.made = LinkMade.MATCHED


def _remember_their_number(connection_id: int, subject: Subject, number: str) -> None:
    """What it is called there, unless another document of ours goes by the same already."""
    if number not in numbers.given(connection_id, subject.kind).values():
        numbers.give(connection_id, subject, number)
