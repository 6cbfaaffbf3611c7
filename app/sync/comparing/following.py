"""Making ours say what QuickBooks says of it: by policy when something was changed there, or because a person asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from app.billing import following, invoicing
from app.billing.content import DocumentContent, content_of
from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.billing.timeline import Actor
from app.foundation.database import db
from app.foundation.errors import ConflictError, PortalError
from app.outbox import lanes, settling
from app.outbox.models import Subject
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.models import Connection
from app.sync.answered import landing
from app.sync.answered.ground import ENGINE
from app.sync.company.connecting import lane_of
from app.sync.comparing import findings
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import Difference
from app.sync.comparing.sides import AMOUNTS, FACTS
from app.sync.comparing.their_lines import content_lines
from app.sync.judging.kinds import DOCUMENTS
from app.sync.records import numbers
from app.sync.records.effects import is_older
from app.sync.records.links import Link, link_of, links_to
from app.sync.records.policies import WhenChangedThere, policy_of

GONE = (DriftCause.VOIDED_THERE, DriftCause.REMOVED_THERE, DriftCause.ONLY_HERE)
_DATES = frozenset({DriftCause.DATE, DriftCause.DUE_DATE})
_CAN_FOLLOW = frozenset({*AMOUNTS, *FACTS, *GONE})
_BY_ITSELF = _CAN_FOLLOW - {DriftCause.ONLY_HERE}
"""What is merely not found there was told by nobody to be gone: a person decides about that."""


def follow(
    link: Link, document: Document, seen: DocumentSeen | None, causes: Collection[DriftCause], *, actor: Actor
) -> str:
    """Take over what these causes name, all or nothing; returns why not, and nothing where it is done.

    `seen` is the record as it is there now, None where it is gone. In the caller's transaction.
    """
    wanted = _CAN_FOLLOW & frozenset(causes)
    if not wanted:
        return "This kind of difference can't be taken over."
    try:
        with db.session.begin_nested():
            _follow(link, document, seen, wanted=(wanted, actor))
            findings.resolve(link, wanted)
    except PortalError as problem:
        db.session.refresh(document)
        return problem.message
    return ""


def follow_all(
    connection_id: int, differences: Sequence[Difference], theirs: Mapping[tuple[str, str], DocumentSeen]
) -> list[Difference]:
    """Follow what a comparison found where the policy says so; returns what is still to be told.

    `theirs` is {(entity, id): record}. In the caller's transaction.
    """
    if policy_of(connection_id).changed_there is not WhenChangedThere.FOLLOW:
        return list(differences)
    causes: dict[Subject, list[DriftCause]] = defaultdict(list)
    for difference in differences:
        if difference.kind in DOCUMENTS and difference.cause in _BY_ITSELF:
            causes[Subject(difference.kind, difference.subject_id)].append(difference.cause)
    done = {subject for subject, named in causes.items() if _is_followed(connection_id, subject, named, theirs)}
    return [
        difference
        for difference in differences
        if Subject(difference.kind, difference.subject_id) not in done or difference.cause not in _BY_ITSELF
    ]


def _is_followed(
    connection_id: int,
    subject: Subject,
    causes: Collection[DriftCause],
    theirs: Mapping[tuple[str, str], DocumentSeen],
) -> bool:
    link = link_of(connection_id, subject)
    if link is None:
        return False
    document, seen = db.session.get_one(Document, subject.id), theirs.get((link.entity, link.remote_id))
    if document.status is DocumentStatus.VOID:
        return seen is None or seen.deleted or seen.voided
    return not follow(link, document, seen, causes, actor=ENGINE)


def _follow(
    link: Link, document: Document, seen: DocumentSeen | None, *, wanted: tuple[frozenset[DriftCause], Actor]
) -> None:
    causes, actor = wanted
    invoicing.hold(document)  # before anything is read of it: an edit that commits meanwhile must be seen
    connection = db.session.get_one(Connection, link.connection_id)
    if seen is None or seen.deleted:
        _void_too(document, "Deleted in QuickBooks.", actor)
        return
    if seen.voided:
        _void_too(document, "Voided in QuickBooks.", actor)
        return
    _refuse_overtaken(connection, link, document, seen)
    content, number = _content(connection, document, seen, causes), document.number or ""
    if DriftCause.NUMBER in causes:
        number = _number(connection, document, seen)
    if (content, number) == (content_of(document), document.number):
        return
    following.take_over(document, content, number, actor=actor)
    landing.take_picture(link, seen)
    link.told_revision = document.revision
    link.difference_pence = landing.difference(document, seen)
    if link.difference_pence and causes & frozenset(AMOUNTS):
        raise ConflictError("Its lines there come to another total when they are written here.")


def _void_too(document: Document, reason: str, actor: Actor) -> None:
    settling.cancel(document.subject, reason=reason)
    following.void_too(document, reason, actor=actor)


def _refuse_overtaken(connection: Connection, link: Link, document: Document, seen: DocumentSeen) -> None:
    if is_older(seen.sync_token, link.sync_token):
        raise ConflictError("It was sent anew after it was read. Compare both sides again.")
    busy = lanes.busy_subjects(document.kind.value, lane_of(connection))
    if document.id in busy or link.told_revision not in {None, document.revision}:
        raise ConflictError("It was changed here too, and QuickBooks has not heard of it yet.")


def _content(
    connection: Connection, document: Document, seen: DocumentSeen, causes: frozenset[DriftCause]
) -> DocumentContent:
    content = content_of(document)
    if causes & frozenset(AMOUNTS):
        content = replace(content, lines=content_lines(connection, document, seen))
    if DriftCause.DATE in causes and seen.txn_date is not None:
        content = replace(content, issue_date=seen.txn_date)
    if causes & _DATES and content.due_date is not None:
        content = replace(content, due_date=seen.due_date or content.due_date)
    if DriftCause.CUSTOMER in causes:
        content = replace(content, client_id=_client(connection.id, seen))
    return content


def _client(connection_id: int, seen: DocumentSeen) -> int:
    link = links_to(connection_id, "Customer", [seen.customer_id]).get(seen.customer_id)
    if link is None:
        name = seen.customer_name or f"customer {seen.customer_id}"
        raise ConflictError(f"No client here is linked to {name}.")
    return link.subject_id


def _number(connection: Connection, document: Document, seen: DocumentSeen) -> str:
    """Theirs; what was given to it there before is forgotten."""
    row = db.session.get(numbers.GivenNumber, (connection.id, document.kind.value, document.id))
    if row is not None:
        db.session.delete(row)
    return seen.doc_number
