"""Writing some documents of a run together, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable

from app.billing import invoicing
from app.billing.content import DocumentContent, write_content
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.importing.parties import Parties
from app.billing.importing.planning import Planned, Verdict, content_from, decide
from app.billing.importing.records import FileDocument, Refusal, Understood, ranges
from app.billing.importing.run import ImportRefusal, ImportRun
from app.billing.importing.snapshot import Existing, settings_of, snapshot
from app.billing.kinds import DocumentStatus
from app.billing.timeline import Actor, note
from app.foundation.database import db
from app.outbox.models import Priority


class Chunk:
    """The state of one chunk: who writes, for which entity, by which settings."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.entity = db.session.get_one(BillingEntity, run.billing_entity_id)
        self.settings = settings_of(self.entity)
        self.actor = Actor(run.started_by_id, f"{run.started_by} (import {run.id})".strip())
        self.parties = Parties(run.profile)

    def carry(self, chunk: list[Understood], descriptions: dict[str, str]) -> None:
        """Decide on each document anew, over what is here by now, and do it; the run's counts go along."""
        here = snapshot(self.entity, self.run.profile, [one.number for one in chunk], self.settings)
        plan = [decide(understood, here) for understood in chunk]
        new, changed = _to_write(plan, Verdict.NEW), _to_write(plan, Verdict.CHANGED)
        self.parties.find_or_make([said for said, _existing in (*new, *changed)], descriptions)
        self._make([said for said, _existing in new])
        self._change(changed)
        for planned in plan:
            if planned.verdict is Verdict.REFUSED:
                refuse(self.run, planned.number, planned.refusals)
        self.run.unchanged += len(_to_write(plan, Verdict.UNCHANGED))

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

    def _change(self, changed: list[tuple[FileDocument, Existing | None]]) -> None:
        for said, existing in changed:
            document = db.session.get_one(Document, existing.id if existing else None)
            invoicing.change(document, self._content(said), actor=self.actor, priority=Priority.RUN)
            document.import_digest = said.digest()
            self.run.changed += 1

    def _content(self, said: FileDocument) -> DocumentContent:
        client_id = self.parties.clients[said.client.key]
        return content_from(said, self.settings, self.parties.services, client_id)


def refuse(run: ImportRun, number: str, refusals: Iterable[Refusal]) -> None:
    """Remember why a document of the file is not taken."""
    run.refused += 1
    db.session.add_all(
        ImportRefusal(
            run_id=run.id,
            number=_storable(number)[:200],
            lines=ranges(refusal.lines)[:200],
            code=refusal.code,
            reason=_storable(refusal.reason),
        )
        for refusal in refusals
    )


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL in a text."""
    return text.replace("\0", "\ufffd")


def _to_write(plan: list[Planned], verdict: Verdict) -> list[tuple[FileDocument, Existing | None]]:
    return [(planned.document, planned.existing) for planned in plan if planned.document and planned.verdict is verdict]
