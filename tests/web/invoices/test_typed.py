"""What the editor's buttons do to lines, and what a chosen service puts into one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.billing.service import Service
from app.web.invoices.differences import differences
from app.web.invoices.typed import MOST_LINES, TypedDocument, TypedLine, rearranged, refilled

A, B = TypedLine(description="A"), TypedLine(description="B")
HOSTING = Service(
    code="HOST", name="Hosting", description="Hosting, a month", unit_price=Decimal("0.05"), tax_code_id=1
)
BACKUP = Service(code="BACKUP", name="Backup", tax_code_id=2)
SERVICES = {"host": HOSTING, "backup": BACKUP}


@pytest.mark.parametrize(
    ("do", "lines", "focus"),
    [
        ("down-0", (B, A), "down-1"),
        ("up-1", (B, A), "up-0"),
        ("up-0", (A, B), ""),
        ("down-1", (A, B), ""),
        ("remove-0", (B,), "add-line"),
        ("remove-9", (A, B), ""),
        ("add", (A, B, TypedLine()), "lines-2-service"),
        ("comment", (A, B, TypedLine(comment=True)), "lines-2-description"),
        ("recalculate", (A, B), ""),
        ("up-x", (A, B), ""),
    ],
)
def test_a_button_arranges_lines_and_names_what_to_focus(do: str, lines: tuple[TypedLine, ...], focus: str) -> None:
    assert rearranged((A, B), do) == (lines, focus)


def test_there_is_an_end_to_adding() -> None:
    assert len(rearranged((A,) * MOST_LINES, "add")[0]) == MOST_LINES


def test_a_chosen_service_fills_an_empty_line() -> None:
    line = refilled(TypedLine(service=" host "), SERVICES)
    assert line == TypedLine("HOST", "HOST", "Hosting, a month", "1", "0.05", "", "1")


def test_another_service_replaces_what_the_first_put_in_but_not_what_was_typed() -> None:
    line = refilled(TypedLine("backup", "HOST", "Hosting, a month", "3", "0.04", "", "1"), SERVICES)
    assert line == TypedLine("BACKUP", "BACKUP", "Backup", "3", "0.04", "", "2")


@pytest.mark.parametrize("line", [TypedLine("host", "HOST"), TypedLine("none"), TypedLine("host", comment=True)])
def test_nothing_is_filled_in_where_nothing_was_chosen_anew(line: TypedLine) -> None:
    assert refilled(line, SERVICES) == line


def test_both_versions_of_all_that_differs_are_told() -> None:
    saved = TypedDocument(client="Acme #1", memo="Thanks", lines=(A,))
    typed = TypedDocument(client="Acme #1", lines=(A, TypedLine(comment=True, description="Late")))
    assert [tuple(one) for one in differences(saved, typed)] == [
        ("Memo", "Thanks", "\N{EN DASH}"),
        ("Line 2", "\N{EN DASH}", "Late"),
    ]
