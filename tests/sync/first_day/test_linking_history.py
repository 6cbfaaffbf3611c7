"""What QuickBooks had before we came is tied to ours without a write; payments come with the next comparison."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.billing.timeline import SYSTEM
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.sync.company import connecting
from app.sync.comparing.drifts import ReconciliationRun
from app.sync.first_day import linking_history
from app.sync.first_day.history_matching import Sameness
from app.sync.first_day.linking_history import History
from app.sync.records.links import LinkMade
from app.sync.records.policies import policy_of
from tests.sync import weather
from tests.sync.books import Books, connection


def typed_there(books: Books, document: Document, customer: str, **more: object) -> str:
    """A bookkeeper had typed the same invoice into QuickBooks; returns its id."""
    detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "6"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": "100.00", "SalesItemLineDetail": detail}
    told = {"DocNumber": document.number, "TxnDate": document.issue_date.isoformat()}
    return weather.make_there(
        books,
        "Invoice",
        CustomerRef={"value": customer},
        Line=[line],
        GlobalTaxCalculation="TaxExcluded",
        **told | more,
    )


@pytest.fixture
def before(books: Books) -> tuple[Books, str]:
    """Acme is a customer there; nothing goes by itself."""
    customer = books.customer(books.invoice())
    with transaction():
        policy_of(books.connection_id).automatic_push = False
    return books, customer


def opened(books: Books) -> Document:
    document = books.firm.open()
    books.send()
    return document


def proposals(books: Books) -> History:
    books.compare()
    return linking_history.proposals(connection(books))


def link_exact(books: Books) -> int:
    with transaction():
        return linking_history.link(connection(books), linking_history.exact(connection(books)), SYSTEM)


def test_what_was_typed_there_is_found_and_linked_without_a_write(before: tuple[Books, str]) -> None:
    books, customer = before
    document = opened(books)
    theirs = typed_there(books, document, customer)
    assert [one.ours.number for one in proposals(books).of(Sameness.EXACT)] == [document.number]
    writes = len(weather.there(books))
    assert link_exact(books) == 1
    books.send()
    assert (books.remote_id(document), books.link(document).made) == (theirs, LinkMade.MATCHED)
    assert len(weather.there(books)) == writes


def test_what_is_linked_is_never_sent_again_by_itself(before: tuple[Books, str]) -> None:
    books, customer = before
    document = opened(books)
    typed_there(books, document, customer)
    proposals(books)
    link_exact(books)
    with transaction():
        policy_of(books.connection_id).automatic_push = True
    books.send()
    assert proposals(books).matches == []
    assert len(weather.there(books)) == 2


def test_its_payments_are_taken_over_by_the_next_comparison(before: tuple[Books, str]) -> None:
    books, customer = before
    document = opened(books)
    theirs = typed_there(books, document, customer)
    books.simulation.pay(customer, "120.00", **{f"i{theirs}": "120.00"})
    proposals(books)
    link_exact(books)
    books.compare()
    assert books.fresh(document).status is DocumentStatus.PAID


def test_a_payment_older_than_the_last_comparison_is_taken_over_too(before: tuple[Books, str]) -> None:
    books, customer = before
    document = opened(books)
    theirs = typed_there(books, document, customer)
    books.simulation.pay(customer, "120.00", **{f"i{theirs}": "120.00"})
    run_id = books.compare().id
    with transaction() as session:  # a quarter of an hour of other changes has passed since
        session.execute(update(ReconciliationRun).values(read_until=clock.now() + timedelta(minutes=15)))
    link_exact(books)
    books.run_waiting()
    assert books.fresh(document).status is DocumentStatus.PAID
    assert len(db.session.scalars(select(ReconciliationRun).where(ReconciliationRun.id > run_id)).all()) == 1


def test_another_total_is_put_before_a_person_who_may_link_it_all_the_same(before: tuple[Books, str]) -> None:
    books, customer = before
    document = books.firm.open(books.firm.line("150"))
    books.send()
    theirs = typed_there(books, document, customer)
    (found,) = proposals(books).of(Sameness.AMBIGUOUS)
    assert found.candidates[0].differs == ("its total is £120.00",)
    with transaction():
        chosen = linking_history.read_choice([f"invoice:{document.id}:{theirs}"])
        linking_history.link(connection(books), chosen, SYSTEM)
    assert books.remote_id(document) == theirs


def test_what_was_linked_meanwhile_is_refused_and_nothing_happens(before: tuple[Books, str]) -> None:
    books, customer = before
    typed_there(books, opened(books), customer)
    proposals(books)
    chosen = linking_history.exact(connection(books))
    link_exact(books)
    with pytest.raises(BadInputError, match="Look at the list again"), transaction():
        linking_history.link(connection(books), chosen, SYSTEM)


def test_before_anything_was_read_there_is_nothing_to_propose(before: tuple[Books, str]) -> None:
    books, _customer = before
    opened(books)
    assert linking_history.proposals(connection(books)) == History(None, [])


def test_one_record_is_never_linked_to_two_of_ours(before: tuple[Books, str]) -> None:
    books, customer = before
    one, other = opened(books), opened(books)
    theirs = typed_there(books, one, customer)
    proposals(books)
    chosen = linking_history.read_choice(f"invoice:{document.id}:{theirs}" for document in (one, other))
    with pytest.raises(BadInputError, match="chosen twice"), transaction():
        linking_history.link(connection(books), chosen, SYSTEM)


@pytest.mark.parametrize("text", ["", "invoice", "invoice:1", "invoice:1:", "letter:1:2", "invoice:x:2"])
def test_a_choice_that_cannot_be_read_says_so(text: str) -> None:
    with pytest.raises(BadInputError, match="one of the records"):
        linking_history.read_choice([text])


def test_what_was_linked_before_a_disconnect_is_offered_again_whatever_was_changed_there(
    before: tuple[Books, str],
) -> None:
    books, customer = before
    theirs = typed_there(books, opened(books), customer)
    proposals(books)
    link_exact(books)
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.simulation.handle("Invoice", theirs, "edit", TxnDate="2026-02-09", DocNumber="1008")
    books.reconnect()
    offered = [one.candidates for one in proposals(books).of(Sameness.AMBIGUOUS)]
    assert [[one.seen.id for one in candidates] for candidates in offered] == [[theirs]]
