"""Tables that come back: the file read, what it would do shown, and the lines sent back when a person agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import render_template, request

from app.billing.importing.reader import Row, read_rows
from app.foundation.errors import BadInputError
from app.sync.mapping import planned_lines
from app.sync.mapping.planned_lines import Agreed, Fate, Planned


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where a table of one kind goes out and comes back; the addresses are those of its pages."""

    title: str
    out: str
    back: str
    again: str
    columns: Sequence[str]
    hint: str
    key: str
    """By what a line says which of ours it means."""
    noun: str
    nouns: str
    verb: str


def rows_sent(required: tuple[str, ...]) -> list[Row]:
    """The lines of the file that was sent. Raises BadInputError for none, or one that is no such table."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise BadInputError("file", "Choose a file.")
    rows = list(read_rows(cast("BinaryIO", sent.stream), required))
    if not rows:
        raise BadInputError("file", "The file has no lines below its heading.")
    return rows


def picked() -> list[Agreed]:
    """The lines that were sent back to be done. Raises BadInputError for what no page of ours sends."""
    return [_pick(text) for text in request.form.getlist("pick")]


def page(door: Door, planned: Sequence[Planned], problem: str = "") -> str:
    """The page that asks for a file, or that shows what one would do."""
    return render_template(
        "quickbooks/mapping_file.html",
        door=door,
        planned=planned_lines.worth_showing(planned),
        number=len(planned),
        tally=planned_lines.tally(planned),
        picks=[_sent_back(one) for one in planned_lines.acting(planned)],
        Fate=Fate,
        problem=problem,
    )


def _sent_back(one: Planned) -> str:
    return f"{one.fate.name}:{one.subject_id}:{one.remote_id}"


def _pick(text: str) -> Agreed:
    fate, _colon, rest = text.partition(":")
    our_id, _colon, remote_id = rest.partition(":")
    if fate not in Fate.__members__ or not Fate[fate].acts or not our_id.isdecimal():
        raise BadInputError("file", "Choose the file again; what was sent back could not be read.")
    return Agreed(Fate[fate], int(our_id), remote_id)
