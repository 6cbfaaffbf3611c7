"""The page of a document keeps itself up to date when an answer or a payment arrives."""

from __future__ import annotations

import re

from app.billing.document import Document
from app.foundation.database import transaction
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.sync.books import Books
from tests.sync.reconciling.test_reconcile import raise_price
from tests.web.walking import Walker, words


def revision(page: str) -> str:
    return page.partition("/quickbooks?revision=")[2].partition('"')[0]


def card(document: Document, seen: str) -> str:
    return f"/invoices/{document.id}/quickbooks?revision={seen}"


def test_an_answer_changes_the_card_and_it_is_asked_for_less_often(books: Books, rhea: Walker) -> None:
    document = books.firm.open()
    page = rhea.get(f"/invoices/{document.id}").text
    assert 'hx-trigger="every 3s"' in page
    assert rhea.fragment(card(document, revision(page))).status_code == 204
    books.send()
    answer = rhea.fragment(card(document, revision(page)))
    assert "In QuickBooks" in words(answer.text)
    assert 'hx-trigger="every 15s"' in answer.text
    assert rhea.fragment(card(document, revision(answer.text))).status_code == 204


def test_a_payment_changes_status_amounts_payments_and_timeline_beside_the_card(books: Books, rhea: Walker) -> None:
    document = books.invoice()
    seen = revision(rhea.get(f"/invoices/{document.id}").text)
    books.pay(document, "120.00")
    books.listen()
    answer = rhea.fragment(card(document, seen)).text
    beside = re.findall(r'id="([a-z-]+)" hx-swap-oob="true"', answer)
    assert beside == ["document-states", "steps", "amounts", "payments", "timeline"]
    assert "Paid" in words(answer)
    assert "Balance £0.00" in words(answer)


def test_the_page_itself_swaps_nothing_out_of_band(books: Books, rhea: Walker) -> None:
    page = rhea.get(f"/invoices/{books.invoice().id}").text
    assert "hx-swap-oob" not in page
    assert page.count('id="timeline"') == 1


def test_a_neighbour_s_card_is_not_there(books: Books, xavier: Walker) -> None:
    assert xavier.fragment(card(books.invoice(), "0")).status_code == 404


def test_what_a_comparison_found_stands_beside_the_state_until_somebody_decides(books: Books, rhea: Walker) -> None:
    document = books.invoice()
    seen = revision(rhea.get(f"/invoices/{document.id}").text)
    raise_price(books, document, 200)
    books.compare()
    said = words(rhea.fragment(card(document, seen)).text)
    assert "Price of a line differs Here: £120.00. In QuickBooks: £240.00." in said


def test_a_difference_that_was_left_as_it_is_is_not_told_again(books: Books, adam: Walker) -> None:
    document = books.invoice()
    raise_price(books, document, 200)
    books.compare()
    adam.follow(f"/quickbooks/reconciliation/differences/{books.drifts()[0].id}/ignore", reason="agreed by telephone")
    assert "Price of a line differs" not in words(adam.get(f"/invoices/{document.id}").text)


def test_a_draft_says_beforehand_what_would_hold_it_once_it_is_opened(books: Books, adam: Walker) -> None:
    draft = books.firm.draft(books.firm.line("100"))
    assert "QuickBooks would not get it yet" not in words(adam.get(f"/invoices/{draft.id}").text)
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    page = words(adam.get(f"/invoices/{draft.id}").text)
    assert "QuickBooks would not get it yet Service “SUP” has no item in QuickBooks yet. Map the service" in page
