"""Who owes how much, and for how long it has been overdue."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.billing.client import Client
from app.billing.document import IS_OWED, OVERPAID, Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.queries import OWED_PENCE, PER_PAGE, Page, page_of
from app.billing.words import matches
from app.foundation.database import db

AGES = ("Current", "1 to 30 days", "31 to 60 days", "61 to 90 days", "Over 90 days")
"""How long past its due day; what is due today is current. A document without a due day is due when it is issued."""
_STEPS = (0, 30, 60, 90)

Credits = Mapping[tuple[int, str], int]
"""{(client id, currency): pence that came in and are on no invoice yet}."""


@dataclass(frozen=True)
class Wanted:
    """Whose accounts, and as of when: the organisation's day, credits beside them, words that clients' names hold.

    With a billing entity only what is owed to that one counts; the credits are then those it holds.
    """

    today: date
    credits: Credits
    search: str = ""
    entity_id: int | None = None


@dataclass(frozen=True)
class Debtor:
    """What one client owes in one currency, in pence: by age, and what it has to its credit."""

    client_id: int
    client_name: str
    currency: str
    by_age: tuple[int, ...]
    credit_pence: int = 0

    @property
    def owed_pence(self) -> int:
        """All that is open on invoices."""
        return sum(self.by_age)

    @property
    def total_pence(self) -> int:
        """What is open on invoices, less what the client has to its credit."""
        return self.owed_pence - self.credit_pence


@dataclass(frozen=True)
class Total:
    """The same over all clients of one currency."""

    currency: str
    by_age: tuple[int, ...]
    credit_pence: int

    @property
    def total_pence(self) -> int:
        """What is open on invoices, less all credit."""
        return sum(self.by_age) - self.credit_pence

    @property
    def overdue_pence(self) -> int:
        """What should have come before today."""
        return sum(self.by_age[1:])


def age_of(due: date, today: date) -> int:
    """The place in `AGES` of something due on a day. Pure."""
    return sum(1 for step in _STEPS if (today - due).days > step)


def debtors(wanted: Wanted) -> list[Debtor]:
    """Every client that owes or has credit, by name, a line for each currency.

    What was put on an invoice beyond what it came to is the client's credit, as on its statement.
    """
    rows = db.session.execute(_clients(wanted).with_only_columns(Client.id, Client.name))
    return _lines(wanted, {row.id: row.name for row in rows}, _among(wanted))


def page(wanted: Wanted, number: int = 1, *, per_page: int = PER_PAGE) -> Page[Debtor]:
    """The same for one page of clients. Clients are counted; one may have lines in several currencies."""
    found: Page[int] = page_of(_clients(wanted).with_only_columns(Client.id), number, per_page)
    return Page(of_clients(wanted, found.rows), found.number, found.total, found.per_page)


def of_clients(wanted: Wanted, client_ids: Sequence[int]) -> list[Debtor]:
    """The same for these clients, in the order in which they are named."""
    known = db.session.execute(select(Client.id, Client.name).where(Client.id.in_(client_ids)))
    names = {row.id: row.name for row in known}
    ordered = {client_id: names[client_id] for client_id in client_ids}
    return _lines(wanted, ordered, and_(Document.client_id.in_(client_ids), *_issued(wanted)))


def totals(wanted: Wanted) -> list[Total]:
    """What all of them come to, added up by the database; the currency in which most is owed first."""
    owed, credit = _sums(wanted.today, Document.currency, among=_among(wanted))
    for (_client_id, currency), pence in _credits(wanted).items():
        credit[currency,] += pence
    found = [Total(key[0], tuple(owed[key]), credit[key]) for key in {*owed, *credit}]
    return sorted(found, key=lambda total: (-sum(total.by_age), total.currency))


def _lines(wanted: Wanted, names: Mapping[int, str], among: ColumnElement[bool]) -> list[Debtor]:
    """The lines of these clients, in the order in which they are named."""
    owed, credit = _sums(wanted.today, Document.client_id, Document.currency, among=among)
    credit.update({key: pence for key, pence in wanted.credits.items() if key[0] in names})
    places = {client_id: place for place, client_id in enumerate(names)}
    keys = sorted({*owed, *credit}, key=lambda key: (places[key[0]], key[1]))
    return [Debtor(key[0], names[key[0]], key[1], tuple(owed[key]), credit[key]) for key in keys]


def _clients(wanted: Wanted) -> Select[Client]:
    """Those that have a line, by name."""
    # Every client's id is above nought; said so, SQLite takes what is owed from its own index, not from all documents.
    ours = select(Document.client_id).where(Document.client_id > 0, *_issued(wanted))
    owing, overpaid = ours.where(IS_OWED), ours.where(*_OVERPAID)
    credited = {client_id for client_id, _currency in wanted.credits}
    has_a_line = or_(Client.id.in_(owing), Client.id.in_(overpaid), Client.id.in_(credited))
    return select(Client).where(has_a_line, *_named(wanted)).order_by(func.lower(Client.name), Client.id)


def _credits(wanted: Wanted) -> Credits:
    """Those of the clients whose names match."""
    if not wanted.search.strip():
        return wanted.credits
    credited = {client_id for client_id, _currency in wanted.credits}
    named = set(db.session.scalars(select(Client.id).where(Client.id.in_(credited), *_named(wanted))))
    return {key: pence for key, pence in wanted.credits.items() if key[0] in named}


def _among(wanted: Wanted) -> ColumnElement[bool]:
    named = _named(wanted)
    of_named = [Document.client_id.in_(select(Client.id).where(*named))] if named else []
    return and_(true(), *of_named, *_issued(wanted))


def _issued(wanted: Wanted) -> list[ColumnElement[bool]]:
    # With nothing added to it the column would lead SQLite to all that the entity ever issued, past the few owed.
    return [] if wanted.entity_id is None else [Document.billing_entity_id + 0 == wanted.entity_id]


def _named(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [matches(wanted.search, Client.name)] if wanted.search.strip() else []


# With nothing added to them the two columns would lead SQLite to all that was ever paid, past the index of these few.
_OVERPAID = (
    Document.kind.concat("") == DocumentKind.INVOICE.value,
    Document.status.concat("") == DocumentStatus.PAID.value,
    OVERPAID,
)


def _sums(
    today: date, *by: InstrumentedAttribute[Any], among: ColumnElement[bool]
) -> tuple[defaultdict[Any, list[int]], Counter[Any]]:
    """({key: pence owed by age}, {key: pence of credit}); a key is made of the columns that are summed by."""
    owed: defaultdict[Any, list[int]] = defaultdict(lambda: [0] * len(AGES))
    for *key, age, pence in db.session.execute(_by_age(today, *by).where(among)):
        owed[tuple(key)][age] += int(pence)
    credit: Counter[Any] = Counter()
    for asked in (_open_credit_notes(*by), _overpaid(*by)):
        for *key, pence in db.session.execute(asked.where(among)):
            credit[tuple(key)] += int(pence)
    return owed, credit


def _by_age(today: date, *by: InstrumentedAttribute[Any]) -> Select[Any]:
    due = func.coalesce(Document.due_date, Document.issue_date)
    ages = [(due >= today - timedelta(days=step), age) for age, step in enumerate(_STEPS)]
    age = case(*ages, else_=len(_STEPS))
    return (
        select(*by, age, func.sum(OWED_PENCE - Document.settled_pence))
        .where(Document.kind == DocumentKind.INVOICE, IS_OWED)
        .group_by(*by, age)
    )


def _open_credit_notes(*by: InstrumentedAttribute[Any]) -> Select[Any]:
    left = func.sum(OWED_PENCE - Document.settled_pence)
    return select(*by, left).where(Document.kind == DocumentKind.CREDIT_NOTE, IS_OWED).group_by(*by)


def _overpaid(*by: InstrumentedAttribute[Any]) -> Select[Any]:
    return select(*by, func.sum(Document.settled_pence - OWED_PENCE)).where(*_OVERPAID).group_by(*by)
