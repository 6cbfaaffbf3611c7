"""Clients and their customers as a file: out as a spreadsheet opens it, back as a plan, then done at once."""

from __future__ import annotations

from flask import Response, flash, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.foundation.errors import BadInputError, ConflictError
from app.sync.mapping import client_bench, client_files
from app.sync.mapping.client_files import Done
from app.sync.mapping.planned_lines import Agreed, Fate, Planned
from app.web import htmx
from app.web.quickbooks import blueprint, planned_files
from app.web.quickbooks.planned_files import Door
from app.web.quickbooks.room import connection_here, entity_here
from app.web.quickbooks.words import released, some
from app.web.saving import actor
from app.web.session import signed_in
from app.web.spreadsheet import csv_file

_HINT = (
    "Action may be link, unlink, create, skip or take up; where it is empty, the customer that is named is linked,"
    " by its id, else by its name. Where none is named, the line is left alone."
)
_DONE = {
    Fate.LINK: "linked",
    Fate.UNLINK: "unlinked",
    Fate.CREATE: "asked for in QuickBooks",
    Fate.SKIP: "skipped",
    Fate.TAKE_UP: "taken up again",
}


@blueprint.get("/clients.csv")
@signed_in(Action.SEE_SYNC)
def export_clients() -> Response:
    """All clients in use, linked or not, with who is suggested."""
    found = client_bench.bench(entity_here(), connection_here())
    return csv_file("clients.csv", client_files.COLUMNS, client_files.rows_of(found.everyone()))


@blueprint.get("/clients/file")
@signed_in(Action.MAP)
def client_file() -> str:
    """Ask for a file."""
    connection_here()
    return planned_files.page(_door(), [])


@blueprint.post("/clients/file")
@signed_in(Action.MAP)
def plan_clients() -> ResponseReturnValue:
    """Show what a file would do; with its lines sent back, do it."""
    try:
        if agreed := planned_files.picked():
            return _carried_out(agreed)
        return planned_files.page(_door(), _planned())
    except (BadInputError, ConflictError) as problem:
        return planned_files.page(_door(), [], problem.message), 422


def _planned() -> list[Planned]:
    rows, connection = planned_files.rows_sent(client_files.REQUIRED), connection_here()
    return client_files.plan(connection, client_bench.bench(entity_here(), connection).everyone(), rows)


def _carried_out(agreed: list[Agreed]) -> ResponseReturnValue:
    with transaction():
        done = client_files.carry_out(connection_here(), agreed, actor=actor())
    flash(_said(done), "success")
    return htmx.go(url_for(".clients", tab="linked" if done.counts.get(Fate.LINK) else ""))


def _said(done: Done) -> str:
    told = [
        f"{some(done.counts[fate], 'client', 'clients')} {word}" for fate, word in _DONE.items() if done.counts[fate]
    ]
    return f"{', '.join(told)}.{released(done.released)}"


def _door() -> Door:
    return Door(
        title="Clients and customers",
        out=url_for(".export_clients"),
        back=url_for(".clients"),
        again=url_for(".client_file"),
        columns=client_files.COLUMNS,
        hint=_HINT,
        key="Client",
        noun="client",
        nouns="clients",
        verb="Change",
    )
