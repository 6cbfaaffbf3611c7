"""The page of facts names only tests that exist, and gives each fact its source and confidence."""

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "app/simulator/FACTS.md"
CONFIDENCE = re.compile(r"(?:-|(?:R|O|T\+?|I|conflict)(?:/(?:R|O|T\+?|I|conflict))*)")


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [row for row in cells if row[0] != "behaviour"]


def test_every_fact_has_a_source_and_a_confidence() -> None:
    assert all(len(row) == 4 and row[1].startswith("§") and CONFIDENCE.fullmatch(row[2]) for row in rows())


def test_every_test_that_is_named_exists() -> None:
    named = {name for row in rows() for name in re.findall(r"`([\w/]+\.py)::(test_\w+)`", row[3])}
    missing = [
        f"{path}::{test}"
        for path, test in sorted(named)
        if f"def {test}(" not in (HERE / path).read_text(encoding="utf-8")
    ]
    assert named
    assert missing == []


def test_what_no_test_holds_is_called_open() -> None:
    assert [row[0] for row in rows() if not re.fullmatch(r"open|(`[^`]+`(<br>)?)+", row[3])] == []
