"""What becomes of one member: each fault that QuickBooks may tell, and the fate it leads to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields
from app.billing.document import Document
from app.foundation.database import transaction
from app.outbox.models import MessageState, Priority, Subject
from app.quickbooks.transport import RequestsHttp
from app.sync.judging.verdicts import MAX_TRIES
from app.sync.records.links import LinkState
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books

DONE, WAITING, PARKED = MessageState.DONE, MessageState.WAITING, MessageState.PARKED
KEYS = "SIM-PRODUCTION-KEY"
HEALS = {"code": "6000", "detail": "Business Validation Error: You can only add or edit one name at a time."}


def struck(books: Books, **fault: Any) -> Document:
    """An invoice whose every sending meets this fault."""
    books.invoice()
    weather.order(books, "fault", kind="invoice", count=0, **fault)
    invoice = books.firm.open()
    books.send()
    return invoice


@pytest.mark.parametrize(
    ("fault", "blocker"),
    [
        ({"code": "2500", "detail": "Invalid Reference Id : Items element id 7 not found"}, "itself"),
        ({"code": "6000", "detail": "Business Validation Error: The amount is odd."}, "itself"),
        ({"code": "6210", "detail": "The account period has closed."}, "closed_books"),
        ({"code": "6190", "detail": "Subscription period has ended."}, "company_read_only"),
        ({"code": "610", "detail": "Object Not Found"}, "itself"),
    ],
)
def test_what_a_person_must_mend_is_parked_at_once(books: Books, fault: dict[str, str], blocker: str) -> None:
    invoice = struck(books, **fault)
    message = weather.message_of(invoice)
    wanted = f"invoice:{invoice.id}" if blocker == "itself" else blocker
    assert (message.state, message.blocker, message.tries) == (PARKED, wanted, 0)
    assert weather.outcomes(invoice) == ["refused"]


def test_what_heals_is_tried_again_and_goes_in_the_end(books: Books) -> None:
    books.invoice()
    weather.order(books, "fault", kind="invoice", count=2, **HEALS)
    invoice = books.firm.open()
    weather.settle_all(books)
    assert (weather.state(invoice), weather.outcomes(invoice)) == (DONE, ["later", "later", "sent"])


def test_each_new_try_has_a_request_id_of_its_own(books: Books) -> None:
    books.invoice()
    weather.order(books, "fault", kind="invoice", count=2, **HEALS)
    books.firm.open()
    weather.settle_all(books)
    sent = [call["request_id"] for call in weather.writes(books, "invoice")[1:]]
    assert len(set(sent)) == 3


def test_what_never_heals_is_given_to_a_person_after_so_many_tries(books: Books) -> None:
    invoice = struck(books, **HEALS)
    weather.settle_all(books, rounds=MAX_TRIES + 2)
    assert weather.state(invoice) is PARKED
    assert weather.reason(invoice).startswith(f"It was tried {MAX_TRIES} times.")


def test_a_person_who_tries_again_begins_anew(books: Books) -> None:
    invoice = struck(books, code="2500", detail="Invalid Reference Id")
    weather.clear(books)
    with transaction():
        invoicing.ask_to_send([books.fresh(invoice)], actor=ANN)
    books.send()
    assert weather.state(invoice) is DONE


def amended(books: Books, fault: dict[str, Any]) -> Document:
    """An invoice in QuickBooks whose amendment meets this fault."""
    invoice = books.invoice()
    weather.order(books, "fault", kind="invoice", method="POST", count=0, **fault)
    row = books.fresh(invoice)
    with transaction():
        invoicing.change(row, books.firm.content(books.firm.line("150")), actor=ANN)
    books.send()
    return invoice


def test_what_was_removed_there_is_told_and_never_made_again(books: Books) -> None:
    invoice = amended(books, {"code": "610", "detail": "Another user has deleted this transaction."})
    assert weather.state(invoice) is PARKED
    assert (books.link(invoice).state, len(weather.there(books))) == (LinkState.REMOVED, 1)


def test_what_was_voided_there_before_an_amendment_arrives_is_not_filled_again(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "void")
    with transaction():
        invoicing.change(books.fresh(invoice), books.firm.content(books.firm.line("150")), actor=ANN)
    books.send()
    assert weather.state(invoice) is PARKED
    assert "voided in QuickBooks" in weather.reason(invoice)
    assert books.link(invoice).state is LinkState.VOIDED
    assert [row["TotalAmt"] for row in weather.there(books)] == [0]


def test_what_is_stale_for_ever_is_given_to_a_person(books: Books) -> None:
    invoice = amended(books, {"code": "5010", "detail": "Stale Object Error"})
    weather.settle_all(books, rounds=MAX_TRIES + 2)
    assert weather.state(invoice) is PARKED
    assert weather.reason(invoice).startswith("It keeps being changed in QuickBooks")


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        ({"effect": "server_error"}, WAITING),
        ({"effect": "throttle"}, WAITING),
        ({"effect": "fault", "code": "610", "detail": "Object Not Found"}, PARKED),
        ({"effect": "fault", "code": "4000", "detail": "Error parsing query"}, PARKED),
    ],
)
def test_a_second_look_that_fails_leaves_a_known_refusal_known(
    books: Books, trouble: dict[str, str], state: MessageState
) -> None:
    books.simulation.control("faults", {**trouble, "kind": "invoice", "method": "GET", "count": 0})
    invoice = amended(books, {"code": "5010", "detail": "Stale Object Error"})
    assert weather.state(invoice) is state
    assert weather.unanswered() == []


def run_of_two(books: Books, code: str) -> list[Document]:
    """Two invoices in one batch; of the first QuickBooks says this, although it did its work."""
    books.invoice()
    drafts = [books.firm.draft(), books.firm.draft()]
    with transaction():
        for draft in drafts:
            invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)
    books.engine.quickbooks._sending._http = weather.Liar(RequestsHttp(), str(drafts[0].number), code)
    books.send()
    return drafts


@pytest.mark.parametrize("code", ["3001", "3200"])
def test_a_refusal_of_the_whole_company_told_of_one_member_parks_and_charges_nobody(books: Books, code: str) -> None:
    first, second = run_of_two(books, code)
    message = weather.message_of(first)
    assert (message.state, message.tries, weather.state(second)) == (WAITING, 0, DONE)


def test_a_member_whose_look_fails_keeps_its_envelope(books: Books) -> None:
    weather.order(books, "server_error", kind="query", count=0)
    first, second = run_of_two(books, "10000")
    assert [weather.outcomes(document)[0] for document in (first, second)] == ["unknown"] * 2
    weather.clear(books)
    weather.settle_all(books)
    assert [weather.state(document) for document in (first, second)] == [DONE] * 2
    assert len(weather.there(books)) == 3


@pytest.mark.parametrize(("kind", "code"), [("invoice", "6240"), ("customer", "6140"), ("customer", "6210")])
def test_a_fault_that_makes_no_sense_is_given_to_a_person_and_stops_nobody(books: Books, kind: str, code: str) -> None:
    books.invoice()
    weather.order(books, "fault", kind=kind, code=code)
    with transaction():
        client = catalogue.create_client(ClientFields(name="Newcomer"), actor=ANN)
    odd = books.firm.open(client=client if kind == "customer" else None)
    books.send()
    struck = odd.subject if kind == "invoice" else Subject("client", client.id)
    assert weather.state(struck) is PARKED
    assert weather.state(books.invoice()) is DONE


def test_a_permission_lost_while_looking_is_written_down(books: Books) -> None:
    weather.make_there(books, "Customer", DisplayName="Newcomer")
    books.invoice()
    weather.order(books, "unauthorized", kind="query", count=2)
    with transaction():
        client = catalogue.create_client(ClientFields(name="Newcomer"), actor=ANN)
    books.firm.open(client=client)
    books.send()
    subject = Subject("client", client.id)
    assert "reconnect" in weather.reason(subject)
    assert weather.outcomes(subject) == ["later"]


def test_while_the_reads_of_the_month_are_spent_a_taken_number_is_not_written_again_each_minute(books: Books) -> None:
    books.invoice()
    with weather.held_clock() as held:
        weather.order(books, "fault", kind="invoice", code="6140", detail="Duplicate Document Number Error")
        books.engine.quickbooks._sending._spent._held[KEYS] = held.now() + timedelta(minutes=45)
        invoice = books.firm.open()
        books.send()
        waits = weather.message_of(invoice)
    assert (waits.state, waits.tries, waits.due_at - held.now()) == (WAITING, 0, timedelta(minutes=45))
