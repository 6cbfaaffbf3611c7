"""What stands beside a document's standing: where trouble is mended, the record in QuickBooks, the last attempts."""

from __future__ import annotations

from typing import NamedTuple

from flask import url_for

from app.accounts.permissions import Action
from app.billing.document import Document
from app.billing.kinds import OWED, DocumentKind, DocumentStatus
from app.quickbooks.models import ConnectionState
from app.sync.judging.readiness import Finding
from app.sync.records.attempts import Attempt
from app.sync.records.tied import connection_of
from app.sync.steering.hindrances import hindrance_of
from app.sync.watching.operations import attempts_about
from app.sync.watching.standing import Place, Standing
from app.web.books import books_url
from app.web.invoices.actions import allowed_actions
from app.web.invoices.room import document_url
from app.web.quickbooks.fixes import Fix, fix_link
from app.web.session import may_here, me

_UNSENT = (Place.NOT_SENT, Place.STAYS, Place.WAITING, Place.SKIPPED, Place.HELD, Place.FAILED)
_CHOOSING = "old_documents"
"""The page that lists documents from before; it has those alone on which something is owed."""
_CONTENT = "document"
"""What is wrong with what the document says is mended in its editor."""
_EDITING = "edit"
_RECORDS = {DocumentKind.INVOICE: "Invoice", DocumentKind.CREDIT_NOTE: "CreditMemo"}


class Ways(NamedTuple):
    """Links, None where there is nothing to mend or no page for it; and attempts, the newest first."""

    fix: Fix | None
    books: str | None
    attempts: list[Attempt]
    sees_log: bool
    dry_run: str | None = None


def ways_from(document: Document, standing: Standing) -> Ways:
    """Where to go from a document's standing. A blocker that is the document itself leads nowhere: we are there."""
    fix = _fix(document, standing)
    attempts, sees_log = attempts_about(document.subject), may_here(Action.SEE_SYNC)
    return Ways(
        fix, _in_quickbooks(document, standing), attempts, sees_log=sees_log, dry_run=_dry_run(document, standing)
    )


def _dry_run(document: Document, standing: Standing) -> str | None:
    """Where one sees beforehand what would be sent, while it was not."""
    if standing.place not in _UNSENT or not may_here(Action.SEE_SYNC) or connection_of(document.entity.lane) is None:
        return None
    return url_for("quickbooks.dry_run", document=document.id, entity=document.billing_entity_id)


def _fix(document: Document, standing: Standing) -> Fix | None:
    """Where it is mended that this is not sent: as the standing says, or as readiness would say now."""
    connection = connection_of(document.entity.lane)
    if standing.place not in _UNSENT or document.status is DocumentStatus.DRAFT:
        return None
    if connection is None or connection.state is ConnectionState.RECONNECT:
        return fix_link(fix="connect", entity_id=document.billing_entity_id)
    itself = f"{document.subject.kind}:{document.id}"
    if standing.blocker not in {"", itself}:
        return fix_link(blocker=standing.blocker, entity_id=document.billing_entity_id)
    finding = hindrance_of(document, connection)
    return _mending(document, finding, itself) if finding is not None else None


def _mending(document: Document, finding: Finding, itself: str) -> Fix | None:
    if finding.fix == _CHOOSING and document.status not in OWED:
        return None
    if finding.fix == _CONTENT:
        return _amending(document)
    blocker = finding.blocker if finding.blocker != itself else ""
    return fix_link(blocker, finding.fix, entity_id=document.billing_entity_id)


def _amending(document: Document) -> Fix | None:
    """The editor, for whoever may amend it in its present state."""
    steps = [step for step in allowed_actions(document, me().role) if step.name == _EDITING]
    return Fix(f"{steps[0].label} it", document_url(document, _EDITING)) if steps else None


def _in_quickbooks(document: Document, standing: Standing) -> str | None:
    connection = connection_of(document.entity.lane)
    if connection is None or not standing.remote_id:
        return None
    return books_url(connection.id, _RECORDS[document.kind], standing.remote_id)
