"""The operator's commands; each calls one verb and says what happened."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO, TextIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import owners
from app.accounts.roles import Role
from app.accounts.signup import add_user, any_user, found_organisation
from app.billing.demo.furnish import furnish
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import BillingEntity
from app.billing.importing import runs
from app.billing.importing.carrying import carry_out
from app.billing.importing.profiles import PROFILES
from app.billing.importing.run import ImportRun
from app.billing.timeline import Actor
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.errors import PortalError
from app.foundation.tenancy import acting_for, everywhere
from app.quickbooks.client import QuickBooks
from app.quickbooks.lease import Lease, release, take_lease
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.ports import NotSentError, UnknownOutcomeError
from app.quickbooks.recorder import tour
from app.quickbooks.recorder.founding import found_place
from app.quickbooks.recorder.natures import Nature, nature, of_tape
from app.quickbooks.recorder.playing import Visit, compare, first_words, play
from app.quickbooks.recorder.tape import Exchange, RecordingHttp, read_tape
from app.quickbooks.recorder.writes import writes
from app.quickbooks.transport import RequestsHttp
from app.sync import connecting, link_checking, link_rebuilding
from app.sync.engine import engine
from app.worker import process

_TOUR_SECONDS = 300

OPERATOR = Actor(None, "the operator")

DEMO_ORGANISATION = "Northgate IT"
DEMO_PASSWORD = "counterfoil-demo"  # noqa: S105 - printed at every start of the demo
DEMO_PEOPLE = {
    "Olivia Hart": Role.OWNER,
    "Adam Reed": Role.ADMIN,
    "Stella Moss": Role.STAFF,
    "Rhea Patel": Role.READ_ONLY,
}
DEMO_ENTITY = EntityFields(
    name="Northgate IT Services",
    legal_name="Northgate IT Services Ltd",
    address="Unit 4, Mill Yard\nYork\nYO1 7AA",
    vat_number="GB 123 4567 89",
)

users = AppGroup("users", help="People who may sign in.")
quickbooks = AppGroup("quickbooks", help="What a real company answers, kept and compared.")
sync = AppGroup("sync", help="The links between both sides, checked and found again.")


def init_app(app: Flask) -> None:
    """Hang every group of commands."""
    for command in (users, quickbooks, sync, demo, worker, import_file, tie):
        app.cli.add_command(command)


@users.command("create-owner")
@click.argument("email")
@click.option("--name", default="", help="The person's name; the address if left out.")
@click.option("--organisation", default="My company", show_default=True, help="What the organisation is called.")
@click.option("--password", default=None, help="Left out, a one-time link to choose one is printed.")
def create_owner(email: str, name: str, organisation: str, password: str | None) -> None:
    """Make a new organisation whose owner signs in with EMAIL."""
    link = owners.create_owner(email, name or email, organisation, password=password)
    click.echo(f"{email} is the owner of {organisation}." + (f" Choose a password at: {link}" if link else ""))


@users.command("first-link")
def first_link() -> None:
    """Print a new one-time link for the first owner; earlier ones end."""
    click.echo(owners.first_owner_link())


def greet(app: Flask) -> None:
    """At a start without anybody who could sign in: print the first owner's link, once."""
    with app.app_context():
        try:
            link = owners.first_owner_link_if_due()
        except SQLAlchemyError:
            return  # not migrated yet; /readyz says so
    if link:
        click.echo(f"\n  Nobody can sign in yet. Begin here (the link works once):\n\n    {link}\n")


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Make the demo organisation, its people and four months of documents, unless somebody can sign in already."""
    if any_user():
        click.echo("There are people already; nothing was made.")
        return
    with transaction():
        organisation = found_organisation(DEMO_ORGANISATION)
        for name, role in DEMO_PEOPLE.items():
            email = f"{name.partition(' ')[0].lower()}@northgate.example"
            add_user(organisation, email, name, role=role, password=DEMO_PASSWORD)
        organisation_id = organisation.id
    with acting_for(organisation_id), transaction():
        entity = found_entity(DEMO_ENTITY)
        click.echo(f"{furnish(entity)} documents were made for {entity.name}.")


@click.command("worker")
@click.option("--threads", type=int, default=None, help="How many lanes are told at once; LANES_AT_ONCE if left out.")
@with_appcontext
def worker(threads: int | None) -> None:
    """Carry messages to QuickBooks and bring payments back, until stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own way to the app
    process.run(app, engine(), lanes=threads)


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--profile", type=click.Choice(sorted(PROFILES)), default="standard", show_default=True)
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@click.option("--open/--draft", "open_documents", default=True, help="Open what is new, or leave it as drafts.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@with_appcontext
def import_file(file: BinaryIO, profile: str, entity: int, *, open_documents: bool, dry_run: bool) -> None:
    """Import invoices and credit notes from FILE (CSV, also packed with gzip)."""
    with everywhere():
        chosen = db.session.get(BillingEntity, entity)
    if chosen is None:
        raise click.BadParameter("there is no such billing entity", param_hint="--entity")
    with acting_for(chosen.organisation_id):
        with transaction():
            run = runs.hand_in(chosen, profile, (file.name, file), open_documents=open_documents, actor=OPERATOR)
        for verdict, number in runs.dry_run(run).counts().items():
            click.echo(f"{verdict.value:>10}: {number}")
        if not dry_run:
            _carry_out(run)


def _carry_out(run: ImportRun) -> None:
    with transaction():
        runs.start(run)
    done = carry_out(run.id, progress=lambda at, of: click.echo(f"\r{at} of {of}", nl=False))
    click.echo(f"\nmade {done.made}, changed {done.changed}, unchanged {done.unchanged}, refused {done.refused}")
    for refusal in runs.refusals(done).rows:
        click.echo(f"  {refusal.number} (lines {refusal.lines}): {refusal.reason}")


@click.command("tie")
@click.argument("realm_id")
@click.option("--access-token", required=True)
@click.option("--refresh-token", required=True)
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@with_appcontext
def tie(realm_id: str, access_token: str, refresh_token: str, entity: int) -> None:
    """Connect and accept the QuickBooks company REALM_ID with tokens granted elsewhere (Intuit's OAuth playground)."""
    with everywhere():
        chosen = db.session.get_one(BillingEntity, entity)
    with acting_for(chosen.organisation_id):
        grant = connecting.granted(access_token, refresh_token)
        connecting.tie_without_browser(engine().quickbooks, chosen, realm_id, grant)
    click.echo(f"{chosen.name} is connected to company {realm_id}.")


@quickbooks.command("record")
@click.argument("file", type=click.File("w"))
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@click.option("--production", is_flag=True, help="The production company; left out, the sandbox one.")
@click.option("--plan", type=click.Choice(sorted(tour.PLANS)), default="standard", show_default=True)
@click.option("--write", is_flag=True, help="Also make records and documents; only in a sandbox, and asks first.")
@click.option("--private", is_flag=True, help="Keep no names, addresses, phones and notes.")
def record(file: TextIO, entity: int, *, production: bool, plan: str, write: bool, private: bool) -> None:
    """Make a tour of a connected company and keep every exchange in FILE, one JSON object a line."""
    if write and production:
        raise click.BadParameter("only a sandbox is written to", param_hint="--write")
    connection = _connected(entity, "live" if production else "test")
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


@sync.command("verify")
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@click.option("--sandbox", is_flag=True, help="The sandbox company; left out, the production one.")
def verify(entity: int, *, sandbox: bool) -> None:
    """Read every linked record and print each link that does not point to what it says; then it ends with 1."""
    connection = _connected(entity, "test" if sandbox else "live")
    with acting_for(connection.organisation_id), _told_in_words():
        wrong = link_checking.check(engine().quickbooks, connection.id)
    for one in wrong:
        click.echo(f"{one.label}: {one.entity} {one.remote_id} {one.sentence}")
    click.echo(f"{len(wrong)} links are wrong")
    if wrong:
        raise SystemExit(1)


@sync.command("rebuild-links")
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@click.option("--sandbox", is_flag=True, help="The sandbox company; left out, the production one.")
@click.option("--write", is_flag=True, help="Tie what agrees in all; left out, it is only shown.")
def rebuild_links(entity: int, *, sandbox: bool, write: bool) -> None:
    """Find our documents in QuickBooks that are linked to nothing: by number, customer, date and total."""
    connection = _connected(entity, "test" if sandbox else "live")
    with acting_for(connection.organisation_id), _told_in_words():
        found = link_rebuilding.look(engine().quickbooks, connection.id)
        tied = link_rebuilding.write(found, OPERATOR) if write else 0
    for one in found.matches:
        there = "; ".join(f"{each.seen.id} {', '.join(each.differs)}".strip() for each in one.candidates)
        click.echo(f"{one.ours.number:<21} {one.sameness.value:<10} {there}")
    click.echo(f"{tied} linked" if write else f"{len(found.exact)} can be linked; --write does it")


@contextmanager
def _told_in_words() -> Iterator[None]:
    """What goes wrong is a sentence, and no traceback."""
    try:
        yield
    except PortalError as problem:
        raise click.ClickException(problem.message) from problem


def _connected(entity: int, mode: str) -> Connection:
    wanted = (Connection.billing_entity_id == entity, Connection.mode == mode)
    with everywhere():
        found = db.session.scalar(select(Connection).where(*wanted, Connection.state == ConnectionState.ACTIVE))
    if found is None:
        raise click.ClickException(f"billing entity {entity} is connected to no company in mode {mode}")
    return found


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
