"""Both sides of a company compared as they were read: what is to be told of them. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, replace

from app.quickbooks.models import Connection
from app.sync.comparing import told_lines
from app.sync.comparing.findings import Difference
from app.sync.comparing.overtaken import ReadThere
from app.sync.comparing.sides import Comparison, Ours, compare
from app.sync.comparing.surveying import Survey, as_left, survey
from app.sync.reconciling import customer_findings, open_sums, payment_causes, run_totals, strangers
from app.sync.reconciling.open_sums import Sides


@dataclass(frozen=True)
class SideBySide:
    """What a comparison has found; of documents that are not settled yet while it runs, nothing."""

    ours: Survey
    comparison: Comparison
    differences: Sequence[Difference]
    totals: run_totals.Sums
    apart: Sides
    """Those of which more or less is open there than here."""
    open_alike: open_sums.Sums

    @property
    def suspects(self) -> list[Ours]:
        """Those of which anything would be told, or taken over."""
        named = {(one.kind, one.subject_id) for one in self.differences}
        named |= {(mine.kind, mine.subject_id) for mine in self.comparison.moved}
        return [mine for mine in self.ours.compared if (mine.kind, mine.subject_id) in named]

    def without(self, late: Collection[tuple[str, int]]) -> SideBySide:
        """The same, of these (kind, id) nothing: they are left to the next comparison (pure)."""
        if not late:
            return self
        moved, _late = _parted(self.comparison.moved, late)
        apart, left = _parted(self.apart.compared, late)
        return replace(
            self,
            ours=self.ours.without(late),
            comparison=replace(self.comparison, moved=moved),
            differences=[one for one in self.differences if (one.kind, one.subject_id) not in late],
            apart=replace(self.apart, compared=apart, left=[as_left(mine) for mine in left]),
        )


def _parted(ours: Iterable[Ours], late: Container[tuple[str, int]]) -> tuple[list[Ours], list[Ours]]:
    """(those that are compared, those that are late)."""
    on_time: list[Ours] = []
    too_late: list[Ours] = []
    for mine in ours:
        (too_late if (mine.kind, mine.subject_id) in late else on_time).append(mine)
    return on_time, too_late


def laid(connection: Connection, there: ReadThere) -> SideBySide:
    """Read our side and compare it with what was read there."""
    theirs = there.documents
    ours = survey(connection, there)
    comparison = compare(told_lines.laid_beside(connection.id, ours.compared, theirs), theirs)
    alone = list(strangers.told(connection, ours.compared, theirs))
    differences = [*payment_causes.explained(connection.id, comparison.differences), *alone]
    differences += customer_findings.inactive(connection.id, {mine.customer_id or "" for mine in ours.compared})
    apart, rest = open_sums.parted(Sides(ours.compared, ours.left, theirs, connection.home_currency or "GBP"))
    totals = run_totals.sums(ours.compared, theirs, alone)
    return SideBySide(ours, comparison, differences, totals, apart, open_sums.sums(rest, alone))
