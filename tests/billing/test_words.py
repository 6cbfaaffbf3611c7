"""Words of a search: what they find is listed whole where it is not much, else its first part."""

from __future__ import annotations

import pytest

from app.billing import queries, words
from app.billing.kinds import DocumentStatus
from app.billing.queries import DocumentFilter
from app.foundation.database import transaction
from tests.billing.firm import Firm


@pytest.fixture
def two_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks through more than two hits."""
    for module in (words, queries):
        monkeypatch.setattr(module, "MOST", 2)


def test_what_words_find_takes_their_place(firm: Firm) -> None:
    opened = firm.open()
    found = queries.narrowed(DocumentFilter(search=" acme inv "))
    assert (found.search, found.ids) == ("", (opened.id,))
    assert queries.narrowed(found) == found


@pytest.mark.usefixtures("two_at_most")
def test_words_that_find_too_much_stay_and_only_the_first_hits_are_listed(firm: Firm) -> None:
    opened = [firm.open() for _each in range(3)]
    wanted = DocumentFilter(search="acme")
    assert queries.narrowed(wanted) == wanted
    page = queries.documents(wanted, per_page=1, page=9)
    assert (page.rows, page.number, page.total, page.is_cut) == ([opened[1]], 2, 2, True)


@pytest.mark.usefixtures("two_at_most")
def test_a_memo_and_a_number_in_one_document_are_one_hit(firm: Firm) -> None:
    opened = [firm.open(), firm.open()]
    with transaction():
        for document in opened:
            document.memo = "Acme again"
    page = queries.documents(DocumentFilter(search="acme"))
    assert ([row.id for row in page.rows], page.is_cut) == ([opened[1].id, opened[0].id], False)


@pytest.mark.usefixtures("two_at_most")
def test_a_further_filter_may_leave_few_of_too_many(firm: Firm) -> None:
    for _each in range(2):
        firm.open()
    draft = firm.draft()
    assert queries.narrowed(DocumentFilter(search="acme", statuses=(DocumentStatus.DRAFT,))).ids == (draft.id,)


@pytest.mark.usefixtures("two_at_most")
def test_of_too_many_payments_the_newest_are_listed(firm: Firm) -> None:
    paid = [firm.learn(12000, (firm.open(), 12000)) for _each in range(3)]
    page = queries.payments("acme")
    assert (page.rows, page.total, page.is_cut) == ([paid[2], paid[1]], 2, True)
    assert queries.payments(f"acme {paid[0].reference}x").rows == []
