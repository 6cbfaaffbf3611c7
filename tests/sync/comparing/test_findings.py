"""Differences are written once each, however many are told together."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import event, select

from app.foundation.database import db, transaction
from app.sync.comparing import findings
from app.sync.comparing.drifts import Drift, DriftCause
from app.sync.comparing.findings import Difference
from tests.sync.books import Books


def differences(number: int, theirs: str = "£120.00") -> list[Difference]:
    """Of so many documents."""
    pattern = Difference(cause=DriftCause.AMOUNT, entity="Invoice", label="", ours="£100.00", theirs=theirs)
    return [replace(pattern, remote_id=str(n), label=f"INV-{n}") for n in range(number)]


def written(books: Books, found: list[Difference]) -> int:
    """Write them; how many questions that took."""
    asked: list[str] = []
    listen = (db.engine, "before_cursor_execute", lambda _c, _k, sql, *_more: asked.append(sql))
    event.listen(*listen)
    with transaction():
        findings.write_all(books.connection_id, found, run_id=None)
    event.remove(*listen)
    return sum(sql.startswith("SELECT") for sql in asked)


def test_a_hundred_differences_are_asked_for_at_once(books: Books) -> None:
    assert written(books, differences(100)) == written(books, differences(1))
    assert len(books.drifts()) == 100


def test_a_difference_told_twice_together_is_one_with_the_later_values(books: Books) -> None:
    written(books, differences(1) + differences(1, theirs="£130.00"))
    assert [row.theirs for row in books.drifts()] == ["£130.00"]


def test_told_again_with_other_values_it_is_no_longer_ignored(books: Books) -> None:
    written(books, differences(2))
    with transaction() as session:
        for row in session.scalars(select(Drift)):
            row.ignored_by, row.ignored_reason = "Olivia", "we know"
    written(books, [differences(2)[0], differences(2, theirs="£130.00")[1]])
    assert [row.ignored_by for row in books.drifts()] == ["Olivia", None]
