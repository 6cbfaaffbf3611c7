"""Importing documents on screen: a preview from a day on, the worker's progress, and how it ended."""

from __future__ import annotations

import pytest

from app.foundation.database import db
from app.foundation.tenancy import current_organisation
from app.sync.importing import carrying as importing_carrying
from app.sync.importing import runs as importing_runs
from tests.sync.books import Books
from tests.sync.importing.conftest import history
from tests.sync.importing.desk import typed_there
from tests.web.walking import Walker, words

__all__ = ["history"]
PAGE = "/settings/quickbooks/import/documents"
SINCE = "2026-01-01"


@pytest.fixture
def typed(history: Books) -> Books:
    """Invoice 1007 is in QuickBooks alone, and QuickBooks was read."""
    typed_there(history, "1007")
    history.compare()
    return history


def work() -> None:
    """Do what the worker does."""
    for _organisation, run_id in importing_runs.waiting():
        importing_carrying.carry_out(current_organisation(), run_id)
    db.session.rollback()


def test_before_a_comparison_it_asks_for_one(books: Books, adam: Walker) -> None:
    assert "QuickBooks was not read yet" in words(adam.get(PAGE).text)


def test_the_preview_tells_what_becomes_of_each(typed: Books, adam: Walker) -> None:
    page = words(adam.get(f"{PAGE}?since={SINCE}").text)
    assert "Invoice 1007" in page
    assert "Becomes an issued document under this number" in page
    assert "Nothing to import" in words(adam.get(f"{PAGE}?since=2026-03-01").text)


def test_it_is_started_watched_and_done(typed: Books, adam: Walker) -> None:
    answer = adam.post(PAGE, since=SINCE)
    assert "Waiting for the worker" in words(adam.get(answer.location).text)
    work()
    done = adam.fragment(f"{answer.location}/progress?revision=running-0")
    assert (done.status_code, "The import is done" in done.text) == (286, True)
    assert "Nothing to import" in words(adam.get(f"{PAGE}?since={SINCE}").text)


def test_nothing_new_is_no_answer(typed: Books, adam: Walker) -> None:
    answer = adam.post(PAGE, since=SINCE)
    assert adam.fragment(f"{answer.location}/progress?revision=running-0").status_code == 204


def test_it_can_be_stopped(typed: Books, adam: Walker) -> None:
    answer = adam.post(PAGE, since=SINCE)
    assert "The import was stopped" in words(adam.follow(f"{answer.location}/stop"))
    work()
    assert "Invoice 1007" in adam.get(f"{PAGE}?since={SINCE}").text


def test_a_second_click_watches_the_first_ones_import(typed: Books, adam: Walker) -> None:
    assert adam.post(PAGE, since=SINCE).location == adam.post(PAGE, since=SINCE).location
    assert "An import is under way" in words(adam.get(f"{PAGE}?since={SINCE}").text)


def test_without_a_day_it_says_what_to_do(typed: Books, adam: Walker) -> None:
    answer = adam.post(PAGE, since="soon")
    assert (answer.status_code, "Enter the date" in answer.text) == (422, True)


def test_staff_see_the_preview_and_start_nothing(typed: Books, stella: Walker) -> None:
    assert "Import this one" not in words(stella.get(f"{PAGE}?since={SINCE}").text)
    assert stella.post(PAGE, since=SINCE).status_code == 403
