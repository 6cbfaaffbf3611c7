"""Lists of documents, and one document."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for

from app.accounts.permissions import Action
from app.billing.document import Document
from app.billing.entities import entities
from app.foundation import clock
from app.sync.comparing.findings import WORDS
from app.web import htmx
from app.web.downloads import pdf_file
from app.web.invoices import blueprint, live
from app.web.invoices.files import as_file
from app.web.invoices.fixing import ways_from
from app.web.invoices.listing import listing, read_address
from app.web.invoices.picture import picture_of
from app.web.invoices.room import document_here, here
from app.web.invoices.standings import shown
from app.web.invoices.tax_summary import is_reckoned, on_a_line, summary_of
from app.web.papers import document_paper, parties
from app.web.session import may_here, me, signed_in
from app.web.voice import voice, words_about


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """The list, searched as one types."""
    today = _today()
    found = listing(read_address(request.args, here(), today), today, here())
    return htmx.render(
        "invoices/index.html",
        "invoices/_list.html",
        room=here(),
        listing=found,
        entities=entities(),
        new_url=url_for(".new") if may_here(Action.EDIT_INVOICES) else None,
        import_url=url_for("imports.index") if may_here(Action.IMPORT) else None,
        entity_url=url_for("billing_entity.new") if may_here(Action.EDIT_SETTINGS) else None,
        bulk=[(right.value, word) for right, word in _BULK if may_here(right)],
    )


@blueprint.get("/list.csv")
@signed_in(Action.SEE)
def export() -> Response:
    """What the filter of the address finds, as a file."""
    return as_file(read_address(request.args, here(), _today()).filter, here())


@blueprint.get("/<int:document_id>")
@signed_in(Action.SEE)
def show(document_id: int) -> str:
    """One document: amounts, lines, tax, payments, and what happened to it."""
    return render_template("invoices/show.html", **_all_of(document_here(document_id)), oob=False)


@blueprint.get("/<int:document_id>/print", endpoint="print")
@signed_in(Action.SEE)
def printed(document_id: int) -> str:
    """The document as the client gets it on paper."""
    document = document_here(document_id)
    words = words_about(document.client)
    return render_template(
        "invoices/print.html",
        room=here(),
        picture=picture_of(document, me().role),
        title=document_paper.title_of(document),
        lacks=document_paper.lacks(document),
        credited=document_paper.credits_what(document),
        mends=may_here(Action.EDIT_SETTINGS),
        on_paper=partial(on_a_line, words=voice().words) if is_reckoned(document) else None,
        client_words=words,
        client_lines=parties.sent_to(document.client, document.entity) if document.client else [],
    )


@blueprint.get("/<int:document_id>/pdf")
@signed_in(Action.SEE)
def pdf(document_id: int) -> Response:
    """The same as a PDF, to be sent to the client."""
    document = document_here(document_id)
    return pdf_file(f"{here().kind.value}-{document.id}.pdf", document_paper.drawn(document, summary_of(document)))


@blueprint.get("/<int:document_id>/quickbooks")
@signed_in(Action.SEE)
def quickbooks(document_id: int) -> Response:
    """Where it is with QuickBooks, and beside it all that an answer or a payment changes; asked for again and again."""
    document = document_here(document_id)
    revision = live.revision_of(document, shown(document))
    return htmx.poll(
        "invoices/_quickbooks.html",
        revision,
        lambda: {**_all_of(document), "oob": True},
        finished=live.is_still(document),
    )


_BULK = (
    (Action.OPEN_INVOICES, "Open"),
    (Action.RETRY, "Send to QuickBooks"),
    (Action.OPT_OUT, "Don't push to QuickBooks"),
)


def _all_of(document: Document) -> dict[str, Any]:
    """What the page of one document shows."""
    picture = picture_of(document, me().role)
    return {
        "room": here(),
        "picture": picture,
        "document": document,
        "cause_words": WORDS,
        "shown": picture.shown,
        "ways": ways_from(document, picture.shown.standing),
        "revision": live.revision_of(document, picture.shown),
        "finished": live.is_still(document),
        "seconds": live.seconds_between(document, picture.shown),
    }


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(me().organisation.time_zone)).date()
