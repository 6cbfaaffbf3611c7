"""The dry run on screen."""

from __future__ import annotations

from app.foundation.database import transaction
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.sync.books import Books
from tests.web.walking import Walker, words

PAGE = "/settings/quickbooks/dry-run"


def test_what_waits_is_shown_in_words_and_as_json(books: Books, rhea: Walker) -> None:
    books.firm.open()
    page = rhea.get(PAGE).text
    assert "1 would be sent" in words(page)
    assert "A new invoice for “Acme” with 1 line: £120.00, £20.00 of it tax." in words(page)
    assert "INV-00001" in page
    assert "&#34;DocNumber&#34;" in page


def test_what_stands_against_it_comes_with_its_fix(books: Books, adam: Walker) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    books.firm.open()
    page = words(adam.get(PAGE).text)
    assert "Would wait" in page
    assert "Service “SUP” has no item in QuickBooks yet. Map the service" in page


def test_what_holds_several_back_is_told_once_before_them(books: Books, adam: Walker) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    books.firm.open()
    books.firm.open()
    page = words(adam.get(PAGE).text)
    assert "2 would wait" in page
    told, _heading, documents = page.partition("What holds documents back")[2].partition("INV-0000")
    assert "Service “SUP” has no item in QuickBooks yet. 2 Map the service" in told
    assert documents.count("has no item in QuickBooks yet.") == 2


def test_a_draft_leads_to_its_own_dry_run(books: Books, rhea: Walker) -> None:
    draft = books.firm.draft()
    asked = f"document={draft.id}"
    assert asked in rhea.get(f"/invoices/{draft.id}").text
    assert "«its number»" in rhea.get(f"{PAGE}?{asked}").text


def test_with_nothing_to_send_it_says_what_to_do(books: Books, rhea: Walker) -> None:
    assert "Nothing waits" in words(rhea.get(PAGE).text)
