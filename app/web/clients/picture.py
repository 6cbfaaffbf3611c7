"""All that concerns one client, as its page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from app.billing import aging, figures, queries
from app.billing.aging import Debtor, Wanted
from app.billing.client import Client
from app.billing.document import Document
from app.billing.figures import Sums
from app.billing.kinds import DocumentKind
from app.billing.payment import Payment
from app.billing.queries import DocumentFilter, Page
from app.billing.terms import PaymentTerm
from app.foundation import clock
from app.foundation.database import db
from app.sync.payments.applying import Rests, rests_of_all
from app.sync.payments.unapplied import credits_of

_SHOWN = 10


@dataclass(frozen=True)
class Picture:
    """A client; sums by currency are over all its issued documents."""

    client: Client
    term: PaymentTerm | None
    sums: dict[str, Sums]
    invoices: Page[Document]
    credit_notes: Page[Document]
    payments: Page[Payment]
    rests: Mapping[int, Rests]
    """What of each of the payments is on no document of ours."""
    owing: list[Debtor]
    """What it owes and has to its credit, by currency; empty where the two sides are even."""


def picture_of(client: Client) -> Picture:
    """Read it; the ten newest of each kind of document and of payments."""
    payments = queries.payments(client_id=client.id, per_page=_SHOWN)
    wanted = {kind: DocumentFilter(kind=kind, client_id=client.id) for kind in DocumentKind}
    return Picture(
        client=client,
        term=db.session.get(PaymentTerm, client.default_term_id) if client.default_term_id else None,
        sums=figures.sums(DocumentFilter(client_id=client.id)),
        invoices=queries.documents(wanted[DocumentKind.INVOICE], per_page=_SHOWN),
        credit_notes=queries.documents(wanted[DocumentKind.CREDIT_NOTE], per_page=_SHOWN),
        payments=payments,
        rests=rests_of_all(payments.rows),
        owing=owing_of([client.id]),
    )


def owing_of(client_ids: list[int]) -> list[Debtor]:
    """What these clients owe and have to their credit, as among the debtors; its age is not looked at."""
    return aging.of_clients(Wanted(clock.now().date(), credits_of(client_ids)), client_ids)


def balances_of(client_ids: list[int]) -> dict[int, list[Debtor]]:
    """The same by client: a line for each currency."""
    by_client: defaultdict[int, list[Debtor]] = defaultdict(list)
    for row in owing_of(client_ids):
        by_client[row.client_id].append(row)
    return by_client
