"""Mappings as a file: out as a spreadsheet opens it, back as a table of what it would do, then done at once."""

from __future__ import annotations

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from app.sync.mapping import choosing, workbench
from app.sync.mapping import files as mapping_files
from app.sync.mapping.planned_lines import Agreed, Planned
from app.web import htmx
from app.web.quickbooks import blueprint, planned_files
from app.web.quickbooks.planned_files import Door
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.shelves import Shelf, shelf_here
from app.web.quickbooks.words import released, some
from app.web.session import me, signed_in
from app.web.spreadsheet import csv_file

_HINT = "Where the id is empty the name is looked up; where both are, the line is left alone."


@blueprint.get("/mappings.csv")
@signed_in(Action.SEE_SYNC)
def export_mappings() -> Response:
    """All rows of one page, mapped or not."""
    shelf = shelf_here()
    found = workbench.bench(entity_here(), connection_here(), shelf.kind)
    return csv_file(f"{shelf.slug}.csv", mapping_files.COLUMNS, mapping_files.rows_of(found))


@blueprint.get("/mappings/file")
@signed_in(Action.MAP)
def mapping_file() -> str:
    """Ask for a file."""
    connection_here()
    return planned_files.page(_door(shelf_here()), [])


@blueprint.post("/mappings/file")
@signed_in(Action.MAP)
def plan_mappings() -> ResponseReturnValue:
    """Show what a file would do; with its lines sent back, do it."""
    shelf = shelf_here()
    try:
        if picks := planned_files.picked():
            return _done(shelf, picks)
        return planned_files.page(_door(shelf), _planned(shelf))
    except BadInputError as problem:
        return planned_files.page(_door(shelf), [], problem.message), 422


def _planned(shelf: Shelf) -> list[Planned]:
    rows, connection = planned_files.rows_sent(mapping_files.REQUIRED), connection_here()
    return mapping_files.plan(connection, workbench.bench(entity_here(), connection, shelf.kind), rows)


def _done(shelf: Shelf, picks: list[Agreed]) -> ResponseReturnValue:
    wanted = [(one.subject_id, one.remote_id) for one in picks]
    with transaction():
        chosen = choosing.choose_all(connection_here(), shelf.kind, wanted, by=me().name)
    flash(f"{some(len(wanted), shelf.noun, shelf.nouns)} mapped.{released(chosen.released)}", "success")
    return htmx.go(url_for(".mappings", kind=shelf.slug, tab="mapped"))


def _door(shelf: Shelf) -> Door:
    return Door(
        title=shelf.title,
        out=url_for(".export_mappings", kind=shelf.slug),
        back=url_for(".mappings", kind=shelf.slug),
        again=url_for(".mapping_file", kind=shelf.slug),
        columns=mapping_files.COLUMNS,
        hint=_HINT,
        key="Code",
        noun=shelf.noun,
        nouns=shelf.nouns,
        verb="Map",
    )
