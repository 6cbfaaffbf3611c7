"""How many questions each page asks the database: as many with many rows as with a few."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import event

from app.foundation.database import db, transaction
from tests.web import billing_rows as rows
from tests.world import World

PAGES = (
    "/",
    "/invoices",
    "/credit-notes",
    "/clients",
    "/services",
    "/payments",
    "/debtors",
    "/quickbooks/log",
    "/quickbooks/webhooks",
    "/invoices?search=inv",
    "/invoices?from=2026-02-10&to=2026-04-20",
    "/payments?search=a",
    "/quickbooks/log?search=a",
)


def questions(browser: FlaskClient, path: str) -> int:
    """How many statements a page sends; it was opened once before, so that nothing is done for the first time."""
    assert browser.get(path).status_code == 200
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        browser.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def write(world: World, number: int) -> None:
    """So many paid and open invoices and payments without an invoice, each of a client of its own."""
    with transaction() as session:
        for _each in range(number):
            rows.paid(rows.opened(), 12000)
            rows.opened()
            rows.a_payment_of_ours(world)
            session.flush()


def test_no_page_asks_more_the_more_there_is(northgate: World, sign_in: Callable[..., FlaskClient]) -> None:
    olivia = sign_in(northgate.olivia)
    write(northgate, 2)
    few = {path: questions(olivia, path) for path in PAGES}
    write(northgate, 6)
    assert {path: questions(olivia, path) for path in PAGES} == few
