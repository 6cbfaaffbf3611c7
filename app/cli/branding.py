"""The official artwork of the button "Connect to QuickBooks", put in place by the operator."""

from __future__ import annotations

from typing import BinaryIO

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.accounts.models import Organisation
from app.cli.acting import OPERATOR, told_in_words
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.foundation.tenancy import acting_for, everywhere
from app.quickbooks import connect_button
from app.quickbooks.button_archive import LARGEST_ARCHIVE, faces_in, is_archive
from app.quickbooks.pictures import LARGEST_BYTES, Picture, checked

branding = AppGroup("branding", help="Marks that belong to others and are not handed out with the portal.")


@branding.command("import-connect-button")
@click.argument("file", type=click.File("rb"))
@click.option("--hover", type=click.File("rb"), default=None, help="The button under a pointer, where FILE is a PNG.")
@click.option("--organisation", type=int, default=None, help="Its id; left out, every organisation there is.")
@told_in_words(file="FILE", hover="--hover", organisation="--organisation")
def import_connect_button(file: BinaryIO, hover: BinaryIO | None, organisation: int | None) -> None:
    """Put Intuit's button in place: FILE is the archive that Intuit hands out, or the PNG of the button alone."""
    base, under_pointer = _handed_in(file, hover)
    names = _organisations(organisation)
    for organisation_id in names:
        with acting_for(organisation_id), transaction():
            connect_button.keep(base, under_pointer, by=OPERATOR.name)
    pictures = "in both states" if under_pointer else "without a picture under a pointer"
    click.echo(f"The button ({base.width} by {base.height} pixels, {pictures}) stands at: {', '.join(names.values())}.")


def _handed_in(file: BinaryIO, hover: BinaryIO | None) -> tuple[Picture, Picture | None]:
    content = file.read(LARGEST_ARCHIVE + 1)
    if len(content) > LARGEST_ARCHIVE:
        raise BadInputError("file", f"This file is larger than {LARGEST_ARCHIVE // 1_000_000} MB.")
    base, under_pointer = faces_in(content) if is_archive(content) else (content, None)
    if hover is not None:
        under_pointer = hover.read(LARGEST_BYTES + 1)
    return checked(base, "file"), checked(under_pointer, "hover") if under_pointer is not None else None


def _organisations(only: int | None) -> dict[int, str]:
    """{id: name}. Raises BadInputError where there is none."""
    wanted = select(Organisation).order_by(Organisation.id)
    with everywhere():
        rows = db.session.scalars(wanted if only is None else wanted.where(Organisation.id == only)).all()
        found = {row.id: row.name for row in rows}
    if not found:
        raise BadInputError("organisation", "There is no such organisation. Make one with: flask users create-owner")
    return found
