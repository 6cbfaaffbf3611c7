"""What is sent or paid while a comparison runs is no difference: what was read of it is out of date."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.outbox.models import MessageState
from app.sync.comparing.run_claims import RunClaim
from app.sync.records.policies import WhenChangedThere, policy_of
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books

Act = Callable[[], object]
Order = Callable[[Act], None]


def amends(books: Books, document: Document) -> Act:
    """Somebody makes £150 of it, and it is sent at once."""

    def act() -> None:
        content = books.firm.content(books.firm.line("150"))
        with transaction():
            invoicing.change(db.session.get_one(Document, document.id), content, actor=ANN)
        books.send()

    return act


@pytest.fixture
def once_read(monkeypatch: pytest.MonkeyPatch) -> Order:
    """Do something when a comparison has read QuickBooks, and before it looks at our side."""
    tell = RunClaim.tell

    def order(act: Act) -> None:
        def told(held: RunClaim, words: str) -> None:
            tell(held, words)
            if words.startswith("Comparing"):
                act()

        monkeypatch.setattr(RunClaim, "tell", told)

    return order


def test_an_edit_that_is_sent_after_its_document_was_read_is_no_difference(books: Books, once_read: Order) -> None:
    document = books.invoice()
    books.listen()
    once_read(amends(books, document))
    run = books.compare()
    assert (books.drifts(), run.drifts) == ([], 0)
    assert "1 sent or changed while the comparison ran" in run.not_compared


def test_an_edit_is_not_taken_back_where_this_side_follows_theirs(books: Books, once_read: Order) -> None:
    document = books.invoice()
    books.listen()
    with transaction():
        policy_of(books.connection_id).changed_there = WhenChangedThere.FOLLOW
    once_read(amends(books, document))
    books.compare()
    books.send()
    assert books.fresh(document).gross_pence == 18_000
    assert books.simulation.record("Invoice", books.remote_id(document))["TotalAmt"] == 180


def test_a_payment_that_is_heard_of_after_its_document_was_read_is_no_difference(
    books: Books, once_read: Order
) -> None:
    document = books.invoice()
    books.listen()

    def pays() -> None:
        books.pay(document, "120.00")
        books.listen()

    once_read(pays)
    run = books.compare()
    assert (books.drifts(), run.drifts) == ([], 0)
    assert books.fresh(document).settled_pence == 12_000


def test_what_was_left_out_is_compared_by_the_next(books: Books, once_read: Order) -> None:
    document = books.invoice()
    books.listen()
    once_read(amends(books, document))
    books.compare()
    once_read(lambda: None)
    run = books.compare()
    assert (run.documents, run.drifts, run.not_compared) == (1, 0, "")


def test_what_was_made_there_and_is_not_answered_yet_is_no_stranger(books: Books) -> None:
    books.invoice()
    weather.order(books, "lost_after", kind="invoice", count=0)
    books.firm.open()
    books.send()
    assert weather.unanswered()
    assert books.compare().drifts == 0
    assert weather.unanswered()


def test_what_is_made_and_answered_while_a_comparison_runs_is_no_stranger(books: Books, once_read: Order) -> None:
    books.invoice()
    weather.order(books, "lost_after", kind="invoice", count=0)
    document = books.firm.open()
    books.send()

    assert weather.unanswered()

    def hears_the_answer() -> None:
        weather.clear(books)
        weather.settle_all(books)
        assert weather.state(document) is MessageState.DONE

    once_read(hears_the_answer)
    assert books.compare().drifts == 0
