"""The dry run: what would go to QuickBooks, in words and to the letter, and what stands against it.

It asks the same readiness and the same writer of bodies as a push, sends nothing, reads nothing from QuickBooks and
changes nothing here. What it does not know yet (the id of a customer that is created first, the number that a draft
will draw) is named in guillemets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.wording import amount
from app.foundation import clock
from app.foundation.database import db
from app.outbox import lanes
from app.outbox.models import Message, Priority, Subject
from app.quickbooks import wire
from app.quickbooks.models import Connection
from app.sync.first_day.preflight_facts import Obstacle
from app.sync.judging import documents, imagined, survey
from app.sync.judging.decisions import Decision, Due, Match, Tell, Withhold
from app.sync.judging.facts import Books, DocumentFacts, LineFacts
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.judging.readiness import Finding, Step, findings
from app.sync.steering import old_documents
from app.sync.telling.deciding import decide, without_twins

MOST = 50
"""Documents of one dry run; each is shown with its whole body."""


@dataclass(frozen=True)
class Forerunner:
    """What goes before the document, in a sentence; `body` as it would be sent, empty where nothing is sent for it."""

    sentence: str
    body: str = ""
    finding: Finding | None = None


@dataclass(frozen=True)
class Rehearsal:
    """One document: what would happen, and every reason why it does not, the deciding one first."""

    document: Document
    sentence: str
    body: str
    against: tuple[Finding, ...] = ()
    forerunners: tuple[Forerunner, ...] = ()

    @property
    def holds(self) -> list[Finding]:
        """What a person must mend before QuickBooks can get it."""
        return _holds(self.against)

    @property
    def word(self) -> str:
        """How it would end."""
        if not self.against:
            return "Would be sent" if self.body else "Nothing to send"
        return "Would wait" if self.against[0].step is Step.HOLD else "Would be left out"

    @property
    def tone(self) -> str:
        """How the word is coloured, beside its icon."""
        if not self.against:
            return "good" if self.body else "calm"
        return "warn" if self.against[0].step is Step.HOLD else "calm"


def alone(document_id: int) -> dict[Subject, bool]:
    """One document, as if somebody asked for it. Raises NoResultFound for one that is not ours."""
    return {db.session.get_one(Document, document_id).subject: True}


def everything(entity: BillingEntity, connection: Connection) -> dict[Subject, bool]:
    """What waits, and what was left behind, together as many as one dry run takes."""
    chosen = waiting(entity) | _left_behind(entity, connection)
    return dict(list(chosen.items())[:MOST])


def waiting(entity: BillingEntity) -> dict[Subject, bool]:
    """The oldest documents that wait or are held; whether a person asked for each."""
    lane = (*lanes.within(entity.lane), lanes.WAITS, Message.kind.in_(DOCUMENTS))
    rows = db.session.scalars(select(Message).where(*lane).order_by(Message.priority, Message.id).limit(MOST))
    return {row.subject: row.asked for row in rows}


def _left_behind(entity: BillingEntity, connection: Connection) -> dict[Subject, bool]:
    """Documents that were not sent, as if somebody asked for them now."""
    newest = old_documents.wanted(entity, connection).order_by(Document.issue_date.desc(), Document.id.desc())
    return {document.subject: True for document in db.session.scalars(newest.limit(MOST))}


def rehearse(connection: Connection, asked: Mapping[Subject, bool]) -> list[Rehearsal]:
    """One for each document that still exists, in the order given; drafts as if they were opened now."""
    facts = _facts(connection.id, asked)
    stage = _stage(connection, facts)
    rows = _documents(asked)
    return [stage.rehearsal(rows[subject], facts[subject]) for subject in asked if subject in facts]


def holds(connection: Connection, typed: imagined.Typed) -> list[Finding]:
    """What would keep a document that is only typed from QuickBooks, once it is opened."""
    facts = imagined.facts(connection, typed)
    return _holds(_stage(connection, {facts.subject: facts}).against(facts.subject))


def obstacles(rehearsals: Iterable[Rehearsal]) -> list[Obstacle]:
    """Every reason that holds one of these back, with how many of them it holds; the most frequent first."""
    counted = Counter(reason for each in rehearsals for reason in dict.fromkeys(each.holds))
    return [Obstacle(finding, number) for finding, number in counted.most_common()]


def _holds(against: Iterable[Finding]) -> list[Finding]:
    return [reason for reason in against if reason.step is Step.HOLD]


def _stage(connection: Connection, facts: Mapping[Subject, DocumentFacts]) -> _Stage:
    books = survey.books_of(connection)
    reasons = {subject: tuple(findings(facts[subject], books)) for subject in facts}
    awaited = {first for found in reasons.values() for reason in found for first in reason.awaited}
    return _Stage(books, reasons, _forerunners(awaited, books))


def _facts(connection_id: int, asked: Mapping[Subject, bool]) -> dict[Subject, DocumentFacts]:
    found: dict[Subject, DocumentFacts] = {}
    for kind in DOCUMENTS:
        of_kind = {subject.id: by_hand for subject, by_hand in asked.items() if subject.kind == kind}
        for row in survey.documents(connection_id, kind, of_kind).values() if of_kind else ():
            found[row.subject] = _as_opened(row) if row.status == "draft" else row
    return found


def _as_opened(facts: DocumentFacts) -> DocumentFacts:
    return replace(facts, status="open", number=facts.number or imagined.NUMBER, opened_at=clock.now())


def _documents(subjects: Iterable[Subject]) -> dict[Subject, Document]:
    ids = [subject.id for subject in subjects]
    rows = db.session.scalars(select(Document).where(Document.id.in_(ids)).options(selectinload(Document.client)))
    return {row.subject: row for row in rows}


def _forerunners(awaited: Iterable[Subject], books: Books) -> dict[Subject, Forerunner]:
    """What becomes of the clients and services that go first, each decided as if it were due now."""
    ordered = sorted(awaited, key=lambda subject: (subject.kind, subject.id))
    dues = [
        Due(id=at, generation=1, subject=subject, tries=0, asked=True, priority=Priority.PERSON)
        for at, subject in enumerate(ordered)
    ]
    return {one.due.subject: _forerunner(one) for one in without_twins(decide(dues, books))} if dues else {}


def _forerunner(decision: Decision) -> Forerunner:
    word = KINDS[decision.due.subject.kind].word.lower()
    if isinstance(decision, Withhold):
        return Forerunner(decision.finding.sentence, finding=decision.finding)
    if isinstance(decision, Tell):
        sentence = f"{decision.entity} “{decision.label}” is created first, for the {word}."
        return Forerunner(sentence, wire.encode(decision.body).decode())
    return Forerunner(decision.sentence if isinstance(decision, Match) else "")


@dataclass(frozen=True)
class _Stage:
    """The company, what stands against each document, and what becomes of all that would go first."""

    books: Books
    reasons: Mapping[Subject, Sequence[Finding]]
    before: Mapping[Subject, Forerunner]

    def rehearsal(self, document: Document, facts: DocumentFacts) -> Rehearsal:
        against = self.against(facts.subject)
        if facts.link is not None and not facts.is_void and facts.link.told_revision == facts.revision:
            return Rehearsal(document, "QuickBooks has this version already.", "", against)
        body, said = _body(facts, self.books), _said(document, facts, self.books)
        return Rehearsal(document, said, body, against, self.first(facts.subject))

    def first(self, subject: Subject) -> tuple[Forerunner, ...]:
        reasons = self.reasons[subject]
        mended = {reason.blocker for reason in reasons if reason.step is Step.HOLD}  # by a person, so not created
        awaited = [one for reason in reasons for one in reason.awaited]
        return tuple(self.before[one] for one in awaited if lanes.blocker_of(one) not in mended)

    def against(self, subject: Subject) -> tuple[Finding, ...]:
        return _against(self.reasons[subject], self.first(subject))


def _against(reasons: Sequence[Finding], first: Sequence[Forerunner]) -> tuple[Finding, ...]:
    """What would keep it back, and what would keep back those that it waits for; each thing once."""
    held = [one.finding for one in first if one.finding is not None]
    found = [*(reason for reason in reasons if reason.step is not Step.AWAIT), *held]
    return tuple({(reason.sentence, reason.blocker): reason for reason in found}.values())


def _body(facts: DocumentFacts, books: Books) -> str:
    if facts.is_void:
        return wire.encode(_place(facts)).decode()
    customer = facts.customer_id or f"«the customer for {facts.client_name}»"
    known = replace(facts, customer_id=customer, lines=tuple(_named(line) for line in facts.lines))
    return wire.encode(documents.sales_document(known, books) | _place(facts)).decode()


def _named(line: LineFacts) -> LineFacts:
    item = line.item_id or f"«the item for {line.service_code}»"
    return replace(line, item_id=item, tax_remote_id=line.tax_remote_id or f"«the tax code for {line.tax_code_name}»")


def _place(facts: DocumentFacts) -> dict[str, str]:
    """Which record is changed; nothing where a new one is made."""
    return {} if facts.link is None else {"Id": facts.link.remote_id, "SyncToken": facts.link.sync_token}


def _said(document: Document, facts: DocumentFacts, books: Books) -> str:
    word = KINDS[facts.subject.kind].word
    if facts.is_void:
        return f"{word} {facts.link.remote_id if facts.link else ''} is voided."
    total, tax = amount(document.gross_pence, facts.currency), amount(document.tax_pence, facts.currency)
    sums = f"{total}, {tax} of it tax"
    if not books.taxes_per_line:
        sums = f"{total} by our reckoning; QuickBooks computes the sales tax itself, and its total is taken over"
    if facts.link is not None:
        return f"{word} {facts.link.remote_id} is changed: {sums}."
    lines = sum(1 for line in facts.lines if not line.is_comment)
    return f"A new {word.lower()} for “{facts.client_name}” with {lines} {'line' if lines == 1 else 'lines'}: {sums}."
