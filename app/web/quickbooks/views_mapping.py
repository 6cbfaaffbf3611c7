"""Mapping: what of ours stands for what there, kind by kind; row by row, each saved by itself."""

from __future__ import annotations

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.sync.judging import headings
from app.sync.mapping import choosing, making, skipped, workbench
from app.sync.mapping.skipped import SkippedKind
from app.sync.records.mappings import MappingKind
from app.web import htmx
from app.web.quickbooks import blueprint, by_policy
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.shelves import (
    KINDS,
    Shelf,
    accounts_for,
    bench_page,
    fallback,
    picks,
    shelf_here,
    shelf_of,
    tallies,
)
from app.web.quickbooks.words import released, some
from app.web.session import may_here, me, signed_in


@blueprint.get("/mappings")
@signed_in(Action.SEE_SYNC)
def mappings() -> str:
    """The rows of one tab, with how many each tab has."""
    shelf = shelf_here()
    connection = connection_here()
    found = workbench.bench(entity_here(), connection, shelf.kind)
    return htmx.render(
        "quickbooks/mappings.html",
        "quickbooks/_bench.html",
        shelf=shelf,
        sorts=shelf.kind in headings.of_company(connection),
        can_map=may_here(Action.MAP),
        **bench_page(found, by_policy.with_services(connection, shelf.kind)),
    )


@blueprint.get(f"/mappings/{KINDS}/<int:subject_id>")
@signed_in(Action.MAP)
def choose(slug: str, subject_id: int) -> str:
    """Choose by searching the whole list; to htmx only what was found."""
    shelf, search = shelf_of(slug, subject_id), request.args.get("search", "")
    connection = connection_here()
    found = workbench.row_of(entity_here(), connection, shelf.kind, subject_id)
    offered = picks(connection, shelf, search)
    return htmx.render(
        "quickbooks/choose.html",
        "quickbooks/_choosing.html",
        row=found,
        shelf=shelf,
        search=search,
        picks=offered,
        accounts=accounts_for(connection, found) if shelf.kind is MappingKind.SERVICE else None,
    )


@blueprint.get(f"/mappings/{KINDS}/<int:subject_id>/options")
@signed_in(Action.MAP)
def options(slug: str, subject_id: int) -> str:
    """What matches the letters typed so far."""
    shelf, search = shelf_of(slug, subject_id), request.args.get("search", "")
    offered = picks(connection_here(), shelf, search)
    return render_template("quickbooks/_options.html", subject_id=subject_id, shelf=shelf, search=search, picks=offered)


@blueprint.get(f"/mappings/{KINDS}/<int:subject_id>/row")
@signed_in(Action.SEE_SYNC)
def row(slug: str, subject_id: int) -> str:
    """One row as it is: the way back from choosing."""
    return _row(shelf_of(slug, subject_id), subject_id, "")


@blueprint.post(f"/mappings/{KINDS}/<int:subject_id>")
@signed_in(Action.MAP)
def save(slug: str, subject_id: int) -> ResponseReturnValue:
    """Keep or clear one choice; what waited for it is released."""
    shelf, connection = shelf_of(slug, subject_id), connection_here()
    remote_id = request.form.get("remote_id", "")
    with transaction():
        if remote_id:
            chosen = choosing.choose(connection, shelf.kind, subject_id, remote_id, by=me().name)
            said = f"Mapped to {chosen.name}.{released(chosen.released)}"
        else:
            freed = choosing.clear(connection, shelf.kind, subject_id)
            said = f"The mapping was cleared.{released(freed)}"
    if htmx.wants_fragment():
        return _row(shelf, subject_id, said)
    flash(said, "success")
    return htmx.go(url_for(".mappings", kind=shelf.slug))


@blueprint.post(f"/mappings/{KINDS}/<int:subject_id>/skip")
@signed_in(Action.MAP)
def skip(slug: str, subject_id: int) -> ResponseReturnValue:
    """Put a row aside, or take it up again."""
    shelf, connection = shelf_of(slug, subject_id), connection_here()
    aside = request.form.get("aside") == "1"
    with transaction():
        if aside:
            skipped.skip(connection.id, SkippedKind(shelf.kind), subject_id, by=me().name)
        else:
            skipped.take_up(connection.id, SkippedKind(shelf.kind), subject_id)
    said = "Skipped. A document that needs it still waits." if aside else "Taken up again."
    if htmx.wants_fragment():
        return _row(shelf, subject_id, said)
    flash(said, "success")
    return htmx.go(url_for(".mappings", kind=shelf.slug))


@blueprint.post("/mappings/services/<int:subject_id>/create")
@signed_in(Action.MAP)
def create_item(subject_id: int) -> ResponseReturnValue:
    """Ask for an item; the engine makes it within seconds."""
    shelf, connection = shelf_of("services", subject_id), connection_here()
    with transaction():
        making.ask_for_item(connection, subject_id, request.form.get("account", ""), by=me().name)
    said = "Its item is on the way to QuickBooks."
    if htmx.wants_fragment():
        return _row(shelf, subject_id, said)
    flash(said, "success")
    return htmx.go(url_for(".mappings", kind=shelf.slug))


@blueprint.post("/mappings/confirm")
@signed_in(Action.MAP)
def confirm_exact() -> ResponseReturnValue:
    """Keep every suggestion that agrees to the letter."""
    shelf, connection = shelf_here(), connection_here()
    with transaction():
        exact = workbench.bench(entity_here(), connection, shelf.kind).exact
        wanted = [(one.subject_id, one.suggestion.candidate.remote_id) for one in exact if one.suggestion]
        chosen = choosing.choose_all(connection, shelf.kind, wanted, by=me().name)
    flash(f"{some(len(wanted), shelf.noun, shelf.nouns)} mapped.{released(chosen.released)}", "success")
    return htmx.go(url_for(".mappings", kind=shelf.slug))


def _row(shelf: Shelf, subject_id: int, said: str) -> str:
    """The row; where something was done to it, with what changed around it."""
    connection = connection_here()
    found = workbench.bench(entity_here(), connection, shelf.kind, subject_id)
    by_itself = by_policy.with_services(connection, shelf.kind)
    around = tallies(workbench.bench(entity_here(), connection, shelf.kind), by_itself) if said else {}
    return render_template(
        "quickbooks/_row.html",
        row=found.row(subject_id),
        shelf=shelf,
        labels=found.labels,
        fallback=fallback(found),
        by_itself=by_itself,
        said=said,
        can_map=may_here(Action.MAP),
        **around,
    )
