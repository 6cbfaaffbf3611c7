"""One box for everything: numbers, names, references, amounts, QuickBooks' own ids, an intuit_tid, or an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.billing import by_amount, queries
from app.billing.by_number import numbered
from app.billing.by_reference import referenced
from app.billing.client import Client
from app.billing.document import Document
from app.billing.payment import Payment
from app.billing.service import Service
from app.sync.judging.kinds import KINDS
from app.sync.judging.subjects import Name, names_of
from app.sync.records.links import Link, links_to_id
from app.sync.records.slices import Place
from app.sync.watching import operations, word_search
from app.sync.watching.operations import LogFilter, Operation, Show

MOST = 6
"""Of each kind; the lists have pages for more."""
SHORTEST = 2
"""Characters below which nothing is looked for: everything would be found."""
_PAYMENT = "Payment"


@dataclass(frozen=True)
class Linked:
    """A record of ours, found by the id of what it is linked to."""

    link: Link
    name: Name


@dataclass(frozen=True)
class Found:
    """What a search found, a few of each kind. `operations` are those of the sync log that are named or in trouble."""

    documents: list[Document] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    documents_over: list[Document] = field(default_factory=list)
    """Those of exactly the amount that was typed."""
    payments_of: list[Payment] = field(default_factory=list)
    """The same."""
    clients: list[Client] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    linked: list[Linked] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found at all."""
        return not any(vars(self).values())


def look_for(words: str) -> Found:
    """Whatever matches, a few of each kind. Only reads."""
    words = words.strip()
    if len(words) < SHORTEST and not words.isdecimal():
        return Found()
    return Found(
        documents=numbered(words, most=MOST),
        payments=referenced(words, most=MOST),
        **_amounting(by_amount.typed(words)),
        clients=queries.clients(words, active=None, per_page=MOST).rows,
        services=queries.services(words, active=None, per_page=MOST).rows,
        linked=_linked(words),
        operations=_told(words),
    )


def _amounting(pence: int | None) -> dict[str, Any]:
    if pence is None:
        return {}
    return {
        "documents_over": by_amount.documents(pence, most=MOST),
        "payments_of": by_amount.payments(pence, most=MOST),
    }


def _linked(words: str) -> list[Linked]:
    links = links_to_id(words, [*(kind.entity for kind in KINDS.values()), _PAYMENT])[:MOST]
    names = names_of([link.subject for link in links])
    return [Linked(link, names[link.subject]) for link in links]


def _told(words: str) -> list[Operation]:
    """What carries this request id or intuit_tid; else what is held or failed with these words."""
    carrying = word_search.carrying(words)
    if carrying:
        return [operations.operation(message_id) for message_id in sorted(carrying, reverse=True)[:MOST]]
    troubled = LogFilter(search=words, show=Show.PROBLEMS)
    return operations.operations(troubled, Place(size=MOST)).rows
