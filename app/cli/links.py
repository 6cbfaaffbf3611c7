"""The links between both sides, checked and found again."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext

from app.cli.acting import OPERATOR, connected, told_in_words
from app.foundation.tenancy import acting_for
from app.sync.engine import engine
from app.sync.reconciling import link_checking, link_rebuilding
from app.sync.telling import restoring

sync = AppGroup("sync", help="The links between both sides, checked and found again.")


@sync.command("verify")
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@click.option("--sandbox", is_flag=True, help="The sandbox company; left out, the production one.")
@told_in_words()
def verify(entity: int, *, sandbox: bool) -> None:
    """Read every linked record and print each link that does not point to what it says; then it ends with 1."""
    connection = connected(entity, "test" if sandbox else "live")
    with acting_for(connection.organisation_id):
        wrong = link_checking.check(engine().quickbooks, connection.id)
    for one in wrong:
        click.echo(f"{one.label}: {one.entity} {one.remote_id} {one.sentence}")
    click.echo(f"{len(wrong)} links are wrong")
    if wrong:
        raise SystemExit(1)


@sync.command("restored")
@with_appcontext
@told_in_words()
def restored() -> None:
    """Say that the database was restored from a backup: what waits in it is looked for before it is sent."""
    companies = restoring.declare()
    click.echo(f"In {companies} companies what was posted until now is looked for before it is made there.")
    click.echo("Then run a reconciliation: it shows what was made since the backup was taken and is unknown here.")


@sync.command("rebuild-links")
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@click.option("--sandbox", is_flag=True, help="The sandbox company; left out, the production one.")
@click.option("--write", is_flag=True, help="Tie what agrees in all; left out, it is only shown.")
@told_in_words()
def rebuild_links(entity: int, *, sandbox: bool, write: bool) -> None:
    """Find our documents in QuickBooks that are linked to nothing: by number, customer, date and total."""
    connection = connected(entity, "test" if sandbox else "live")
    with acting_for(connection.organisation_id):
        found = link_rebuilding.look(engine().quickbooks, connection.id)
        tied = link_rebuilding.write(found, OPERATOR) if write else 0
    for one in found.matches:
        there = "; ".join(f"{each.seen.id} {', '.join(each.differs)}".strip() for each in one.candidates)
        click.echo(f"{one.ours.number:<21} {one.sameness.value:<10} {there}")
    click.echo(f"{tied} linked" if write else f"{len(found.exact)} can be linked; --write does it")
