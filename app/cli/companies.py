"""QuickBooks companies: tied without a browser; what a real one answers kept, and compared with the simulator."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TextIO

import click
from flask.cli import AppGroup, with_appcontext

from app.cli.acting import billing_entity, connected, told_in_words
from app.cli.trying import tried
from app.foundation import clock
from app.foundation.errors import BadInputError
from app.foundation.tenancy import acting_for
from app.quickbooks.client import QuickBooks
from app.quickbooks.lease import Lease, release, take_lease
from app.quickbooks.models import Connection
from app.quickbooks.ports import NotSentError, UnknownOutcomeError
from app.quickbooks.recorder import tour
from app.quickbooks.recorder.founding import found_place
from app.quickbooks.recorder.natures import Nature, nature, of_tape
from app.quickbooks.recorder.playing import Visit, compare, first_words, play
from app.quickbooks.recorder.tape import Exchange, RecordingHttp, read_tape
from app.quickbooks.recorder.writes import writes
from app.quickbooks.transport import RequestsHttp
from app.sync.company import connecting
from app.sync.engine import engine

_TOUR_SECONDS = 300

quickbooks = AppGroup("quickbooks", help="What a real company answers, kept and compared.")


@click.command("tie")
@click.argument("realm_id")
@click.option("--access-token", required=True)
@click.option("--refresh-token", required=True)
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@with_appcontext
@told_in_words(realm_id="REALM_ID")
def tie(realm_id: str, access_token: str, refresh_token: str, entity: int) -> None:
    """Connect and accept the QuickBooks company REALM_ID with tokens granted elsewhere (Intuit's OAuth playground).

    Both are tried first: where one is of no use, the connection stays as it is.
    """
    chosen = billing_entity(entity)
    with acting_for(chosen.organisation_id):
        if not realm_id.isdecimal():
            raise BadInputError("realm_id", "A company is named by its digits, as QuickBooks shows them.")
        quickbooks_here = engine().quickbooks
        grant = tried(quickbooks_here, chosen, realm_id, connecting.granted(access_token, refresh_token))
        connecting.tie_without_browser(quickbooks_here, chosen, realm_id, grant)
    click.echo(f"{chosen.name} is connected to company {realm_id}.")


@quickbooks.command("record")
@click.argument("file", type=click.File("w"))
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@click.option("--production", is_flag=True, help="The production company; left out, the sandbox one.")
@click.option("--plan", type=click.Choice(sorted(tour.PLANS)), default="standard", show_default=True)
@click.option("--write", is_flag=True, help="Also make records and documents; only in a sandbox, and asks first.")
@click.option("--private", is_flag=True, help="Keep no names, addresses, phones and notes.")
@told_in_words()
def record(file: TextIO, entity: int, *, production: bool, plan: str, write: bool, private: bool) -> None:
    """Make a tour of a connected company and keep every exchange in FILE, one JSON object a line."""
    if write and production:
        raise click.BadParameter("only a sandbox is written to", param_hint="--write")
    connection = connected(entity, "live" if production else "test")
    if write:
        click.confirm(f"Make test records in the sandbox company {connection.realm_id}?", abort=True)
    http = RecordingHttp(RequestsHttp(), lambda exchange: _keep(file, exchange), private=private)
    visit = Visit(QuickBooks(http, engine().settings, engine().settings.sealer()), http, connection.id)
    words = first_words(secrets.token_hex(3))
    with acting_for(connection.organisation_id):
        play(visit, tour.PLANS[plan], words, click.echo)
        if write:
            _write_too(visit, connection, words)
    if not http.kept:
        raise click.ClickException("the company answered nothing; see above")


def _write_too(visit: Visit, connection: Connection, words: dict[str, Any]) -> None:
    kind = nature(words)
    if kind is None:
        raise click.ClickException("the company did not say who it is, so nothing was written")
    with _lease(connection) as lease:
        play(replace(visit, lease=lease), writes(kind), words, click.echo)


@quickbooks.command("compare")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--address", default="http://127.0.0.1:9000", show_default=True, help="A running simulator.")
@click.option("--company", type=click.Choice([one.value for one in Nature]), help="Left out, what the tape tells.")
def compare_tape(file: TextIO, address: str, company: str | None) -> None:
    """Play FILE to a new company of a simulator and print each difference: 1 when there is one, 2 for trouble."""
    http, realm = RequestsHttp(), str(10**15 + secrets.randbelow(10**15))
    try:
        tape = read_tape(file)
        label = company or (of_tape(tape) or Nature.UK).value
        found = list(compare(tape, http, found_place(http, address, realm=realm, label=label)))
    except (ValueError, NotSentError, UnknownOutcomeError) as problem:
        raise click.UsageError(str(problem)) from problem
    for one in found:
        click.echo(f"{one.step:<28} {one.sort:<7} {one.where:<40} {one.recorded:<24} -> {one.replayed}")
    click.echo(f"{len(tape)} exchanges with a company like {label}, {len(found)} differences")
    if found:
        raise SystemExit(1)


@contextmanager
def _lease(connection: Connection) -> Iterator[Lease]:
    """For as long as a tour may take; given back however it ends."""
    lease = take_lease(connection.realm, f"tour:{secrets.token_hex(4)}", clock.now(), _TOUR_SECONDS)
    if lease is None:
        raise click.ClickException("something is just being sent to this company; try again in a minute")
    try:
        yield lease
    finally:
        release(lease)


def _keep(file: TextIO, exchange: Exchange) -> None:
    file.write(exchange.line() + "\n")
    file.flush()
