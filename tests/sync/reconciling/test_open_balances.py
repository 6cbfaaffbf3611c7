"""A run keeps what is open on both sides, and what the difference comes from, out of what it has read anyway."""

from __future__ import annotations

from app.foundation.database import transaction
from app.sync.comparing.drifts import DriftCause, ReconciliationRun
from app.sync.reconciling import open_balances
from app.sync.reconciling.open_balances import OpenBooks
from app.sync.reconciling.open_sums import Part
from app.sync.records.policies import WhenChangedThere, policy_of
from tests.sync.books import Books
from tests.sync.reconciling.test_reconcile import raise_price


def kept(run: ReconciliationRun) -> OpenBooks:
    (found,) = open_balances.of_run(run.id, "GBP")
    return found


def parts(found: OpenBooks) -> list[tuple[str, int, int, int]]:
    return [(part.part, part.documents, part.ours_pence, part.theirs_pence) for part in found.parts]


def test_a_payment_part_of_an_invoice_leaves_its_rest_open_on_both_sides(books: Books) -> None:
    books.pay(books.invoice(), "50.00")
    books.credit_note("40")
    found = kept(books.compare())
    assert parts(found) == [(Part.AGREES, 2, 2200, 2200)]
    assert found.difference_pence == 0


def test_a_difference_of_what_is_open_stands_with_its_cause(books: Books) -> None:
    invoice = books.invoice()
    books.invoice("50")
    raise_price(books, invoice, 200)
    found = kept(books.compare())
    assert parts(found) == [(Part.AGREES, 1, 6000, 6000), (DriftCause.PRICE, 1, 12000, 24000)]
    assert (found.ours_pence, found.theirs_pence, found.is_one_sided) == (18000, 30000, False)


def test_what_is_not_in_quickbooks_is_open_here_alone(books: Books) -> None:
    books.firm.open(books.firm.line("100"))
    found = kept(books.compare())
    assert (parts(found), found.is_one_sided) == ([(Part.NOT_SENT, 1, 12000, 0)], True)


def test_what_a_run_takes_over_agrees_at_its_end(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).changed_there = WhenChangedThere.FOLLOW
    invoice = books.invoice()
    raise_price(books, invoice, 200)
    run = books.compare()
    assert (parts(kept(run)), run.drifts) == ([(Part.AGREES, 1, 24000, 24000)], 0)


def test_the_next_run_knows_what_is_open_without_reading_it_again(books: Books) -> None:
    books.invoice()
    books.compare()
    run = books.compare()
    assert (parts(kept(run)), run.reads) == ([(Part.AGREES, 1, 12000, 12000)], 1)
