"""The sync log on screen: sentence and fix first, then the wire; trying again."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest

from app.foundation.database import transaction
from app.sync.records.policies import WhenServiceMissing, policy_of
from app.sync.watching import word_search
from tests.sync.books import Books
from tests.web.walking import Walker, words

LOG = "/quickbooks/log"


def oldest(page: str) -> str:
    """The address of the oldest operation in a list."""
    return str(re.findall(rf'"({LOG}/\d+)"', page)[-1])


@pytest.fixture
def held(books: Books) -> Books:
    """Two invoices that wait for a mapping."""
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    books.firm.open()
    books.firm.open()
    books.send()
    return books


def test_an_operation_shows_its_sentence_and_what_went_over_the_wire(books: Books, rhea: Walker) -> None:
    books.invoice()
    listed = rhea.get(LOG).text
    assert "INV-00001" in listed
    page = words(rhea.get(oldest(listed)).text)
    assert "In QuickBooks as INV-00001 (id 1), £120.00." in page
    assert "POST /invoice" in page
    assert "intuit_tid" in page


def test_no_token_is_ever_shown(books: Books, rhea: Walker) -> None:
    books.invoice()
    page = rhea.get(oldest(rhea.get(LOG).text)).text
    assert "Bearer" not in page
    assert "Authorization" not in page


def test_failures_stand_on_top_by_cause_with_one_fix(held: Books, adam: Walker) -> None:
    page = adam.get(LOG).text
    assert "has no item in QuickBooks yet." in page
    assert "2 held, by cause" in words(page)
    assert "2 invoices of 1 client wait." in words(page)
    assert "Save and release 2" in words(page)
    assert "Retry all 2" in words(page)


def test_all_of_a_cause_are_tried_again_and_the_filters_are_kept(held: Books, stella: Walker) -> None:
    with transaction():
        policy_of(held.connection_id).service_missing = WhenServiceMissing.CREATE
    key = stella.get(LOG).text.partition('id="retry-')[2].partition('"')[0]
    answer = stella.post(f"{LOG}/retry", cause=key, back="show=problems")
    assert answer.location == f"{LOG}?show=problems"
    held.send()
    assert "What needs somebody" not in stella.get(LOG).text


def test_chosen_ones_are_tried_again(held: Books, stella: Walker) -> None:
    ticked = re.findall(r'name="message" value="(\d+)"', stella.get(LOG).text)
    assert "2 operations are tried again now" in stella.follow(f"{LOG}/retry", message=ticked)


def test_where_nothing_can_be_tried_again_no_column_is_left_for_ticks(books: Books, stella: Walker) -> None:
    books.invoice()
    assert "tick-cell" not in stella.get(LOG).text


def test_nothing_chosen_says_so(held: Books, stella: Walker) -> None:
    assert "Nothing was left to try" in stella.follow(f"{LOG}/retry")


def test_one_is_taken_back(held: Books, stella: Walker) -> None:
    assert "Taken back by Stella." in stella.follow(f"{oldest(stella.get(LOG).text)}/cancel")


def test_who_may_only_read_has_no_buttons(held: Books, rhea: Walker) -> None:
    assert "Retry" not in rhea.get(LOG).text
    assert rhea.post(f"{oldest(rhea.get(LOG).text)}/retry").status_code == 403


def test_it_is_a_file_with_the_same_filters(held: Books, rhea: Walker) -> None:
    text = rhea.get(f"{LOG}/sync-log.csv?search=00002").text.removeprefix("\ufeff")
    head, row = csv.reader(io.StringIO(text))
    found = dict(zip(head, row, strict=True))
    assert (found["Number or name"], found["Result"], found["Attempts"]) == ("INV-00002", "Held", "1")


@pytest.mark.parametrize("query", ["?before=x&after=y", "?show=elephant&from=never&to=9999-12-31", "?entity=zero"])
def test_an_address_that_can_t_be_read_shows_everything(held: Books, rhea: Walker, query: str) -> None:
    assert "INV-00001" in rhea.get(LOG + query).text


@pytest.mark.parametrize(("query", "is_open"), [("", False), ("?from=2026-03-01", True), ("?to=2026-03-01", True)])
def test_dates_are_unfolded_where_they_count(books: Books, rhea: Walker, query: str, *, is_open: bool) -> None:
    assert ('id="by-date" open' in rhea.get(LOG + query).text) is is_open


def test_words_are_looked_for_among_the_newest_and_then_in_what_is_earlier(
    books: Books, rhea: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_search, "RECENT", 1)
    books.invoice()
    books.invoice()
    page, found = rhea.get(f"{LOG}?search=INV-0000").text, False
    assert "Searched back to" in words(page)
    assert "INV-00001" not in page
    while earlier := re.search(r'href="([^"]+)">Search what is earlier', page):
        page = rhea.get(html.unescape(earlier[1])).text
        found |= "INV-00001" in page
    assert found
    assert "Searched from the beginning to" in words(page)
    assert "INV-00001" in rhea.get(f"{LOG}/sync-log.csv?search=INV-0000").text
