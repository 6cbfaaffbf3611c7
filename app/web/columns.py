"""Cells that know their column: where a table is too narrow each row becomes a card, and the cells name themselves.

Roles keep it a table for screen readers, whatever the styles make of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flask import Flask
from markupsafe import Markup, escape

from app.web.formats import NOTHING

Heading = str | tuple[str, str]
"""A word, or a word and the class of its heading; it may be markup."""
_DASH = rf'\s*(?:<span class="soft">)?{NOTHING}(?:</span>)?\s*</td>'
_OPENING = re.compile(rf"<(tr|t[dh])\b([^>]*)>({_DASH})?")
_SPOKEN = re.compile(r'<span class="visually-hidden">.*?</span>', re.DOTALL)
_SPAN = re.compile(r'colspan="(\d+)"')
_ROLES = {"tr": "row", "td": "cell", "th": "rowheader"}


def init_app(app: Flask) -> None:
    """Give templates the filter `in_columns`."""
    app.jinja_env.filters.update(in_columns=in_columns)


def in_columns(rows: str, headings: Sequence[Heading]) -> Markup:
    """Rows of a table's body whose cells carry their roles and, as `data-label`, the words of their headings.

    A cell over several columns has no one heading. One that says nothing but a dash is marked `data-none`.
    """
    words, here = [_word(heading) for heading in headings], 0

    def placed(found: re.Match[str]) -> str:
        nonlocal here
        tag, told, dash = found.groups()
        span = _SPAN.search(told)
        word = words[here] if tag != "tr" and not span and here < len(words) else ""
        here = 0 if tag == "tr" else here + (int(span[1]) if span else 1)
        return f"<{tag}{told}{''.join(_marks(tag, told, word, is_none=bool(dash)))}>{dash or ''}"

    return Markup(_OPENING.sub(placed, rows))  # noqa: S704 - rows that a template escaped; only escaped words are added


def _marks(tag: str, told: str, word: str, *, is_none: bool) -> Iterator[str]:
    if "role=" not in told:
        yield f' role="{_ROLES[tag]}"'
    if word and "data-label=" not in told:
        yield f' data-label="{escape(word)}"'
    if is_none and "data-none" not in told:
        yield " data-none"


def _word(heading: Heading) -> str:
    """What a heading says to the eye."""
    told = heading if isinstance(heading, str) else heading[0]
    return " ".join(Markup(_SPOKEN.sub("", told)).striptags().split())  # noqa: S704 - its tags are taken out
