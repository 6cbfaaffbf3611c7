"""What is known here of some subjects before an answer about them is taken in, and how what it changes is written.

By a fixed number of questions, however many subjects there are: a batch has thirty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, select

from app.billing import timeline
from app.billing.document import Document
from app.foundation.database import bare, db, table_of
from app.foundation.tenancy import ours
from app.outbox.models import Subject
from app.quickbooks import answers, catalogue
from app.sync.answered.link_book import LinkBook
from app.sync.judging.decisions import Listed
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.records.mappings import Mapping as Choice
from app.sync.records.mappings import MappingKind, mappings_of

ENGINE = timeline.Actor(None, "Sync")
_DOCUMENT = table_of(Document)
_COMPARED = (
    *("id", "number", "revision", "memo", "currency", "awaits_tax"),
    *("gross_pence", "tax_pence", "rounding_adjustment_pence"),
)
_DOCUMENTS = select(*(_DOCUMENT.c[name] for name in _COMPARED)).where(
    _DOCUMENT.c.id.in_(bindparam("ids", expanding=True)), ours(_DOCUMENT)
)


@dataclass(frozen=True)
class Ground:
    """What is known here of some subjects before an answer about them is taken in."""

    book: LinkBook
    documents: Mapping[int, Any]
    """What landing compares with, as values: a document itself is read only where an amount differs."""
    items: dict[int, Choice]
    """The mappings of the services among them, by service."""
    listed: Mapping[tuple[str, str], Listed]
    """The customers and items that were answered with, by entity and id."""
    news: list[dict[str, Any]] = field(default_factory=list)

    def is_tied(self, subject: Subject) -> bool:
        """Whether it is linked or mapped: by a person, where that happened while QuickBooks was told or asked of it."""
        return subject.id in self.items if subject.kind == "service" else self.book.of(subject) is not None

    def tell(self, subject: Subject, verb: str, sentence: str, **details: str) -> str:
        """A line for the subject's timeline; returns its sentence."""
        self.news.append(timeline.entry(subject, verb, sentence, actor=ENGINE, details=details or None))
        return sentence


@contextmanager
def ground(
    connection_id: int,
    subjects: Collection[Subject],
    *,
    remotes: Iterable[tuple[str, str]] = (),
    answered: Mapping[str, Sequence[answers.Entity]] = MappingProxyType({}),
) -> Iterator[Ground]:
    """Read it by a fixed number of queries; what is taken in meanwhile is written at the end by as few.

    `remotes` are the (entity, id) whose links matter too. The records that were `answered` with, by entity, go into
    the lists. In the transaction that settles the messages.
    """
    ids = {kind: [subject.id for subject in subjects if subject.kind == kind] for kind in KINDS}
    services = ids["service"]
    known = Ground(
        book=LinkBook(connection_id, subjects, remotes),
        documents=_documents([one for kind in DOCUMENTS for one in ids[kind]]),
        items=mappings_of(connection_id, MappingKind.SERVICE, services) if services else {},
        listed={(row.entity, row.remote_id): row for row in _noted(connection_id, answered)},
    )
    yield known
    known.book.write()
    timeline.write_all(known.news)


def _documents(ids: Sequence[int]) -> dict[int, Any]:
    if not ids:
        return {}
    db.session.flush()  # what the caller has changed and not yet written is to be seen
    return {row.id: row for row in bare(_DOCUMENTS, {"ids": ids})}


def _noted(connection_id: int, answered: Mapping[str, Sequence[answers.Entity]]) -> Iterator[Listed]:
    for entity, records in answered.items():
        yield from map(Listed.of_row, catalogue.note_all(db.session(), connection_id, entity, records))
