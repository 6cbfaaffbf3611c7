"""A list's address as a filter, and the list as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.billing import figures, queries
from app.billing.client import Client
from app.billing.document import Document
from app.billing.figures import Sums
from app.billing.kinds import DocumentStatus
from app.billing.queries import DocumentFilter, Page
from app.billing.tally import Count
from app.foundation.database import db
from app.web.invoices.room import Room
from app.web.invoices.standings import Shown, shown_for
from app.web.invoices.states import state_of

OVERDUE = "overdue"
KEPT_BACK = "kept_back"


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what can't be read is left out."""

    filter: DocumentFilter
    status: str
    sort: str
    page: int


@dataclass(frozen=True)
class Listing:
    """A page of documents and what stands around it."""

    asked: Asked
    page: Page[Document]
    standings: dict[int, Shown]
    sums: dict[str, Sums]
    tabs: list[tuple[str, str | None, int]]
    """(word, value of `status`, count)"""
    client: Client | None
    today: date

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but a tab hides documents."""
        wanted = self.asked.filter
        return bool(wanted.search or wanted.client_id or wanted.issued_from or wanted.issued_until)


def read_address(args: Mapping[str, str], room: Room, today: date) -> Asked:
    """Read search, status, client, entity, from, to, sort and page."""
    status = args.get("status", "")
    wanted = DocumentFilter(
        search=args.get("search", ""),
        kind=room.kind,
        client_id=_number(args.get("client")),
        billing_entity_id=_number(args.get("entity")),
        issued_from=_day(args.get("from")),
        issued_until=_day(args.get("to")),
    )
    return Asked(
        _narrowed(wanted, status, today), status, args.get("sort", "-issue_date"), _number(args.get("page")) or 1
    )


def listing(asked: Asked, today: date, room: Room) -> Listing:
    """Read the list; the counts of the tabs are those of the same search."""
    whole = replace(asked.filter, statuses=(), overdue_on=None, kept_back=None)
    counts = figures.counted(whole)
    shown = counts if asked.filter == replace(whole, statuses=asked.filter.statuses) else figures.counted(asked.filter)
    of_tab = [one for one in shown if one.status in (asked.filter.statuses or tuple(DocumentStatus))]
    page = queries.documents(asked.filter, page=asked.page, sort=asked.sort, total=sum(one.documents for one in of_tab))
    return Listing(
        asked=asked,
        page=page,
        standings=shown_for(page.rows),
        sums=figures.added_up(of_tab),
        tabs=_tabs(whole, counts, today, room),
        client=db.session.get(Client, asked.filter.client_id) if asked.filter.client_id else None,
        today=today,
    )


def _narrowed(wanted: DocumentFilter, status: str, today: date) -> DocumentFilter:
    if status == OVERDUE:
        return replace(wanted, overdue_on=today)
    if status == KEPT_BACK:
        return replace(wanted, kept_back=True)
    return replace(wanted, statuses=(DocumentStatus(status),)) if status in set(DocumentStatus) else wanted


def _tabs(whole: DocumentFilter, counted: list[Count], today: date, room: Room) -> list[tuple[str, str | None, int]]:
    counts = figures.by_status(counted)
    late = queries.count(replace(whole, overdue_on=today))
    kept = queries.count(replace(whole, kept_back=True))
    words = {status: state_of(room.kind, status)[1] for status in DocumentStatus}
    by_status = [(word, str(status.value), counts[status]) for status, word in words.items()]
    more = [("Overdue", OVERDUE, late), ("Opted out", KEPT_BACK, kept)]
    return [("All", None, sum(counts.values())), *by_status, *(tab for tab in more if tab[2])]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
