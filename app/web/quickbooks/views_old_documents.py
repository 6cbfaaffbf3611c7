"""Documents that were not sent by themselves: all, from a date, the ticked ones, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing import settling
from app.billing.document import Document
from app.billing.entity import BillingEntity
from app.billing.kinds import DocumentKind
from app.billing.models import Mode
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from app.sync.first_day import beginnings
from app.sync.steering import controls, modes, old_documents
from app.sync.watching import standing
from app.sync.watching.standing import Standing
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.words import some
from app.web.saving import actor
from app.web.session import may_here, signed_in


@blueprint.get("/earlier-documents", endpoint="old_documents")
@signed_in(Action.SEE_SYNC)
def earlier() -> str:
    """How many there are, and which."""
    return _page(None)


@blueprint.post("/earlier-documents")
@signed_in(Action.EDIT_SETTINGS)
def answer() -> ResponseReturnValue:
    """Do what was chosen, in one transaction, and remember that it was asked."""
    try:
        with transaction():
            sent = _chosen()()
    except BadInputError as problem:
        return _page(problem), 422
    if request.form.get("choice") == "one":
        flash("One is sent to look at it; the others wait until you resume.", "success")
        return htmx.go(url_for("sync_state.index", entity=entity_here().id))
    flash(_said(sent), "success")
    return htmx.go(url_for(".index"))


def _page(problem: BadInputError | None) -> str:
    entity, connection = entity_here(), connection_here()
    documents = old_documents.listed(entity, connection)
    ids = [one.id for one in documents if one.kind is DocumentKind.INVOICE]
    reasons = _reasons(entity, documents)
    return render_template(
        "quickbooks/old_documents.html",
        documents=documents,
        number=old_documents.count(entity, connection),
        is_first_time=not beginnings.sent_any(connection),
        paid=settling.by_money(ids),
        by_credit=settling.by_credit(ids),
        reasons=reasons,
        only_reason=_only(reasons[one.kind.value, one.id] for one in documents),
        problem=problem,
        can_send=may_here(Action.EDIT_SETTINGS),
    )


def _reasons(entity: BillingEntity, documents: Sequence[Document]) -> dict[tuple[str, int], str]:
    """Why each was not sent, by kind and id."""
    told = {key: one.sentence for key, one in _standings(documents).items()}
    return told | dict.fromkeys(modes.left_in_test(entity), modes.SENTENCES[Mode.TEST])


def _only(reasons: Iterable[str]) -> str:
    """The one that all have; empty where they differ."""
    told = set(reasons)
    return told.pop() if len(told) == 1 else ""


def _standings(documents: Sequence[Document]) -> dict[tuple[str, int], Standing]:
    """Where each is, by kind and id: the two kinds are asked about one after the other."""
    found: dict[tuple[str, int], Standing] = {}
    for kind in DocumentKind:
        of_kind = [one for one in documents if one.kind is kind]
        found |= {(kind.value, id_): one for id_, one in standing.of_documents(entity_here(), of_kind).items()}
    return found


def _all() -> int:
    return old_documents.send_all(entity_here(), connection_here(), actor=actor())


def _one() -> int:
    """All are posted, but a trial holds them until the first was looked at."""
    controls.begin_trial(connection_here(), actor())
    return _all()


def _since() -> int:
    try:
        since = date.fromisoformat(request.form.get("since", ""))
    except ValueError as unreadable:
        raise BadInputError("since", "Enter the date from which documents are to be sent.") from unreadable
    return old_documents.send_all(entity_here(), connection_here(), since=since, actor=actor())


def _ticked() -> int:
    ids = [int(value) for value in request.form.getlist("document") if value.isdigit()]
    if not ids:
        raise BadInputError("document", "Tick the documents that are to be sent.")
    return old_documents.send_chosen(entity_here(), connection_here(), ids, actor=actor())


def _none() -> int:
    old_documents.send_none(connection_here())
    return 0


_ANSWERS = {"all": _all, "one": _one, "since": _since, "ticked": _ticked, "none": _none}


def _chosen() -> Callable[[], int]:
    """Nothing is done, and nothing remembered, for an answer that was not offered."""
    return _ANSWERS.get(request.form.get("choice", "")) or abort(400)


def _said(sent: int) -> str:
    if not sent:
        return "None of them is sent. Each can still be sent from its own page."
    return f"{some(sent, 'document is', 'documents are')} on the way to QuickBooks."
