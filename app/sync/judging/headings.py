"""Classes and locations: under what a company sorts its sales, and what of it a document says. Pure.

A line goes under the class of its service, a document under the location of its client; where none was chosen, under
the company's default, and where there is none either, under none. A company that has one class for a whole document
gets the one that all its lines share, else the default.

Both are said when a document is made. An amendment leaves out what stands at its head, and the comparison of both
sides leaves out both: no money hangs on them, and a bookkeeper may sort anew what QuickBooks has. Lines are written
whole by an amendment (reference 2.5), so they say their class again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress
from typing import Any

from app.quickbooks.lists import CLASSES, LOCATIONS
from app.quickbooks.models import ClassTracking, Connection
from app.sync.judging.facts import Books, DocumentFacts, Heading, LineFacts
from app.sync.records.mappings import MappingKind

MAP_CLASSES, MAP_LOCATIONS = "map_classes", "map_locations"
"""Names of the catalogue of fixes."""


def of_company(connection: Connection) -> list[MappingKind]:
    """By what the company sorts its sales."""
    classes = connection.class_tracking is not ClassTracking.NONE
    return list(compress((MappingKind.CLASS, MappingKind.LOCATION), (classes, connection.tracks_locations)))


def of_line(line: LineFacts, books: Books) -> dict[str, Any]:
    """What a line says of its class."""
    return _said("ClassRef", line.heading if books.class_tracking is ClassTracking.PER_LINE else None)


def of_document(document: DocumentFacts, books: Books) -> dict[str, Any]:
    """What stands at the head of a new document; nothing for one that is there already."""
    if document.link is not None:
        return {}
    return _said("ClassRef", _one_class(document, books)) | _said("DepartmentRef", _location(document, books))


def unusable(document: DocumentFacts, books: Books) -> Iterator[tuple[Heading, str, str]]:
    """Those that can't be used any more, each once: what it is, what it is called, and the fix."""
    heads = dict.fromkeys(line.heading for line in document.lines if of_line(line, books))
    if document.link is None:
        heads[_one_class(document, books)] = None
    for head in heads:
        if head is not None and head.trouble:
            yield head, "class", MAP_CLASSES
    place = _location(document, books) if document.link is None else None
    if place is not None and place.trouble:
        yield place, "location", MAP_LOCATIONS


def named_in(document: DocumentFacts) -> dict[str, set[str | None]]:
    """The ids of all that a document may name, by their lists."""
    classes = {line.heading for line in document.lines} | {document.default_class}
    return {CLASSES: set(map(_id, classes)), LOCATIONS: {_id(document.location)}}


def _id(head: Heading | None) -> str | None:
    return None if head is None else head.remote_id


def _said(name: str, head: Heading | None) -> dict[str, Any]:
    return {} if head is None else {name: {"value": head.remote_id}}


def _one_class(document: DocumentFacts, books: Books) -> Heading | None:
    if books.class_tracking is not ClassTracking.PER_TRANSACTION:
        return None
    shared = {line.heading for line in document.lines if not line.is_comment}
    return shared.pop() if len(shared) == 1 else document.default_class


def _location(document: DocumentFacts, books: Books) -> Heading | None:
    return document.location if books.tracks_locations else None
