"""An answer that comes late, or is said again, takes nothing back of what was done there meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.billing import receiving
from app.billing.document import Document
from app.billing.payment import Payment
from app.foundation.database import db, transaction
from app.outbox.models import MessageState
from app.sync.records.effects import AnswerIsOutError
from app.sync.records.links import LinkState
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.catching_up import catch_up, lose_webhooks
from tests.sync.payment_desk import link, record, telling
from tests.sync.telling.test_lookup import changed


@contextmanager
def answer_out(books: Books, kind: str) -> Iterator[None]:
    """QuickBooks takes what is told of this kind, and its answer comes only after the block, with its webhooks."""
    weather.order(books, "lost_after", kind=kind, count=0)
    yield
    weather.clear(books)
    books.listen()
    weather.settle_all(books)


def line(price: int, like: dict[str, Any]) -> dict[str, Any]:
    sold = like["SalesItemLineDetail"] | {"UnitPrice": price, "Qty": 1}
    return {"DetailType": "SalesItemLineDetail", "Amount": price, "SalesItemLineDetail": sold}


def test_what_a_bookkeeper_makes_of_a_document_behind_our_change_is_seen(books: Books) -> None:
    invoice = books.invoice()
    with answer_out(books, "invoice"):
        changed(books, invoice)
        books.send()
        there = books.simulation.record("Invoice", books.remote_id(invoice))
        books.simulation.handle("Invoice", there["Id"], "edit", Line=[line(300, there["Line"][0])])
    seen = books.link(invoice)
    assert (weather.state(invoice), seen.told_revision) == (MessageState.DONE, 2)
    assert (seen.sync_token, seen.total_pence, seen.difference_pence) == ("2", 36000, 18000)


@pytest.mark.parametrize(("act", "state"), [("void", LinkState.VOIDED), ("delete", LinkState.REMOVED)])
def test_a_document_that_ended_there_behind_our_change_does_not_live_again(
    books: Books, act: str, state: LinkState
) -> None:
    invoice = books.invoice()
    with answer_out(books, "invoice"):
        changed(books, invoice)
        books.send()
        books.simulation.handle("Invoice", books.remote_id(invoice), act)
    assert (weather.state(invoice), books.link(invoice).state) == (MessageState.DONE, state)
    assert weather.outcomes(invoice)[-1] == "sent"


def divided_anew(books: Books) -> Payment:
    """A payment that QuickBooks was told of is put on another invoice, and that is just being told."""
    telling(books)
    first, second = books.invoice(), books.invoice()
    payment = record(books, 12_000, (first, 12_000))
    books.send()
    with transaction():
        receiving.divide_anew(payment, [(second.id, 12_000)], actor=ANN)
    return payment


def test_a_payment_that_ended_there_behind_our_change_does_not_live_again(books: Books) -> None:
    payment = divided_anew(books)
    with answer_out(books, "payment"):
        books.send()
        books.simulation.handle("Payment", link(books, payment).remote_id, "void")
    assert link(books, payment).state is LinkState.VOIDED


def test_a_payment_that_was_made_less_there_behind_our_change_stays_so(books: Books) -> None:
    payment = divided_anew(books)
    with answer_out(books, "payment"):
        books.send()
        there = books.simulation.record("Payment", link(books, payment).remote_id)
        less = [{"Amount": 60, "LinkedTxn": there["Line"][0]["LinkedTxn"]}]
        books.simulation.handle("Payment", there["Id"], "edit", TotalAmt=60, Line=less)
    weather.hurry()
    books.take_in()
    seen, ours = link(books, payment), db.session.get_one(Payment, payment.id)
    assert (seen.sync_token, seen.total_pence, ours.amount_pence) == ("2", 6000, 6000)
    assert seen.told_revision == ours.revision


def test_a_payment_that_was_put_on_another_document_there_behind_our_change_is_on_that_here(books: Books) -> None:
    third, payment = books.invoice(), divided_anew(books)
    books.listen()
    with answer_out(books, "payment"):
        books.send()
        books.listen()
        moved = {"Amount": 120, "LinkedTxn": [{"TxnId": books.remote_id(third), "TxnType": "Invoice"}]}
        books.simulation.handle("Payment", link(books, payment).remote_id, "edit", Line=[moved])
        books.listen()
        assert AnswerIsOutError().message in books.effects()
    books.take_in()
    assert books.fresh(third).settled_pence == 12_000


def made_unanswered(books: Books) -> tuple[Document, str]:
    """An invoice that QuickBooks has, whose answer does not come; with its id there."""
    books.invoice()
    weather.order(books, "lost_after", kind="invoice", count=0)
    document = books.firm.open()
    books.send()
    found = [record["Id"] for record in weather.there(books) if record["DocNumber"] == document.number]
    assert len(found) == 1
    return document, found[0]


def answered_at_last(books: Books) -> None:
    weather.clear(books)
    weather.settle_all(books)
    books.take_in()


ENDS = [("void", LinkState.VOIDED), ("delete", LinkState.REMOVED)]


@pytest.mark.parametrize(("act", "state"), ENDS)
def test_a_document_that_ended_there_before_we_knew_that_it_was_made_does_not_live_here(
    books: Books, act: str, state: LinkState
) -> None:
    document, remote_id = made_unanswered(books)
    books.simulation.handle("Invoice", remote_id, act)
    books.listen()
    answered_at_last(books)
    assert (weather.state(document), books.link(document).state) == (MessageState.DONE, state)


@pytest.mark.parametrize(("act", "state"), ENDS)
def test_nor_where_only_catching_up_has_found_it_meanwhile(books: Books, act: str, state: LinkState) -> None:
    document, remote_id = made_unanswered(books)
    books.simulation.handle("Invoice", remote_id, act)
    lose_webhooks(books)
    catch_up(books)
    answered_at_last(books)
    assert (weather.state(document), books.link(document).state) == (MessageState.DONE, state)


def test_what_a_bookkeeper_made_of_a_document_before_we_knew_that_it_was_made_is_seen(books: Books) -> None:
    document, remote_id = made_unanswered(books)
    there = books.simulation.record("Invoice", remote_id)
    books.simulation.handle("Invoice", remote_id, "edit", Line=[line(300, there["Line"][0])])
    books.listen()
    answered_at_last(books)
    seen = books.link(document)
    assert (seen.sync_token, seen.total_pence, seen.difference_pence) == ("1", 36000, 24000)


def test_an_amendment_behind_an_unanswered_making_looks_before_it_is_told_over_a_bookkeepers_edit(books: Books) -> None:
    document, remote_id = made_unanswered(books)
    there = books.simulation.record("Invoice", remote_id)
    books.simulation.handle("Invoice", remote_id, "edit", Line=[line(300, there["Line"][0])])
    changed(books, document)
    answered_at_last(books)
    seen, record = books.link(document), books.simulation.record("Invoice", remote_id)
    assert weather.outcomes(document)[-3:] == ["sent", "later", "sent"]
    assert (weather.state(document), seen.told_revision, seen.sync_token) == (MessageState.DONE, 2, record["SyncToken"])
    assert (len(weather.there(books)), record["TotalAmt"]) == (2, 180.0)


@pytest.mark.parametrize("is_heard", [True, False])
@pytest.mark.parametrize(("act", "state"), ENDS)
def test_a_payment_that_ended_there_before_we_knew_that_it_was_made_does_not_count_here(
    books: Books, act: str, state: LinkState, *, is_heard: bool
) -> None:
    telling(books)
    invoice = books.invoice()
    weather.order(books, "lost_after", kind="payment", count=0)
    payment = record(books, 12_000, (invoice, 12_000))
    books.send()
    (there,) = weather.there(books, "Payment")
    books.simulation.handle("Payment", there["Id"], act)
    if is_heard:
        books.listen()
    else:
        lose_webhooks(books)
        catch_up(books)
    answered_at_last(books)
    assert (link(books, payment).state, books.fresh(invoice).settled_pence) == (state, 0)


@pytest.mark.parametrize("is_heard", [True, False])
def test_money_for_a_document_whose_making_is_not_answered_yet_is_counted_once_it_is(
    books: Books, *, is_heard: bool
) -> None:
    document, remote_id = made_unanswered(books)
    customer = books.simulation.record("Invoice", remote_id)["CustomerRef"]["value"]
    books.simulation.pay(customer, "120.00", **{f"i{remote_id}": "120.00"})
    if is_heard:
        books.listen()
    else:
        lose_webhooks(books)
        catch_up(books)
    answered_at_last(books)
    assert (weather.state(document), books.fresh(document).settled_pence) == (MessageState.DONE, 12_000)
