"""Bringing a file of invoices in."""

from __future__ import annotations

from typing import BinaryIO

import click
from flask.cli import with_appcontext

from app.billing.importing import runs
from app.billing.importing.carrying import carry_out
from app.billing.importing.profiles import PROFILES
from app.billing.importing.run import ImportRun
from app.cli.acting import OPERATOR, billing_entity, told_in_words
from app.foundation.database import transaction
from app.foundation.tenancy import acting_for
from app.web.imports.words import dates_of


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--profile", type=click.Choice(sorted(PROFILES)), default="standard", show_default=True)
@click.option("--entity", type=int, default=1, show_default=True, help="The billing entity's id.")
@click.option("--open/--draft", "open_documents", default=True, help="Open what is new, or leave it as drafts.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and change nothing.")
@with_appcontext
@told_in_words(file="FILE", profile="--profile")
def import_file(file: BinaryIO, profile: str, entity: int, *, open_documents: bool, dry_run: bool) -> None:
    """Import invoices and credit notes from FILE (CSV, also packed with gzip)."""
    chosen = billing_entity(entity)
    with acting_for(chosen.organisation_id):
        with transaction():
            run = runs.hand_in(chosen, profile, (file.name, file), open_documents=open_documents, actor=OPERATOR)
        click.echo(dates_of(runs.profile_of(run)))
        for verdict, number in runs.dry_run(run).counts().items():
            click.echo(f"{verdict.value:>10}: {number}")
        if not dry_run:
            _carry_out(run)


def _carry_out(run: ImportRun) -> None:
    with transaction():
        runs.start(run)
    done = carry_out(run.id, progress=lambda at, of: click.echo(f"\r{at} of {of}", nl=False))
    click.echo(f"\nmade {done.made}, changed {done.changed}, unchanged {done.unchanged}, refused {done.refused}")
    refusals = runs.refusals(done)
    for refusal in refusals.rows:
        click.echo(f"  {refusal.number} (lines {refusal.lines}): {refusal.reason}")
    if refusals.total > len(refusals.rows):
        click.echo(f"  and {refusals.total - len(refusals.rows)} more; the page of this import lists them all")
