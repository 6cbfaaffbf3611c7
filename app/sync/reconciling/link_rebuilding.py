"""Links lost by an accident, found again from QuickBooks' side: by number, customer, date and total.

What agrees in all four is tied again; whatever agrees in part is left to a person on the page for linked history.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.billing.timeline import Actor
from app.foundation.database import db, end_reading, transaction
from app.quickbooks import answers
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection
from app.sync.comparing import pictures
from app.sync.comparing.pictures import Key
from app.sync.first_day import linking_history
from app.sync.first_day.history_matching import Match, Sameness
from app.sync.judging.kinds import DOCUMENTS, KINDS


@dataclass(frozen=True)
class Rebuilding:
    """What was read there, and for each of our documents that is linked to nothing what it may be."""

    connection_id: int
    read: dict[Key, DocumentSeen]
    matches: list[Match]

    @property
    def exact(self) -> list[Match]:
        """Those that agree in all."""
        return [one for one in self.matches if one.sameness is Sameness.EXACT]


def look(quickbooks: QuickBooks, connection_id: int) -> Rebuilding:
    """Read all documents of a company and compare; writes nothing. Raises the QuickBooksError that ended it."""
    read: dict[Key, DocumentSeen] = {}
    for entity in (KINDS[kind].entity for kind in DOCUMENTS):
        for page in quickbooks.pages(connection_id, entity):
            read |= {(entity, seen.id): seen for seen in map(answers.document, page)}
    matches = linking_history.among(db.session.get_one(Connection, connection_id), read)
    end_reading()
    return Rebuilding(connection_id, read, matches)


def write(found: Rebuilding, actor: Actor) -> int:
    """Tie what agrees in all; returns how many. Nothing is sent, and nothing changes in QuickBooks.

    Raises BadInputError where one was linked or sent meanwhile; then none is tied.
    """
    chosen = {one.ours.subject: one.candidates[0].seen.id for one in found.exact}
    keys = [(KINDS[subject.kind].entity, remote_id) for subject, remote_id in chosen.items()]
    with transaction() as session:
        pictures.keep(session, found.connection_id, {key: found.read[key] for key in keys}, ())
        return linking_history.link(session.get_one(Connection, found.connection_id), chosen, actor)
