"""Something done about differences on screen: said first, done for one or for all of a cause, refusals named."""

from __future__ import annotations

from html import unescape

import pytest

from app.web.reconciliation import settling
from tests.sync.books import Books
from tests.sync.payment_desk import record
from tests.sync.planting import PLANTED
from tests.sync.reconciling.test_reconcile import raise_price
from tests.web.elements import Reading
from tests.web.walking import Walker, words

ROOM = "/quickbooks/reconciliation"


@pytest.fixture
def two(books: Books) -> Books:
    """Two invoices whose price was changed in QuickBooks."""
    for invoice in [books.invoice(), books.invoice()]:
        raise_price(books, invoice, 200)
    books.compare()
    return books


def shown_on(page: str) -> str:
    """What a form keeps of the differences it was shown with."""
    return next(one.get("value") for one in Reading(page).all("input") if one.get("name") == "shown")


def test_theirs_accepted_for_one(two: Books, adam: Walker) -> None:
    drift = two.drifts()[0]
    page = adam.get(ROOM).text
    way = f"{ROOM}/settle?drift={drift.id}&remedy=accept"
    assert way.replace("&", "&amp;") in page
    assert "Ours is made to say what QuickBooks says now" in adam.get(way).text
    assert "1 difference settled" in adam.follow(way)
    assert len(two.drifts()) == 1


def test_theirs_accepted_for_all_of_a_cause(two: Books, adam: Walker) -> None:
    assert "All 2 of this kind" in words(adam.get(f"{ROOM}?cause=price").text)
    way = f"{ROOM}/settle?cause=price&remedy=accept"
    assert "Accept theirs: all 2" in words(adam.get(way).text)
    assert "2 differences settled" in adam.follow(way)
    assert two.drifts() == []


def test_a_confirmation_says_number_sum_and_direction(two: Books, adam: Walker) -> None:
    way = f"{ROOM}/settle?cause=price&remedy="
    accept, send = (words(adam.get(f"{way}{remedy}").text) for remedy in ("accept", "send"))
    assert "2 differences: £240.00 in Counterfoil becomes £480.00. QuickBooks stays as it is." in accept
    assert "2 differences: £480.00 in QuickBooks becomes £240.00. Counterfoil stays as it is." in send


def test_only_what_was_shown_is_confirmed(two: Books, adam: Walker) -> None:
    way = f"{ROOM}/settle?cause=price&remedy=accept"
    shown = shown_on(adam.get(way).text)
    raise_price(two, two.invoice(), 300)
    two.compare()
    refused = adam.post(way, shown=shown)
    assert (refused.status_code, "The list has changed meanwhile" in refused.text) == (409, True)
    assert "3 differences: £360.00" in words(refused.text)
    assert len(two.drifts()) == 3
    assert "3 differences settled" in adam.follow(way, shown=shown_on(refused.text))


def test_what_is_too_much_for_one_time_is_left_for_the_next(
    two: Books, adam: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "AT_ONCE", 1)
    page = words(adam.get(f"{ROOM}/settle?cause=price&remedy=accept").text)
    assert "1 difference: £120.00 in Counterfoil becomes £240.00." in page
    assert "No more than 1 are done at once: 1 of this kind are left for the next time." in page


def test_payments_that_are_here_alone_are_told_together(books: Books, adam: Walker) -> None:
    for _number in range(2):
        invoice = books.invoice()
        record(books, 12000, (invoice, 12000))
    books.send()
    books.compare()
    page = adam.get(f"{ROOM}?cause=paid_here").text
    assert all(label in page for label in ("Tell QuickBooks…", "Link to theirs…", "Take ours back…"))
    way = f"{ROOM}/settle?cause=paid_here&remedy=send"
    assert "whatever the policy on payments says" in adam.get(way).text
    assert "Tell QuickBooks: 2 differences on the way to QuickBooks." in adam.follow(way)
    books.send()
    assert "2 operations are held" in words(adam.get(ROOM).text)


def test_all_of_a_cause_left_as_they_are_with_one_reason(two: Books, adam: Walker) -> None:
    way = f"{ROOM}/ignore?cause=price"
    assert adam.post(way, reason=" ").status_code == 422
    assert "2 differences are left" in adam.follow(way, reason="agreed by telephone")
    assert {drift.ignored_reason for drift in two.drifts()} == {"agreed by telephone"}


def test_what_can_t_be_done_is_named_with_its_reason(books: Books, adam: Walker) -> None:
    invoice = books.invoice()
    books.firm.learn(5000, (invoice, 5000))
    next(kind for kind in PLANTED if kind.name == "invoice deleted").plant(books, invoice)
    books.listen()
    page = adam.follow(f"{ROOM}/settle?drift={books.drifts()[0].id}&remedy=accept")
    assert "INV-00001 stays open: Invoice INV-00001 can't be voided: payments are applied to it (£50.00)" in unescape(
        page
    )


def test_there_is_nothing_to_do_without_a_choice(two: Books, adam: Walker, stella: Walker, xavier: Walker) -> None:
    assert adam.get(f"{ROOM}/settle?remedy=none").status_code == 422
    for bare in ("settle", "ignore"):
        assert adam.get(f"{ROOM}/{bare}").location == ROOM
    way = f"{ROOM}/settle?drift={two.drifts()[0].id}&remedy=accept"
    assert stella.get(way).status_code == 403
    assert xavier.get(way).status_code == 404


def test_what_a_run_put_right_is_listed_with_it(books: Books, rhea: Walker) -> None:
    books.pay(books.invoice(), "50.00")
    run = books.compare()
    page = words(rhea.get(f"{ROOM}/runs/{run.id}").text)
    assert "Payment had not reached us" in page
    assert "£50.00: INV-00001 £50.00" in page
