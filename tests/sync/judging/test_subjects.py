"""What a person calls the subjects of messages."""

from __future__ import annotations

from app.billing.kinds import DocumentKind
from app.foundation.database import transaction
from app.outbox.models import Subject
from app.sync.judging.subjects import Name, names_of
from tests.sync.books import Books


def test_a_draft_is_called_so_and_not_by_an_id_that_looks_like_a_number(books: Books) -> None:
    invoice, credit = books.firm.draft(), books.firm.draft(kind=DocumentKind.CREDIT_NOTE)
    names = names_of([invoice.subject, credit.subject])
    assert names[invoice.subject] == Name("Draft", "invoice", "Acme")
    assert names[credit.subject] == Name("Draft", "credit note", "Acme")


def test_a_payment_is_called_by_its_reference_or_by_what_it_lacks(books: Books) -> None:
    invoice, credit = books.firm.open(), books.firm.open(kind=DocumentKind.CREDIT_NOTE)
    paid, bare = books.firm.learn(100), books.firm.learn(100)
    used = books.firm.learn(0, (invoice, 100), (credit, 100))
    with transaction():
        bare.reference = used.reference = ""
    names = names_of([paid.subject, bare.subject, used.subject])
    assert [names[row.subject].label for row in (paid, bare, used)] == [
        *("BACS 4711", "without reference", "by credit note"),
    ]


def test_what_is_gone_is_called_by_its_id(books: Books) -> None:
    assert names_of([Subject("client", 999)])[Subject("client", 999)] == Name("Client", "number 999")
