"""Reconciliation on screen: both values, a decision with a reason, a run that is watched until it ends."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import delete

from app.foundation.database import transaction
from app.sync.reconciling.open_balances import OpenBalance
from tests.sync.books import Books
from tests.sync.reconciling.test_reconcile import raise_price
from tests.web.walking import Walker, linked, words

ROOM = "/quickbooks/reconciliation"


@pytest.fixture
def different(books: Books) -> Books:
    """One invoice whose amount was changed in QuickBooks."""
    invoice = books.invoice()
    raise_price(books, invoice, 200)
    books.compare()
    return books


def test_a_difference_shows_both_values_and_its_likely_cause(different: Books, rhea: Walker) -> None:
    page = words(rhea.get(ROOM).text)
    assert "Here £120.00" in page
    assert "In QuickBooks £240.00" in page
    assert "Line 1 “Support”: 1 at 100.00, £100.00 here, 1 at 200.00, £200.00 there." in page


def test_the_id_there_is_not_taken_for_a_number(different: Books, rhea: Walker) -> None:
    page = words(rhea.get(ROOM).text)
    assert f"Its id in QuickBooks: {different.drifts()[0].remote_id}" in page
    assert f"Invoice {different.drifts()[0].remote_id} in QuickBooks" not in page


def test_what_is_open_stands_on_top_with_what_its_difference_comes_from(different: Books, rhea: Walker) -> None:
    page = words(rhea.get(ROOM).text)
    assert "Open here £120.00" in page
    assert "Open in QuickBooks £240.00" in page
    assert "Difference £120.00 explained line by line below" in page
    assert "Price of a line differs 1 £120.00 £240.00 £120.00 Total £120.00 £240.00 £120.00" in page


def test_what_is_open_says_as_of_when_and_that_more_was_found_since(different: Books, rhea: Walker) -> None:
    page = words(rhea.get(ROOM).text)
    assert re.search(r"What is open, and where the difference comes from as of \d+ \w+ \d{4}, \d\d:\d\d ", page)
    assert "run it again to see it anew" not in page
    other = different.invoice()
    different.simulation.handle("Invoice", different.remote_id(other), "delete")
    different.listen()
    assert "run it again to see it anew" in words(rhea.get(ROOM).text)


def test_what_is_open_is_a_file(different: Books, rhea: Walker) -> None:
    file = linked(rhea.get(ROOM).text, f"{ROOM}/runs/#/open.csv")
    assert "GBP,Price of a line differs,1,120.00,240.00,120.00" in rhea.get(file).text


def test_where_nothing_was_compared_nothing_is_said_to_agree(books: Books, rhea: Walker) -> None:
    books.firm.open(books.firm.line("100"))
    run = books.compare()
    for page in (words(rhea.get(ROOM).text), words(rhea.get(f"{ROOM}/runs/{run.id}").text)):
        assert "There was nothing to compare" in page
        assert "Open here, not in QuickBooks 1 £120.00 £0.00" in page
        assert not {said for said in ("agree in everything", "No differences", "nothing differs") if said in page}


def test_a_run_of_before_open_balances_were_kept_says_what_it_knows(different: Books, rhea: Walker) -> None:
    with transaction() as session:
        session.execute(delete(OpenBalance))
    page = words(rhea.get(ROOM).text)
    assert ("Last compared" in page, "Open here" in page) == (True, False)


def test_a_run_asked_for_is_watched_until_it_ends(books: Books, stella: Walker) -> None:
    books.invoice()
    answer = stella.post(f"{ROOM}/run")
    assert "Waiting for the worker" in stella.get(answer.location).text
    assert stella.fragment(f"{answer.location}/progress").status_code == 200
    books.run_waiting()
    ended = stella.fragment(f"{answer.location}/progress")
    assert (ended.status_code, "nothing differs" in ended.text) == (286, True)


def test_two_wishes_are_one_run(books: Books, stella: Walker) -> None:
    assert stella.post(f"{ROOM}/run").location == stella.post(f"{ROOM}/run").location


def test_leaving_a_difference_asks_why_and_is_undone(different: Books, adam: Walker) -> None:
    leave = linked(adam.get(ROOM).text, f"{ROOM}/differences/#/ignore")
    assert "Nothing changes on either side" in adam.get(leave).text
    assert adam.post(leave, reason="").status_code == 422
    assert "INV-00001" not in words(adam.follow(leave, reason="agreed by telephone"))
    assert "Left as it is by Adam: agreed by telephone" in words(adam.get(f"{ROOM}?show=ignored").text)
    assert "INV-00001" in words(adam.follow(leave.replace("ignore", "reopen")))


def test_staff_may_run_it_but_decide_nothing(different: Books, stella: Walker) -> None:
    page = stella.get(ROOM).text
    assert "Run now" in page
    assert "Leave as it is" not in page
    drift_id = different.drifts()[0].id
    assert stella.post(f"{ROOM}/differences/{drift_id}/ignore", reason="x").status_code == 403


def test_differences_are_a_file(different: Books, rhea: Walker) -> None:
    text = rhea.get(f"{ROOM}/differences.csv").text
    assert "Price of a line differs,INV-00001,Invoice 1,£120.00,£240.00" in text


def test_a_stranger_finds_nothing_of_it(different: Books, xavier: Walker) -> None:
    drift = different.drifts()[0]
    assert xavier.get(f"{ROOM}/runs/{drift.run_id}").status_code == 404
    assert xavier.fragment(f"{ROOM}/runs/{drift.run_id}/progress").status_code == 404
    assert xavier.post(f"{ROOM}/differences/{drift.id}/reopen").status_code == 404
    assert "INV-00001" not in xavier.get(f"{ROOM}/differences.csv").text


def test_all_runs_are_listed(different: Books, rhea: Walker) -> None:
    assert "Olivia" in rhea.get(f"{ROOM}/runs").text
    heads, row = rhea.get(f"{ROOM}/runs.csv").text.splitlines()
    assert (heads.count(","), ",Olivia,done," in row, row.endswith(",120.00,240.00,,")) == (16, True, True)


def test_a_run_has_totals_by_month_and_currency_and_a_file_of_them(different: Books, rhea: Walker) -> None:
    run = different.compare()
    page = words(rhea.get(f"{ROOM}/runs/{run.id}").text)
    assert "March 2026 GBP 1 £120.00 £240.00 £120.00" in page
    assert "2026-03,GBP,1,120.00,240.00,120.00" in rhea.get(f"{ROOM}/runs/{run.id}/totals.csv").text


def test_what_the_last_runs_found_is_a_chart(different: Books, rhea: Walker) -> None:
    different.compare()
    assert "Differences found by the last 2 runs: 1, 1" in rhea.get(ROOM).text
