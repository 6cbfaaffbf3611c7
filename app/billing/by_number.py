"""Documents by what a person types of their numbers: whole, the mere count, or a part of a recent one."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import joinedload

from app.billing import entities
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.numbering import called
from app.foundation.database import db
from app.foundation.tenancy import BY_KEY

RECENT = 5_000
"""Documents of each kind whose numbers are read for a part: with more, every key typed would be felt."""


def numbered(words: str, *, most: int, recent: int = RECENT) -> list[Document]:
    """At most so many documents, those called exactly so first, clients loaded.

    "12" finds INV-00012 however old it is; a part of a number is looked for among the `recent` documents.
    """
    found = {document.id: document for document in (*_called(words), *_holding(words, most, recent))}
    return list(found.values())[:most]


def _called(words: str) -> Iterator[Document]:
    for entity in entities.entities():
        numbers = {words, words.upper()}
        if words.isdecimal() and len(words) <= entity.number_digits:
            numbers |= {called(entity, kind, int(words)) for kind in DocumentKind}
        same = (Document.billing_entity_id == entity.id, Document.kind.in_(list(DocumentKind)))
        found = select(Document).where(*same, Document.number.in_(numbers)).order_by(Document.id)
        yield from db.session.scalars(found.options(joinedload(Document.client)), execution_options=BY_KEY)


def _holding(words: str, most: int, recent: int) -> list[Document]:
    newest = union_all(*(select(_newest(kind, recent).subquery()) for kind in DocumentKind))
    holding = select(Document).where(Document.id.in_(newest), Document.number.icontains(words, autoescape=True))
    listed = holding.order_by(Document.id.desc()).limit(most).options(joinedload(Document.client))
    return list(db.session.scalars(listed))


def _newest(kind: DocumentKind, recent: int) -> Select[int]:
    """By their days, for that is how an index holds them."""
    of_kind = select(Document.id).where(Document.kind == kind)
    return of_kind.order_by(Document.issue_date.desc(), Document.id.desc()).limit(recent)
