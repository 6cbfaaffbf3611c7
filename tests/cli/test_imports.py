"""The operator brings a file in."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.billing.document import Document
from app.foundation.database import db
from tests.billing.firm import Firm, build
from tests.billing.importing.files import standard
from tests.web import abroad
from tests.world import World


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["import", *map(str, arguments)])


def test_a_dry_run_says_how_dates_are_read_and_changes_nothing(app: Flask, northgate: World, tmp_path: Path) -> None:
    firm = abroad.build("US")
    file = tmp_path / "march.csv"
    file.write_bytes(standard("1,Acme,A").replace(b"SUP", b"SUP-US").replace(b"20.0% S", b"TAX"))
    told = run(app, file, "--entity", firm.entity.id, "--dry-run")
    assert told.exit_code == 0, told.output
    assert "read month first: 03/04/2026 is the fourth of March." in told.output
    assert "new: 1" in told.output


@pytest.fixture
def firm(northgate: World) -> Firm:
    return build()


def documents() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Document.id))) or 0


@pytest.mark.parametrize(
    ("content", "arguments", "told"),
    [
        (b"a,b\n1,2\n", ("--dry-run",), "Invalid value for FILE: The file lacks the columns"),
        (b"a,b\n1,2\n", (), "Invalid value for FILE: The file lacks the columns"),
        (b"", ("--profile", "sage"), "Invalid value for '--profile': 'sage' is not one of"),
        (b"", ("--entity", "4711"), "Invalid value for --entity: There is no billing entity 4711. There are: "),
    ],
)
def test_what_can_not_be_brought_in_is_refused_by_name(
    app: Flask, firm: Firm, tmp_path: Path, *, content: bytes, arguments: tuple[str, ...], told: str
) -> None:
    file = tmp_path / "march.csv"
    file.write_bytes(content)
    refused = run(app, file, "--entity", firm.entity.id, *arguments)
    assert (refused.exit_code, told in refused.output) == (2, True), refused.output
    assert documents() == 0


def test_what_is_new_is_opened_and_what_is_refused_is_named_with_its_reason(
    app: Flask, firm: Firm, tmp_path: Path
) -> None:
    file = tmp_path / "march.csv"
    file.write_bytes(standard("1,Acme,A", "2,,"))
    told = run(app, file, "--entity", firm.entity.id)
    assert (told.exit_code, "made 1, changed 0, unchanged 0, refused 1" in told.output) == (0, True), told.output
    assert ("  2 (lines 3): " in told.output, documents()) == (True, 1), told.output


def test_a_dry_run_tells_why_documents_are_refused(app: Flask, firm: Firm, tmp_path: Path) -> None:
    file = tmp_path / "march.csv"
    file.write_bytes(standard("1,Acme,A", "2,,", *(f"{number},," for number in range(10, 70))))
    told = run(app, file, "--entity", firm.entity.id, "--dry-run")
    lines = told.output.splitlines()
    assert "   refused: 61" in lines
    assert "            No client is named: 61" in lines
    assert "  2 (lines 3): the document has no client" in lines
    assert lines[-1] == "  and 11 more; the dry run on the page of this import lists them all"
    assert documents() == 0


def test_of_many_refusals_the_rest_is_counted(app: Flask, firm: Firm, tmp_path: Path) -> None:
    file = tmp_path / "march.csv"
    file.write_bytes(standard(*(f"{number},," for number in range(60))))
    told = run(app, file, "--entity", firm.entity.id)
    assert told.output.endswith("  and 10 more; the page of this import lists them all\n"), told.output
