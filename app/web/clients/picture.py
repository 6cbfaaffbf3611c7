"""All that concerns one client, as its page shows it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from app.billing import figures, owing, queries
from app.billing.client import Client
from app.billing.document import Document
from app.billing.figures import Sums
from app.billing.kinds import DocumentKind
from app.billing.payment import Payment
from app.billing.queries import DocumentFilter, Page
from app.billing.terms import PaymentTerm
from app.foundation.database import db
from app.sync.payments import rests_of_all

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
    credit: dict[str, int]
    """Pence by currency that came in and are on no invoice yet."""


def picture_of(client: Client) -> Picture:
    """Read it; the ten newest of each kind of document and of payments."""
    wanted = {kind: DocumentFilter(kind=kind, client_id=client.id) for kind in DocumentKind}
    return Picture(
        client=client,
        term=db.session.get(PaymentTerm, client.default_term_id) if client.default_term_id else None,
        sums=figures.sums(DocumentFilter(client_id=client.id)),
        invoices=queries.documents(wanted[DocumentKind.INVOICE], per_page=_SHOWN),
        credit_notes=queries.documents(wanted[DocumentKind.CREDIT_NOTE], per_page=_SHOWN),
        payments=queries.payments(client_id=client.id, per_page=_SHOWN),
        credit=_credit_of(client),
    )


def _credit_of(client: Client) -> dict[str, int]:
    credit: Counter[str] = Counter()
    found = owing.credits_of(client.id)
    rests = rests_of_all(found)
    for payment in found:
        credit[payment.currency] += rests[payment.id].unapplied_pence
    return {currency: pence for currency, pence in credit.items() if pence > 0}
