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
from app.web.addresses import day_in, number_in
from app.web.invoices.room import Room
from app.web.invoices.standings import Shown, shown_for
from app.web.invoices.states import state_of

OVERDUE = "overdue"
KEPT_BACK = "kept_back"
_LATER = (("Overdue", OVERDUE), ("Opted out", KEPT_BACK))

Tab = tuple[str, str | None, int | None]
"""(word, value of `status`, count where there is one)"""


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
    tabs: list[Tab]
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
        client_id=number_in(args.get("client")),
        billing_entity_id=number_in(args.get("entity")),
        issued_from=day_in(args.get("from")),
        issued_until=day_in(args.get("to")),
    )
    return Asked(
        _narrowed(wanted, status, today), status, args.get("sort", "-issue_date"), number_in(args.get("page")) or 1
    )


def listing(asked: Asked, today: date, room: Room) -> Listing:
    """Read the list; the counts of the tabs are those of the same search.

    Where words find more than anybody looks through, nothing is counted and nothing summed.
    """
    whole = queries.narrowed(replace(asked.filter, statuses=(), overdue_on=None, kept_back=None))
    chosen = replace(asked.filter, search=whole.search, ids=whole.ids)
    chosen = whole if chosen == whole else queries.narrowed(chosen)
    counts = None if whole.search else figures.counted(whole)
    page, sums = _first(asked, chosen) if chosen.search else _all(asked, chosen, whole, counts)
    return Listing(
        asked=asked,
        page=page,
        standings=shown_for(page.rows),
        sums=sums,
        tabs=_tabs(whole, counts, today, room),
        client=db.session.get(Client, asked.filter.client_id) if asked.filter.client_id else None,
        today=today,
    )


def _first(asked: Asked, chosen: DocumentFilter) -> tuple[Page[Document], dict[str, Sums]]:
    return queries.first_found(chosen, asked.page, asked.sort), {}


def _all(
    asked: Asked, chosen: DocumentFilter, whole: DocumentFilter, counts: list[Count] | None
) -> tuple[Page[Document], dict[str, Sums]]:
    """A page, and what all of it comes to; `counts` are those of the whole."""
    is_tab = chosen == replace(whole, statuses=chosen.statuses)
    shown = counts if is_tab and counts is not None else figures.counted(chosen)
    of_tab = [one for one in shown if one.status in (chosen.statuses or tuple(DocumentStatus))]
    total = sum(one.documents for one in of_tab)
    return queries.listed(chosen, asked.page, asked.sort, total=total), figures.added_up(of_tab)


def _narrowed(wanted: DocumentFilter, status: str, today: date) -> DocumentFilter:
    if status == OVERDUE:
        return replace(wanted, overdue_on=today)
    if status == KEPT_BACK:
        return replace(wanted, kept_back=True)
    return replace(wanted, statuses=(DocumentStatus(status),)) if status in set(DocumentStatus) else wanted


def _tabs(whole: DocumentFilter, counted: list[Count] | None, today: date, room: Room) -> list[Tab]:
    words = {status: state_of(room.kind, status)[1] for status in DocumentStatus}
    if counted is None:
        chosen = [("All", None), *((word, status.value) for status, word in words.items()), *_LATER]
        return [(word, value, None) for word, value in chosen]
    counts = figures.by_status(counted)
    late = queries.count(replace(whole, overdue_on=today))
    kept = queries.count(replace(whole, kept_back=True))
    by_status = [(word, str(status.value), counts[status]) for status, word in words.items()]
    more = [(*tab, number) for tab, number in zip(_LATER, (late, kept), strict=True)]
    return [("All", None, sum(counts.values())), *by_status, *(tab for tab in more if tab[2])]
