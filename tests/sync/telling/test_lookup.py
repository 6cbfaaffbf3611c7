"""After twelve hours Intuit may have forgotten a request id: look first, then decide, member by member."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields
from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation.clock import HeldClock
from app.foundation.database import transaction
from app.outbox.models import MessageState, Priority, Subject
from app.sync.judging.verdicts import MAX_TRIES
from app.sync.records.links import LinkMade, LinkState
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.telling.test_delivering import batched

DONE, PARKED = MessageState.DONE, MessageState.PARKED


def lose(books: Books, effect: str, kind: str = "invoice") -> None:
    """The next call of a kind is lost, again and again, until the weather clears."""
    weather.order(books, effect, kind=kind, count=0)


def half_a_day_later(books: Books, clock: HeldClock) -> None:
    weather.clear(books)
    clock.move(timedelta(hours=13))
    weather.forget(books)
    weather.settle_all(books)


def test_what_is_there_is_adopted_and_not_sent_again(books: Books) -> None:
    books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_after")
        invoice = books.firm.open()
        books.send()
        half_a_day_later(books, clock)
    assert (len(weather.there(books)), weather.counts(books)["writes"]) == (2, 0)
    assert (weather.state(invoice), books.link(invoice).made) == (DONE, LinkMade.ADOPTED)


def test_what_is_not_there_gets_a_new_envelope(books: Books) -> None:
    books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_before")
        invoice = books.firm.open()
        books.send()
        half_a_day_later(books, clock)
    sent = [call["request_id"] for call in weather.writes(books, "invoice")]
    assert (weather.state(invoice), len(weather.there(books))) == (DONE, 2)
    assert sent[-1] != sent[-2]


def test_each_member_of_an_old_batch_is_looked_up_by_itself(books: Books) -> None:
    books.invoice()
    drafts = [books.firm.draft() for _number in range(3)]
    with weather.held_clock() as clock:
        lose(books, "lost_after", "batch")
        with transaction():
            for draft in drafts:
                invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)
        books.send()
        half_a_day_later(books, clock)
    assert {weather.state(draft) for draft in drafts} == {DONE}
    assert (len(weather.there(books)), weather.counts(books)["writes"]) == (4, 0)


def test_thirty_are_looked_up_by_few_reads(books: Books) -> None:
    books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_after", "batch")
        drafts = batched(books, 30)
        books.send()
        half_a_day_later(books, clock)
    assert {weather.state(draft) for draft in drafts} == {DONE}
    assert (weather.counts(books)["reads"], weather.counts(books)["writes"]) == (1, 0)


@pytest.mark.parametrize(("act", "fields"), [("edit", {"DocNumber": "B-1"}), ("void", {})])
def test_what_a_bookkeeper_did_to_it_meanwhile_is_never_undone(books: Books, act: str, fields: dict[str, str]) -> None:
    books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_after")
        invoice = books.firm.open()
        books.send()
        made = weather.there(books)[-1]
        books.simulation.handle("Invoice", made["Id"], act, **fields)
        half_a_day_later(books, clock)
        changed(books, invoice)
        weather.settle_all(books)
    there = books.simulation.record("Invoice", made["Id"])
    assert (len(weather.there(books)), books.remote_id(invoice)) == (2, made["Id"])
    assert (there["DocNumber"], there["TotalAmt"]) == (("B-1", 180) if fields else (invoice.number, 0))
    assert books.link(invoice).state is (LinkState.LIVE if fields else LinkState.VOIDED)


def changed(books: Books, document: Document) -> None:
    with transaction():
        invoicing.change(books.fresh(document), books.firm.content(books.firm.line("150")), actor=ANN)


def voided(books: Books, document: Document) -> None:
    with transaction():
        invoicing.void(books.fresh(document), "", actor=ANN)


@pytest.mark.parametrize("effect", ["lost_after", "lost_before"])
def test_an_update_is_told_again_on_the_newest_picture(books: Books, effect: str) -> None:
    invoice = books.invoice()
    with weather.held_clock() as clock:
        lose(books, effect)
        changed(books, invoice)
        books.send()
        half_a_day_later(books, clock)
    assert (weather.state(invoice), books.link(invoice).total_pence) == (DONE, 18000)


def test_an_update_that_arrived_is_not_told_again_over_what_was_done_to_it_since(books: Books) -> None:
    invoice = books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_after")
        changed(books, invoice)
        books.send()
        books.simulation.handle("Invoice", books.remote_id(invoice), "edit", DueDate="2031-01-31")
        half_a_day_later(books, clock)
    assert (weather.state(invoice), books.link(invoice).sync_token) == (DONE, "2")
    assert (books.link(invoice).told_revision, weather.counts(books)["writes"]) == (2, 0)


@pytest.mark.parametrize("effect", ["lost_after", "lost_before"])
@pytest.mark.parametrize(
    ("kind", "state"), [(DocumentKind.INVOICE, LinkState.VOIDED), (DocumentKind.CREDIT_NOTE, LinkState.REMOVED)]
)
def test_a_void_is_known_by_what_is_left_there(books: Books, effect: str, kind: DocumentKind, state: LinkState) -> None:
    document = books.firm.open(kind=kind)
    books.send()
    with weather.held_clock() as clock:
        lose(books, effect, "invoice" if kind is DocumentKind.INVOICE else "creditmemo")
        voided(books, document)
        books.send()
        half_a_day_later(books, clock)
    assert (weather.state(document), books.link(document).state) == (DONE, state)


def test_one_member_that_was_removed_there_does_not_park_its_neighbours(books: Books) -> None:
    gone, kept = books.invoice(), books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_before", "batch")
        both = [books.fresh(gone), books.fresh(kept)]
        content = books.firm.content(books.firm.line("150"))
        with transaction():
            for document in both:
                invoicing.change(document, content, actor=ANN, priority=Priority.RUN)
        books.send()
        books.simulation.handle("Invoice", books.remote_id(gone), "delete")
        half_a_day_later(books, clock)
    assert (weather.state(gone), weather.state(kept)) == (PARKED, DONE)
    assert books.link(gone).state is LinkState.REMOVED


def for_slow(books: Books, effect: str) -> tuple[Client, Document]:
    """A client whom QuickBooks does not know and the first invoice for it; the call that makes the client is lost."""
    with transaction():
        client = catalogue.create_client(ClientFields(name="Slow Ltd"), actor=ANN)
    books.invoice()
    lose(books, effect, "customer")
    invoice = books.firm.open(client=client)
    books.send()
    return client, invoice


@pytest.mark.parametrize(("effect", "outcome"), [("lost_after", "matched"), ("lost_before", "sent")])
def test_a_client_that_was_made_is_linked_and_one_that_was_not_is_made(books: Books, effect: str, outcome: str) -> None:
    with weather.held_clock() as clock:
        client, invoice = for_slow(books, effect)
        half_a_day_later(books, clock)
    assert (weather.state(invoice), weather.outcomes(Subject("client", client.id))[-1]) == (DONE, outcome)


def test_a_client_that_was_renamed_here_meanwhile_is_found_by_the_name_that_was_sent(books: Books) -> None:
    with weather.held_clock() as clock:
        client, invoice = for_slow(books, "lost_after")
        with transaction():
            catalogue.change_client(client, ClientFields(name="Quick Ltd"), actor=ANN)
        half_a_day_later(books, clock)
    names = [row["DisplayName"] for row in weather.there(books, "Customer")]
    assert (weather.state(invoice), len({"Slow Ltd", "Quick Ltd"} & set(names))) == (DONE, 1)


def test_while_nothing_can_be_asked_nothing_is_decided(books: Books) -> None:
    books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_after")
        invoice = books.firm.open()
        books.send()
        weather.order(books, "server_error", kind="query", count=0)
        clock.move(timedelta(hours=13))
        weather.hurry()
        books.send()
        assert weather.state(invoice) is MessageState.SENDING
        half_a_day_later(books, clock)
    assert (weather.state(invoice), len(weather.there(books))) == (DONE, 2)


def test_what_never_arrives_is_given_to_a_person_in_the_end(books: Books) -> None:
    books.invoice()
    with weather.held_clock() as clock:
        lose(books, "lost_before")
        invoice = books.firm.open()
        for _half_day in range(MAX_TRIES * 2):
            clock.move(timedelta(hours=13))
            weather.hurry()
            books.send()
    assert weather.state(invoice) is PARKED
    assert f"sent {MAX_TRIES} times" in weather.reason(invoice)
