"""What a person calls the subjects of messages: an invoice's number, a client's name, a service's code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from app.billing.client import Client
from app.billing.document import Document
from app.billing.payment import Payment
from app.billing.service import Service
from app.foundation.database import db
from app.outbox.models import Subject
from app.sync.judging.kinds import DOCUMENTS, KINDS


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
    unnamed = ("Draft", word.lower()) if kind in DOCUMENTS else None
    return {id_: _name(word, label, unnamed or (word, f"number {id_}"), beside) for id_, label, beside in rows}


def _name(word: str, label: str | None, otherwise: tuple[str, str], beside: str | None) -> Name:
    return Name(word, label, beside or "") if label else Name(*otherwise, beside or "")


_NOTHING = literal("")
_called = case(
    (Payment.reference != "", Payment.reference),
    (Payment.amount_pence == 0, "by credit note"),
    else_="without reference",
)
_QUESTIONS: dict[str, tuple[InstrumentedAttribute[int], Any]] = {
    "document": (
        Document.id,
        select(Document.id, Document.number, Client.name).outerjoin(Client, Client.id == Document.client_id),
    ),
    "client": (Client.id, select(Client.id, Client.name, _NOTHING)),
    "service": (Service.id, select(Service.id, Service.code, Service.name)),
    "payment": (
        Payment.id,
        select(Payment.id, _called, Client.name).join(Client, Client.id == Payment.client_id),
    ),
}
"""For each kind: its key, and a question for (id, label, what stands beside it)."""
