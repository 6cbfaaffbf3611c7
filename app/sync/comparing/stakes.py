"""How much money a remedy moves, and on which side: said before anybody confirms it for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.billing.wording import amount
from app.foundation.database import db
from app.foundation.tenancy import BY_KEY
from app.quickbooks.answers import DocumentSeen
from app.sync.comparing import pictures
from app.sync.comparing.drifts import Drift, DriftCause
from app.sync.comparing.pictures import Key, Picture
from app.sync.comparing.remedies import PAID, Remedy
from app.sync.comparing.sides import AMOUNTS
from app.sync.judging.kinds import DOCUMENTS

_OF_ONE_SIDE = (
    *(DriftCause.VOIDED_THERE, DriftCause.REMOVED_THERE, DriftCause.ONLY_HERE),
    *(DriftCause.ONLY_THERE, DriftCause.DUPLICATE),
)
_MOVE_MONEY = frozenset({*AMOUNTS, *PAID, *_OF_ONE_SIDE})


@dataclass
class Stake:
    """What documents come to on both sides, in pence of one currency; of payments what is paid on them."""

    ours: int = 0
    theirs: int = 0


Stakes = Mapping[str, Stake]
"""{currency: what is at stake in it}."""


def stakes(drifts: Sequence[Drift]) -> Stakes:
    """As both sides were at the last comparison; nothing for differences that move no money."""
    found: defaultdict[str, Stake] = defaultdict(Stake)
    concerned = [drift for drift in drifts if drift.cause in _MOVE_MONEY]
    documents, seen = _documents(concerned), _seen(concerned)
    for drift in concerned:
        mine, there = documents.get(drift.subject_id), seen.get((drift.entity, drift.remote_id))
        currency = mine.currency if mine else there.currency if there and there.currency else "GBP"
        stake = found[currency]
        stake.ours += _ours(mine, is_paid=drift.cause in PAID)
        stake.theirs += _theirs(there, is_paid=drift.cause in PAID)
    return dict(sorted(found.items()))


def told(drifts: Sequence[Drift], remedy: Remedy, at_stake: Stakes) -> str:
    """Number, sum and direction in one sentence. Pure."""
    number = f"{len(drifts):,} {'difference' if len(drifts) == 1 else 'differences'}"
    if not at_stake:
        return f"{number}; no amount is changed by it."
    paid = " paid" if drifts[0].cause in PAID else ""
    ours = _joined(f"{amount(one.ours, currency)}{paid}" for currency, one in at_stake.items())
    theirs = _joined(f"{amount(one.theirs, currency)}{paid}" for currency, one in at_stake.items())
    if remedy in {Remedy.ACCEPT, Remedy.ADOPT}:
        return f"{number}: {ours} in Counterfoil becomes {theirs}. QuickBooks stays as it is."
    if remedy in {Remedy.SEND, Remedy.AGAIN}:
        return f"{number}: {theirs} in QuickBooks becomes {ours}. Counterfoil stays as it is."
    return f"{number}: {ours} in Counterfoil, {theirs} in QuickBooks."


def _documents(drifts: Iterable[Drift]) -> dict[int, Document]:
    ids = {drift.subject_id for drift in drifts if drift.kind in DOCUMENTS}
    rows = db.session.scalars(select(Document).where(Document.id.in_(ids)), execution_options=BY_KEY)
    return {row.id: row for row in rows}


def _seen(drifts: Iterable[Drift]) -> dict[Key, DocumentSeen]:
    found: dict[Key, DocumentSeen] = {}
    ids: defaultdict[int, set[str]] = defaultdict(set)
    for drift in drifts:
        ids[drift.connection_id].add(drift.remote_id)
    for connection_id, wanted in ids.items():
        found |= pictures.documents(connection_id, Picture.remote_id.in_(wanted))
    return found


def _ours(mine: Document | None, *, is_paid: bool) -> int:
    if mine is None or mine.status is DocumentStatus.VOID:
        return 0
    return mine.settled_pence if is_paid else mine.owed_pence


def _theirs(there: DocumentSeen | None, *, is_paid: bool) -> int:
    if there is None or there.voided or there.deleted:
        return 0
    return there.total_pence - there.balance_pence if is_paid else there.total_pence


def _joined(parts: Iterable[str]) -> str:
    return " and ".join(parts)
