"""Linking history: documents that were in QuickBooks before we came are tied to ours; nothing is written there.

What is there is taken from the pictures that the last comparison kept, so looking at the proposals reads nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.billing import timeline
from app.billing.document import Document
from app.billing.timeline import Actor
from app.foundation.database import db
from app.foundation.errors import BadInputError
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.models import Connection
from app.sync.answered import landing
from app.sync.answered.ground import ground
from app.sync.company import former_links
from app.sync.comparing import late_payments, pictures
from app.sync.comparing.drifts import ReconciliationRun, RunState
from app.sync.comparing.pictures import Key
from app.sync.comparing.readopting import unlinked
from app.sync.first_day.history_matching import Match, Ours, Sameness, match
from app.sync.judging.decisions import Listed
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.records.links import Link, LinkMade, link_of, links_of, links_to

Chosen = dict[Subject, str]
"""{ours: the id of the record there}."""
SHOWN = 200
"""Proposals of one kind that a page lists; all that agree exactly can be linked at once."""


@dataclass(frozen=True)
class History:
    """The proposals as of when QuickBooks was read last; `read_at` is None where it was never read."""

    read_at: datetime | None
    matches: list[Match]

    def of(self, sameness: Sameness) -> list[Match]:
        """The proposals of one kind."""
        return [one for one in self.matches if one.sameness is sameness]


def proposals(connection: Connection) -> History:
    """All our issued documents that are linked to nothing, with what in QuickBooks may be the same. Only reads."""
    read = read_at(connection.id)
    if read is None:
        return History(None, [])
    return History(read, match(_ours(connection), _free(connection.id)))


def among(connection: Connection, seen: Mapping[Key, DocumentSeen]) -> list[Match]:
    """The proposals out of these records, which were read just now. Only looks."""
    return match(_ours(connection), _unclaimed(connection.id, seen))


def alike(connection: Connection, ours: Mapping[Subject, Document], seen: Mapping[Key, DocumentSeen]) -> list[Match]:
    """What these of ours may be out of these records, whatever is under way about them. Only looks."""
    return match(_as_ours(connection.id, ours), _unclaimed(connection.id, seen))


def exact(connection: Connection) -> Chosen:
    """The choice of all that agree exactly."""
    return {one.ours.subject: one.candidates[0].seen.id for one in proposals(connection).of(Sameness.EXACT)}


def read_choice(picked: Iterable[str]) -> Chosen:
    """The choice that a form has sent as "kind:our id:their id". Raises BadInputError for anything else."""
    chosen: Chosen = {}
    for text in picked:
        kind, our_id, remote_id = (*text.split(":"), "", "")[:3]
        if kind not in DOCUMENTS or not our_id.isdecimal() or not remote_id:
            raise BadInputError("document", "Choose one of the records that are offered.")
        chosen[Subject(kind, int(our_id))] = remote_id
    return chosen


def link(connection: Connection, chosen: Chosen, actor: Actor) -> int:
    """Tie documents of ours to records there, {ours: their id}; returns how many. In the caller's transaction.

    The lane takes them for told: nothing is sent. What differs shows at the comparison that is asked for here, which
    also takes over the payments. Raises BadInputError where one was linked meanwhile, is not among the proposals, or is
    chosen for two of ours.
    """
    db.session.refresh(connection, with_for_update=True)
    ours, seen = unlinked(connection), _free(connection.id)
    for subject, remote_id in chosen.items():
        record = seen.pop((KINDS[subject.kind].entity, remote_id), None)
        if subject not in ours or record is None:
            raise BadInputError(
                "document",
                "One of these was linked, sent or voided meanwhile, or is chosen twice. Look at the list again.",
            )
        _link_client(connection.id, ours[subject].bill_to.id, record)
        _tie(connection.id, subject, record, ours[subject].revision)
        sentence = f"Linked to {KINDS[subject.kind].entity} {remote_id}, which QuickBooks had already."
        timeline.note(subject, "linked", sentence, actor=actor)
    if chosen:
        late_payments.ask(connection.id, actor.name)
    return len(chosen)


def read_at(connection_id: int) -> datetime | None:
    """When the last comparison that came to its end began to read, in UTC."""
    done = (ReconciliationRun.connection_id == connection_id, ReconciliationRun.state == RunState.DONE)
    newest = select(ReconciliationRun.started_at).where(*done).order_by(ReconciliationRun.id.desc()).limit(1)
    return db.session.scalars(newest).first()


def _ours(connection: Connection) -> list[Ours]:
    return _as_ours(connection.id, unlinked(connection))


def _as_ours(connection_id: int, rows: Mapping[Subject, Document]) -> list[Ours]:
    customers = links_of(connection_id, "client", {row.bill_to.id for row in rows.values()})
    former = former_links.former_of(connection_id, rows)
    return [
        Ours(
            subject=subject,
            number=row.number or "",
            client_name=row.bill_to.name,
            customer_id=customers[row.bill_to.id].remote_id if row.bill_to.id in customers else None,
            issue_date=row.issue_date,
            total_pence=row.net_pence if row.awaits_tax else row.gross_pence,
            currency=row.currency,
            country=row.entity.country,
            is_untaxed=row.awaits_tax,
            was_linked_to=former.get(subject),
        )
        for subject, row in sorted(rows.items(), key=lambda pair: (pair[1].issue_date, pair[1].id), reverse=True)
    ]


def _free(connection_id: int) -> dict[Key, DocumentSeen]:
    """Their documents as they were last read that are not void and linked to nothing of ours."""
    return _unclaimed(connection_id, pictures.documents(connection_id))


def _unclaimed(connection_id: int, seen: Mapping[Key, DocumentSeen]) -> dict[Key, DocumentSeen]:
    links = select(Link.entity, Link.remote_id).where(Link.connection_id == connection_id)
    linked = {(entity, remote_id) for entity, remote_id in db.session.execute(links)}
    return {key: one for key, one in seen.items() if key not in linked and not one.voided}


def _link_client(connection_id: int, client_id: int, record: DocumentSeen) -> None:
    """Its client is the customer it is billed to, unless one of the two is linked already."""
    subject = Subject("client", client_id)
    row = catalogue.by_id(connection_id, "Customer", record.customer_id)
    if row is None or not row.active or link_of(connection_id, subject):
        return
    if not links_to(connection_id, "Customer", [row.remote_id]):
        with ground(connection_id, [subject]) as known:
            landing.link_known(known, subject, Listed.of_row(row))


def _tie(connection_id: int, subject: Subject, record: DocumentSeen, revision: int) -> None:
    with ground(connection_id, [subject]) as known:
        landing.adopt_seen(known, subject, record, revision)
        tie = known.book.of(subject)
        if tie is not None:
            tie.made = LinkMade.MATCHED
