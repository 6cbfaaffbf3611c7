"""Which debtors a page or a file shows: those of now, or those of a day that was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.billing import aging, aging_then
from app.billing.aging import Debtor, Total, Wanted
from app.billing.queries import Page
from app.sync.payments.unapplied import credits_of
from app.web.addresses import day_in, number_in


@dataclass(frozen=True)
class Sheet:
    """Whose accounts, and as of when. `on` is the day that was chosen, None for now."""

    wanted: Wanted
    on: date | None

    @property
    def debtors(self) -> list[Debtor]:
        """All of them."""
        return aging.debtors(self.wanted) if self.on is None else aging_then.debtors(self.wanted)

    def shown(self, number: int) -> tuple[Page[Debtor], list[Total]]:
        """A page of them, and the totals of all pages."""
        if self.on is None:
            return aging.page(self.wanted, number), aging.totals(self.wanted)
        lines = aging_then.debtors(self.wanted)
        return aging_then.page_of_lines(lines, number), aging_then.totals_of(lines)


def sheet(address: Mapping[str, str], today: date) -> Sheet:
    """What an address asks for; a day that is none, or today, is now."""
    on = day_in(address.get("on"))
    on = None if on == today else on
    entity_id = number_in(address.get("entity"))
    credit = credits_of(entity_id=entity_id, until=on)
    return Sheet(Wanted(on or today, credit, address.get("search", ""), entity_id), on)
