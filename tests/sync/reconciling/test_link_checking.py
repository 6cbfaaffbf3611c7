"""Links that do not point to what they say any more are told; and the operator's commands say what they found."""

from __future__ import annotations

import pytest
from flask import Flask

from app.foundation.database import transaction
from app.sync.reconciling import link_checking
from app.sync.records.links import Link
from tests.sync import weather
from tests.sync.books import Books


def wrong(books: Books) -> list[str]:
    found = link_checking.check(books.engine.quickbooks, books.connection_id)
    return [f"{one.label}: {one.entity} {one.sentence}" for one in found]


def test_sound_links_cost_a_page_of_each_kind_and_nothing_is_said(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    books.listen()
    weather.forget(books)
    assert wrong(books) == []
    assert weather.counts(books)["reads"] == 3  # customers, invoices, payments


def test_what_is_gone_there_renumbered_or_inactive_is_told(books: Books) -> None:
    gone, renumbered = books.invoice(), books.invoice()
    books.simulation.handle("Invoice", books.remote_id(gone), "delete")
    books.simulation.handle("Invoice", books.remote_id(renumbered), "edit", DocNumber="X-1")
    assert wrong(books) == [
        f"Invoice {renumbered.number}: Invoice has the number X-1, not {renumbered.number}",
        f"Invoice {gone.number}: Invoice is not in QuickBooks any more",
    ]


def test_two_links_that_were_exchanged_are_told_by_our_mark(books: Books) -> None:
    one, other = books.invoice(), books.invoice()
    first, second = books.link(one), books.link(other)
    with transaction() as session:
        ids = first.remote_id, second.remote_id
        session.get_one(Link, first.id).remote_id = "0"
        session.flush()
        session.get_one(Link, second.id).remote_id = ids[0]
        session.flush()
        session.get_one(Link, first.id).remote_id = ids[1]
    assert any(f"carries the mark of invoice {one.id}" in said for said in wrong(books))


COMMANDS = {
    ("verify",): ("0 links are wrong", 0),
    ("rebuild-links",): ("0 can be linked; --write does it", 0),
    ("rebuild-links", "--write"): ("0 linked", 0),
    ("verify", "--sandbox"): ("connected to no company in mode test", 1),
}


@pytest.mark.parametrize("line", COMMANDS, ids=" ".join)
def test_the_operator_s_commands(books: Books, app: Flask, line: tuple[str, ...]) -> None:
    books.invoice()
    ran = app.test_cli_runner().invoke(args=["sync", *line, "--entity", str(books.firm.entity.id)])
    said, code = COMMANDS[line]
    assert said in ran.output
    assert ran.exit_code == code
