"""The dry run of an import as its page shows it: counts, sums, reasons, and one page of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.billing.importing import runs
from app.billing.importing.planning import ImportPlan, Planned, Verdict
from app.billing.importing.records import ranges
from app.billing.importing.run import ImportRun
from app.billing.kinds import DocumentKind
from app.billing.queries import PER_PAGE, Page
from app.sync.records.numbers import MAX_NUMBER
from app.web.imports.words import VERDICTS

_MOST_LINES = 40
"""Characters of line numbers in a row; the file with all refusals has the rest."""


@dataclass(frozen=True)
class Row:
    """One document of the file in the table."""

    planned: Planned
    tone: str
    word: str

    @property
    def is_too_long(self) -> bool:
        """Whether it is taken, and QuickBooks can't take its number."""
        return _is_too_long(self.planned)

    @property
    def lines(self) -> str:
        """Where it stands in the file."""
        return ranges(self.planned.lines)[:_MOST_LINES]


@dataclass(frozen=True)
class DryRun:
    """What carrying it out would do."""

    counts: dict[Verdict, int]
    refused: dict[str, int]
    gross_pence: dict[DocumentKind, int]
    verdict: Verdict | None
    page: Page[Row]
    too_long: int
    """How many are taken whose number is longer than QuickBooks takes."""

    @property
    def total(self) -> int:
        """How many documents the file holds."""
        return sum(self.counts.values())

    @property
    def to_write(self) -> int:
        """How many are made or changed."""
        return self.counts[Verdict.NEW] + self.counts[Verdict.CHANGED]

    @property
    def tabs(self) -> list[tuple[str, str | None, int]]:
        """(word, value of `verdict`, count)."""
        by_verdict = [(VERDICTS[verdict][1], verdict.value, count) for verdict, count in self.counts.items()]
        return [("All", None, self.total), *by_verdict]


def table_of(run: ImportRun, args: Mapping[str, str]) -> DryRun:
    """The dry run, narrowed to `verdict`, one page of it. Raises BadInputError for a file that can't be read."""
    plan = runs.dry_run(run)
    verdict = Verdict(args["verdict"]) if args.get("verdict") in set(Verdict) else None
    number = args.get("page", "1")
    return DryRun(
        counts=plan.counts(),
        refused=plan.refused_by_code(),
        gross_pence={kind: plan.gross_pence(kind) for kind in DocumentKind},
        verdict=verdict,
        page=_page(plan, verdict, int(number) if number.isdigit() else 1),
        too_long=sum(_is_too_long(planned) for planned in plan.documents),
    )


def _is_too_long(planned: Planned) -> bool:
    return planned.verdict in {Verdict.NEW, Verdict.CHANGED} and len(planned.number or "") > MAX_NUMBER


def _page(plan: ImportPlan, verdict: Verdict | None, number: int) -> Page[Row]:
    rows = [planned for planned in plan.documents if verdict in {None, planned.verdict}]
    last = max(-(-len(rows) // PER_PAGE), 1)
    number = min(max(number, 1), last)
    shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
    return Page([Row(planned, *VERDICTS[planned.verdict]) for planned in shown], number, len(rows))
