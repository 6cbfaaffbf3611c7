"""What a person calls the subjects of messages: an invoice's number, a client's name, a service's code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

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
    word = _word(kind)
    if kind in DOCUMENTS:
        rows = select(Document.id, Document.number, Client.name).outerjoin(Client, Client.id == Document.client_id)
        wanted = rows.where(Document.id.in_(ids))
        return {id_: Name(word, number or "draft", name or "") for id_, number, name in db.session.execute(wanted)}
    if kind == "client":
        clients = select(Client.id, Client.name).where(Client.id.in_(ids))
        return {id_: Name(word, name) for id_, name in db.session.execute(clients)}
    if kind == "payment":
        payments = select(Payment.id, Payment.reference).where(Payment.id.in_(ids))
        return {id_: Name("Payment", reference or f"number {id_}") for id_, reference in db.session.execute(payments)}
    services = select(Service.id, Service.code, Service.name).where(Service.id.in_(ids))
    return {id_: Name(word, code, name) for id_, code, name in db.session.execute(services)}
