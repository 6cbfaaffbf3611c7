"""Whether all links still point to what they say: every linked record is read again, 1,000 at once, and looked at.

Only looks; a difference in what a document says is the comparison's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import select

from app.foundation.database import db, end_reading
from app.outbox.models import Subject
from app.quickbooks import answers, marker
from app.quickbooks.answers import Entity
from app.quickbooks.client import QuickBooks
from app.quickbooks.statements import EVEN_INACTIVE
from app.sync.judging.kinds import DOCUMENTS
from app.sync.judging.subjects import names_of
from app.sync.listening.taking import LISTS
from app.sync.records.links import Link, LinkState


class WrongLink(NamedTuple):
    """A link that does not point to what it says: our record in words, theirs, and what is wrong in a sentence."""

    label: str
    entity: str
    remote_id: str
    sentence: str


def check(quickbooks: QuickBooks, connection_id: int) -> list[WrongLink]:
    """Every wrong link of a company, by entity. Raises the QuickBooksError that ended the reading."""
    rows = db.session.scalars(select(Link).where(Link.connection_id == connection_id).order_by(Link.id))
    links: dict[str, dict[str, Link]] = {}
    for link in rows:
        links.setdefault(link.entity, {})[link.remote_id] = link
    end_reading()
    wrong = [found for entity in sorted(links) for found in _wrong(quickbooks, connection_id, links[entity])]
    names = names_of([link.subject for link, _fault in wrong])
    end_reading()
    return [
        WrongLink(f"{names[link.subject].word} {names[link.subject].label}", link.entity, link.remote_id, fault)
        for link, fault in wrong
    ]


def _wrong(quickbooks: QuickBooks, connection_id: int, links: Mapping[str, Link]) -> Iterator[tuple[Link, str]]:
    """The wrong ones among the links to one entity, {their id: link}."""
    entity = next(iter(links.values())).entity
    missing = dict(links)
    for page in quickbooks.pages(connection_id, entity, (EVEN_INACTIVE,) if entity in LISTS else ()):
        for record in page:
            link = missing.pop(str(record["Id"]), None)
            if link is not None:
                yield from ((link, fault) for fault in _faults(link, record))
    for link in missing.values():
        if link.state is not LinkState.REMOVED:
            yield link, "is not in QuickBooks any more"


def _faults(link: Link, record: Entity) -> Iterator[str]:
    if link.entity in LISTS and not answers.named(record).active and link.state is LinkState.LIVE:
        yield "was made inactive there"
    if link.kind in DOCUMENTS:
        yield from _faults_of_document(link, answers.document(record))


def _faults_of_document(link: Link, seen: answers.DocumentSeen) -> Iterator[str]:
    if link.state is LinkState.REMOVED:
        yield "is there again, though it was told to be deleted"
    told = marker.find(seen.private_note)
    if told is not None and Subject(told.kind, told.record_id) != link.subject:
        yield f"carries the mark of {told.kind.replace('_', ' ')} {told.record_id}"
    if link.remote_number and seen.doc_number != link.remote_number:
        yield f"has the number {seen.doc_number or '(none)'}, not {link.remote_number}"
