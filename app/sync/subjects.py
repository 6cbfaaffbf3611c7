"""What a person calls the subjects of messages: an invoice's number, a client's name, a service's code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import InstrumentedAttribute

from app.billing.client import Client
from app.billing.document import Document
from app.billing.payment import Payment
from app.billing.service import Service
from app.foundation.database import db
from app.outbox.models import Subject
from app.sync.kinds import DOCUMENTS, KINDS


@dataclass(frozen=True)
class Name:
    """What it is and what it is called; `beside` says whose it is, where that is not said by the name."""

    word: str
    label: str
    beside: str = ""


def names_of(subjects: Iterable[Subject]) -> dict[Subject, Name]:
    """The names of many subjects; one question for each kind."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for subject in subjects:
        by_kind[subject.kind].append(subject.id)
    found: dict[Subject, Name] = {}
    for kind, ids in by_kind.items():
        known = _names(kind, ids)
        found |= {Subject(kind, id_): known.get(id_, Name(_word(kind), f"number {id_}")) for id_ in ids}
    return found


def _word(kind: str) -> str:
    return KINDS[kind].word if kind in KINDS else kind.replace("_", " ").capitalize()


def _names(kind: str, ids: list[int]) -> dict[int, Name]:
    word, asked = _word(kind), _QUESTIONS.get("document" if kind in DOCUMENTS else kind)
    if asked is None:
        return {}
    row_id, question = asked
    rows = db.session.execute(question.where(row_id.in_(ids)))
    return {id_: Name(word, label or f"number {id_}", beside or "") for id_, label, beside in rows}


_NOTHING = literal("")
_QUESTIONS: dict[str, tuple[InstrumentedAttribute[int], Any]] = {
    "document": (
        Document.id,
        select(Document.id, Document.number, Client.name).outerjoin(Client, Client.id == Document.client_id),
    ),
    "client": (Client.id, select(Client.id, Client.name, _NOTHING)),
    "service": (Service.id, select(Service.id, Service.code, Service.name)),
    "payment": (Payment.id, select(Payment.id, Payment.reference, _NOTHING)),
}
"""For each kind: its key, and a question for (id, label, what stands beside it)."""
