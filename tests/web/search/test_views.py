"""The one box on every page: what it finds, for whom, and what it says when there is nothing."""

from __future__ import annotations

from sqlalchemy import select

from app.billing.payment import Payment
from app.foundation.database import db, transaction
from app.sync.records.attempts import Attempt
from app.sync.records.policies import WhenServiceMissing, policy_of
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


def test_a_payment_is_found_by_its_reference_its_amount_and_its_id_in_quickbooks(books: Books, rhea: Walker) -> None:
    remote_id = books.pay(books.invoice(), "1234.50", part="120.00")
    books.listen()
    payment = db.session.scalars(select(Payment)).one()
    with transaction():
        payment.reference = "BACS 1042"
    for search in ("acs 10", "1234.50", "1,234.5", "£1,234.50", remote_id):
        assert f'href="/payments/{payment.id}"' in rhea.fragment(f"/search?search={search}").text
    assert "BACS 1042 £1,234.50" in found(rhea, "acs 10")


def test_an_amount_finds_the_invoices_over_so_much(books: Books, rhea: Walker) -> None:
    books.invoice()
    assert "Invoices and credit notes of this amount Invoice INV-00001 Acme" in found(rhea, "£120.00")
    assert "Nothing matches" in found(rhea, "£120.01")


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
