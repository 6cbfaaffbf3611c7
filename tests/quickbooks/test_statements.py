"""The query language."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.quickbooks import statements
from app.quickbooks.statements import EVEN_INACTIVE, Statement, Value

STRING = re.compile(r"'(?:[^'\\]|\\.)*'")


@given(some.text())
def test_no_value_escapes_its_quotes(text: str) -> None:
    quoted = statements.quoted(text)
    assert STRING.fullmatch(quoted.replace("\n", " "))
    assert re.sub(r"\\(.)", r"\1", quoted[1:-1], flags=re.DOTALL) == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("O'Brien", r"'O\'Brien'"),
        (True, "true"),
        (7, "'7'"),
        (Decimal("10.50"), "'10.50'"),
        (date(2026, 9, 1), "'2026-09-01'"),
        (datetime(2026, 9, 1, 7, tzinfo=UTC), "'2026-09-01T07:00:00Z'"),
    ],
)
def test_each_value_is_written_as_the_language_wants_it(value: Value, written: str) -> None:
    assert statements.quoted(value) == written


def test_a_statement_pages_in_the_order_of_ids() -> None:
    names = statements.in_("DisplayName", ["Amy", "O'Brien"])
    assert str(Statement("Customer", (names, EVEN_INACTIVE), start=1001)) == (
        r"SELECT * FROM Customer WHERE DisplayName IN ('Amy', 'O\'Brien') AND Active IN (true, false)"
        " ORDERBY Id STARTPOSITION 1001 MAXRESULTS 1000"
    )
    assert str(Statement("Term", most=1)) == "SELECT * FROM Term ORDERBY Id STARTPOSITION 1 MAXRESULTS 1"


def test_records_are_counted() -> None:
    since = statements.where("MetaData.LastUpdatedTime", ">", datetime(2026, 9, 1, tzinfo=UTC))
    counted = statements.count("Invoice", since)
    assert counted == "SELECT COUNT(*) FROM Invoice WHERE MetaData.LastUpdatedTime > '2026-09-01T00:00:00Z'"


@pytest.mark.parametrize("name", ["Customer; DROP", "1=1", "", "Line[0]"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        statements.where(name, "=", "x")


def test_what_the_language_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="has no !="):
        statements.where("Id", "!=", "1")
    with pytest.raises(ValueError, match="at least one"):
        statements.in_("Id", [])
