"""Mappings as a file: out as a spreadsheet opens it, back as a table of what it would do, then done at once."""

from __future__ import annotations

from typing import BinaryIO, cast

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.billing.importing.reader import read_rows
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from app.sync import mapping, mapping_files, workbench
from app.sync.mapping_files import Planned
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.shelves import Shelf, shelf_here
from app.web.quickbooks.words import released, some
from app.web.session import me, signed_in
from app.web.spreadsheet import csv_file


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
    return _page(shelf_here(), [], "")


@blueprint.post("/mappings/file")
@signed_in(Action.MAP)
def plan_mappings() -> ResponseReturnValue:
    """Show what a file would do; with its lines sent back, do it."""
    shelf = shelf_here()
    try:
        if picked := request.form.getlist("pick"):
            return _done(shelf, picked)
        return _page(shelf, _planned(shelf), "")
    except BadInputError as problem:
        return _page(shelf, [], problem.message), 422


def _planned(shelf: Shelf) -> list[Planned]:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInputError("file", "Choose a file.")
    rows = read_rows(cast("BinaryIO", sent.stream), mapping_files.REQUIRED)
    connection = connection_here()
    planned = mapping_files.plan(connection, workbench.bench(entity_here(), connection, shelf.kind), rows)
    if not planned:
        raise BadInputError("file", "The file has no lines below its heading.")
    return planned


def _done(shelf: Shelf, picked: list[str]) -> ResponseReturnValue:
    wanted = [_pick(text) for text in picked]
    with transaction():
        chosen = mapping.choose_all(connection_here(), shelf.kind, wanted, by=me().name)
    flash(f"{some(len(wanted), shelf.noun, shelf.nouns)} mapped.{released(chosen.released)}", "success")
    return htmx.go(url_for(".mappings", kind=shelf.slug, tab="mapped"))


def _pick(text: str) -> tuple[int, str]:
    our_id, _colon, remote_id = text.partition(":")
    if not our_id.isdecimal():
        raise BadInputError("file", "Choose the file again; what was sent back could not be read.")
    return int(our_id), remote_id


def _page(shelf: Shelf, planned: list[Planned], problem: str) -> str:
    return render_template(
        "quickbooks/mapping_file.html",
        shelf=shelf,
        planned=planned,
        picks=mapping_files.picks(planned),
        Fate=mapping_files.Fate,
        problem=problem,
        columns=mapping_files.COLUMNS,
    )
