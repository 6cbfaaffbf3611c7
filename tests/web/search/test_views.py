"""The one box on every page: what it finds, for whom, and what it says when there is nothing."""

from __future__ import annotations

from sqlalchemy import select

from app.foundation.database import db, transaction
from app.sync.attempts import Attempt
from app.sync.policies import WhenServiceMissing, policy_of
from tests.sync.books import Books
from tests.web.walking import Walker, words


def found(walker: Walker, search: str) -> str:
    return words(walker.fragment(f"/search?search={search}").text)


def test_the_mere_count_of_an_invoice_leads_to_it(books: Books, rhea: Walker) -> None:
    invoice = books.invoice()
    page = rhea.fragment("/search?search=1").text
    assert f'href="/invoices/{invoice.id}"' in page
    assert "INV-00001" in words(page)


def test_names_codes_and_parts_of_numbers_are_found(books: Books, rhea: Walker) -> None:
    books.invoice()
    assert "Acme" in found(rhea, "acm")
    assert "SUP" in found(rhea, "sup")
    assert "INV-00001" in found(rhea, "nv-000")


def test_an_id_of_quickbooks_and_an_intuit_tid_lead_to_ours(books: Books, rhea: Walker) -> None:
    invoice = books.invoice()
    tid = db.session.scalars(select(Attempt.tid).where(Attempt.kind == "invoice")).one()
    assert f"Invoice {books.remote_id(invoice)}" in found(rhea, books.remote_id(invoice))
    assert "INV-00001 Sent" in found(rhea, str(tid))


def test_the_words_of_what_holds_an_invoice_find_it(books: Books, rhea: Walker) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    books.firm.open()
    books.send()
    assert "INV-00001 Held" in found(rhea, "has no item")


def test_nothing_of_another_organisation_is_found(books: Books, xavier: Walker) -> None:
    books.invoice()
    assert "Nothing matches" in found(xavier, "INV-00001")


def test_a_single_letter_finds_nothing_and_an_empty_box_says_what_it_is_for(books: Books, rhea: Walker) -> None:
    assert "Nothing matches" in found(rhea, "a")
    assert "Press / on any page" in found(rhea, "")
