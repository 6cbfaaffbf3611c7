"""Bringing a file of invoices in."""

from __future__ import annotations

from typing import BinaryIO

import click
from flask.cli import with_appcontext

from app.billing.importing import runs
from app.billing.importing.carrying import carry_out
from app.billing.importing.planning import ImportPlan
from app.billing.importing.profiles import PROFILES
from app.billing.importing.records import ranges
from app.billing.importing.run import ImportRun
from app.billing.queries import PER_PAGE
from app.cli.acting import OPERATOR, billing_entity, told_in_words
from app.foundation.database import transaction
from app.foundation.tenancy import acting_for
from app.web.imports.words import dates_of, why


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
        plan = runs.dry_run(run)
        for verdict, number in plan.counts().items():
            click.echo(f"{verdict.value:>10}: {number}")
        if dry_run:
            _tell_why(plan)
        else:
            _carry_out(run)


def _tell_why(plan: ImportPlan) -> None:
    """Of what is refused: how many for which reason, then each by its number, as the dry run's page has it."""
    for code, number in plan.refused_by_code().items():
        click.echo(f"{'':>12}{why(code)}: {number}")
    refused = [planned for planned in plan.documents if planned.refusals]
    for planned in refused[:PER_PAGE]:
        reasons = "; ".join(refusal.reason for refusal in planned.refusals)
        click.echo(f"  {planned.number} (lines {ranges(planned.lines)}): {reasons}")
    if len(refused) > PER_PAGE:
        click.echo(f"  and {len(refused) - PER_PAGE} more; the dry run on the page of this import lists them all")


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
