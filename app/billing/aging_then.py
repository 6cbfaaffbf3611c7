"""Aged debtors as of any day, as a month's end: what was issued and had come in by then, by the dates on both.

What is void or was taken back by now never counted; a statement of account up to that day comes to the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, case, func, or_, select

from app.billing.aging import AGES, Credits, Debtor, Total, Wanted, age_of
from app.billing.client import Client
from app.billing.document import IS_OWED, OVERPAID, Document
from app.billing.kinds import ISSUED, DocumentKind
from app.billing.owing import Account
from app.billing.payment import Allocation, Payment, PaymentState
from app.billing.queries import OWED_PENCE, PER_PAGE, Page
from app.billing.words import matches
from app.foundation.database import db

Key = tuple[int, str]
"""(client id, currency)."""


class _Open(NamedTuple):
    """A document that was not settled to the penny on the day; pence still to come, below nought: paid too much."""

    client_id: int
    currency: str
    kind: DocumentKind
    due: date
    pence: int


def debtors(wanted: Wanted, client_id: int | None = None) -> list[Debtor]:
    """Every client (or this one) that owed or had credit on `wanted.today`, by name, a line for each currency.

    The credits of `wanted` are those of payments that had come in by then.
    """
    owed, credit = _sums(wanted, client_id)
    names = _names({client_id for client_id, _currency in {*owed, *credit}}, wanted.search)
    keys = [key for key in {*owed, *credit} if key[0] in names and (any(owed[key]) or credit[key])]
    keys.sort(key=lambda key: (names[key[0]].lower(), key))
    return [Debtor(key[0], names[key[0]], key[1], tuple(owed[key]), credit[key]) for key in keys]


def _sums(wanted: Wanted, client_id: int | None) -> tuple[defaultdict[Key, list[int]], Counter[Key]]:
    """Pence owed by age, and pence of credit."""
    owed: defaultdict[Key, list[int]] = defaultdict(lambda: [0] * len(AGES))
    credit: Counter[Key] = Counter(wanted.credits)
    for found in _open(wanted, client_id):
        key = found.client_id, found.currency
        if found.kind is DocumentKind.INVOICE and found.pence > 0:
            owed[key][age_of(found.due, wanted.today)] += found.pence
        else:
            credit[key] += found.pence if found.kind is DocumentKind.CREDIT_NOTE else -found.pence
    credit.update(_paid_ahead(wanted, client_id))
    return owed, credit


def on_account(account: Account, day: date, credit: Credits) -> Debtor | None:
    """The line of one account, which comes to what its statement up to that day does; None where nothing was open.

    `credit` is what this client had with this billing entity by then.
    """
    lines = debtors(Wanted(day, credit, entity_id=account.billing_entity_id), account.client_id)
    return next((line for line in lines if line.currency == account.currency), None)


def page_of_lines(lines: list[Debtor], number: int = 1, *, per_page: int = PER_PAGE) -> Page[Debtor]:
    """The lines of one page of clients. Clients are counted; one may have lines in several currencies. Pure."""
    clients = list(dict.fromkeys(line.client_id for line in lines))
    number = min(max(number, 1), max(-(-len(clients) // per_page), 1))
    shown = set(clients[(number - 1) * per_page : number * per_page])
    return Page([line for line in lines if line.client_id in shown], number, len(clients), per_page)


def totals_of(lines: Iterable[Debtor]) -> list[Total]:
    """What they come to; the currency in which most is owed first. Pure."""
    by_currency: defaultdict[str, list[Debtor]] = defaultdict(list)
    for line in lines:
        by_currency[line.currency].append(line)
    found = [
        Total(
            currency,
            tuple(map(sum, zip(*(row.by_age for row in rows), strict=True))),
            sum(r.credit_pence for r in rows),
        )
        for currency, rows in by_currency.items()
    ]
    return sorted(found, key=lambda total: (-sum(total.by_age), total.currency))


def _open(wanted: Wanted, client_id: int | None) -> Iterator[_Open]:
    """What is open or overpaid by now, and what was settled only later."""
    later = _later(wanted.today)
    still = func.coalesce(later.c.pence, 0) + OWED_PENCE - Document.settled_pence
    due = func.coalesce(Document.due_date, Document.issue_date)
    columns = (Document.client_id, Document.currency, Document.kind, due.label("due"), still.label("pence"))
    asked = select(*columns).outerjoin(later, later.c.document_id == Document.id)
    was_issued = (Document.status.in_(ISSUED), Document.issue_date <= wanted.today, *_of_entity(wanted))
    if client_id is not None:
        asked = asked.where(Document.client_id == client_id)
    for row in db.session.execute(asked.where(*was_issued, or_(IS_OWED, OVERPAID, later.c.pence != 0))):
        if row.pence:
            yield _Open(row.client_id, row.currency, DocumentKind(row.kind), row.due, int(row.pence))


def _later(day: date) -> Subquery:
    """{document: pence} of what came in after a day."""
    summed = select(Allocation.document_id, func.sum(Allocation.amount_pence).label("pence"))
    live = summed.join(Payment, Payment.id == Allocation.payment_id).where(Payment.state == PaymentState.LIVE)
    return live.where(Payment.received_on > day).group_by(Allocation.document_id).subquery()


def _paid_ahead(wanted: Wanted, client_id: int | None) -> Counter[Key]:
    """What had come in by then for documents that were issued later: it was credit on the day."""
    signed = case((Document.kind == DocumentKind.CREDIT_NOTE, -Allocation.amount_pence), else_=Allocation.amount_pence)
    summed = select(Payment.client_id, Payment.currency, func.sum(signed)).join(
        Allocation, Allocation.payment_id == Payment.id
    )
    had_come = (Payment.state == PaymentState.LIVE, Payment.received_on <= wanted.today)
    asked = summed.join(Document, Document.id == Allocation.document_id).where(
        *had_come, Document.issue_date > wanted.today, *_of_entity(wanted)
    )
    if client_id is not None:
        asked = asked.where(Payment.client_id == client_id)
    rows = db.session.execute(asked.group_by(Payment.client_id, Payment.currency))
    return Counter({(client_id, currency): int(pence) for client_id, currency, pence in rows})


def _of_entity(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [] if wanted.entity_id is None else [Document.billing_entity_id == wanted.entity_id]


def _names(client_ids: set[int], search: str) -> dict[int, str]:
    """Those whose name has the words. All are read: a statement can't name any number of rows."""
    named = [matches(search, Client.name)] if search.strip() else []
    rows = db.session.execute(select(Client.id, Client.name).where(*named))
    return {row.id: row.name for row in rows if row.id in client_ids}
