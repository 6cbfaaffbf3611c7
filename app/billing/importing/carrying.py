"""Carrying an import out: chunk by chunk in short transactions, so that a killed worker's run goes on from there.

A chunk decides anew inside its own transaction, over what is here by then, and moves the run's position with it. Two
workers on one run can't do a chunk twice: the run's row is locked, and the second goes on where the first came to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.billing import invoicing
from app.billing.content import DocumentContent, write_content
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.importing.parties import Parties, first_descriptions
from app.billing.importing.planning import Planned, Verdict, content_from, decide
from app.billing.importing.records import FileDocument, Understood, ranges
from app.billing.importing.run import ImportRefusal, ImportRun, RunState
from app.billing.importing.runs import documents_of
from app.billing.importing.snapshot import settings_of, snapshot
from app.billing.kinds import DocumentStatus
from app.billing.timeline import Actor, note
from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.errors import BadInputError
from app.outbox.models import Priority

CHUNK = 50
"""Documents in one transaction: about a tenth of a second, so that nobody else waits long for the write lock."""


def carry_out(run_id: int, *, progress: Callable[[int, int], None] | None = None) -> ImportRun:
    """Carry out what is left of a run; opens transactions of its own. Returns the run as it ended.

    `progress` hears (documents dealt with, documents in all) after each chunk. A file that can't be read ends the
    run as failed, with the reason in `problem`.
    """
    run = db.session.get_one(ImportRun, run_id)
    try:
        found = documents_of(run)
    except BadInputError as problem:
        _end(run_id, RunState.FAILED, problem.message)
        return db.session.get_one(ImportRun, run_id)
    end_reading()
    descriptions = first_descriptions(found)
    while _next_chunk(run_id, found, descriptions):
        run = db.session.get_one(ImportRun, run_id)
        if progress:
            progress(run.position, run.documents)
        end_reading()
    return db.session.get_one(ImportRun, run_id)


def _next_chunk(run_id: int, found: list[Understood], descriptions: dict[str, str]) -> bool:
    with transaction():
        run = db.session.get_one(ImportRun, run_id, with_for_update=True)
        if run.state is not RunState.RUNNING:
            return False
        chunk = found[run.position : run.position + CHUNK]
        _Chunk(run).carry(chunk, descriptions)
        run.documents = len(found)
        run.position += len(chunk)
        if run.position >= len(found):
            run.state, run.finished_at = RunState.DONE, clock.now()
        return True


class _Chunk:
    """The state of one chunk: who writes, for which entity, by which settings."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.entity = db.session.get_one(BillingEntity, run.billing_entity_id)
        self.settings = settings_of(self.entity)
        self.actor = Actor(run.started_by_id, f"{run.started_by} (import {run.id})".strip())
        self.parties = Parties(run.profile)

    def carry(self, chunk: list[Understood], descriptions: dict[str, str]) -> None:
        """Decide on each document anew and do it."""
        here = snapshot(self.entity, self.run.profile, [one.number for one in chunk], self.settings)
        plan = [decide(understood, here) for understood in chunk]
        self._refuse(planned for planned in plan if planned.verdict is Verdict.REFUSED)
        self.run.unchanged += sum(planned.verdict is Verdict.UNCHANGED for planned in plan)
        written = [planned for planned in plan if planned.verdict in {Verdict.NEW, Verdict.CHANGED}]
        self.parties.find_or_make([planned.document for planned in written if planned.document], descriptions)
        self._make([planned.document for planned in plan if planned.verdict is Verdict.NEW and planned.document])
        for planned in plan:
            if planned.verdict is Verdict.CHANGED and planned.document and planned.existing:
                self._change(planned.existing.id, planned.document)

    def _refuse(self, refused: Iterable[Planned]) -> None:
        for planned in refused:
            self.run.refused += 1
            db.session.add_all(
                ImportRefusal(
                    run_id=self.run.id,
                    number=planned.number[:200],
                    lines=ranges(refusal.lines)[:200],
                    code=refusal.code,
                    reason=refusal.reason,
                )
                for refusal in planned.refusals
            )

    def _make(self, documents: list[FileDocument]) -> None:
        made = [self._document(document) for document in documents]
        db.session.add_all(made)
        db.session.flush()
        for document in made:
            if document.status is DocumentStatus.DRAFT:
                note(document.subject, "drafted", "The draft was imported.", actor=self.actor)
            else:
                invoicing.announce_opened(document, actor=self.actor, priority=Priority.RUN)
        self.run.made += len(made)

    def _document(self, said: FileDocument) -> Document:
        document = Document(entity=self.entity, kind=said.kind, number=said.number, status=DocumentStatus.DRAFT)
        document.import_profile, document.import_key = self.run.profile, said.number
        document.import_digest = said.digest()
        document.settled_pence = 0
        write_content(document, self._content(said), self.settings.percents)
        if self.run.open_documents:
            invoicing.mark_opened(document, self.actor)
        return document

    def _change(self, document_id: int, said: FileDocument) -> None:
        document = db.session.get_one(Document, document_id)
        invoicing.change(document, self._content(said), actor=self.actor, priority=Priority.RUN)
        document.import_digest = said.digest()
        self.run.changed += 1

    def _content(self, said: FileDocument) -> DocumentContent:
        client_id = self.parties.clients[said.client.key]
        return content_from(said, self.settings, self.parties.services, client_id)


def _end(run_id: int, state: RunState, problem: str) -> None:
    with transaction():
        run = db.session.get_one(ImportRun, run_id)
        run.state, run.problem, run.finished_at = state, problem, clock.now()
