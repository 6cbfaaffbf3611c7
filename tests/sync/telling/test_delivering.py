"""One envelope on the line: faults and their fates, repeated to the byte, never told twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.foundation import clock
from app.foundation.database import transaction
from app.foundation.tenancy import current_organisation
from app.outbox.models import MessageState, Priority
from app.quickbooks.realm import Realm
from app.quickbooks.transport import RequestsHttp
from app.sync.telling.drain import drain
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books

DONE, WAITING, PARKED, SENDING = MessageState.DONE, MessageState.WAITING, MessageState.PARKED, MessageState.SENDING

UNKNOWN = (
    "lost_after",
    "lost_before",
    "server_error",
    "server_error_after",
    "half_answer",
    "html_502",
    "stream_timeout",
)


def opened(books: Books, count: int) -> list[Document]:
    return [books.firm.open(books.firm.line(str(100 + number))) for number in range(count)]


def batched(books: Books, count: int = 3) -> list[Document]:
    """Documents that are sent together: as a run, not by a click."""
    documents = [books.firm.draft(books.firm.line(str(100 + number))) for number in range(count)]
    with transaction():
        for document in documents:
            invoicing.open_document(document, actor=ANN, priority=Priority.RUN)
    return documents


@pytest.mark.parametrize("effect", UNKNOWN)
def test_an_unknown_outcome_repeats_the_same_bytes_and_makes_one_document(books: Books, effect: str) -> None:
    books.invoice()
    weather.order(books, effect, kind="invoice")
    invoice = books.firm.open()
    books.send()
    weather.settle_all(books)
    sent = weather.writes(books, "invoice")[1:]
    assert len(sent) == 2
    assert len({(call["request_id"], call["sent"]) for call in sent}) == 1
    assert (len(weather.there(books)), weather.state(invoice)) == (2, DONE)


@pytest.mark.parametrize("effect", UNKNOWN)
def test_a_lost_batch_is_repeated_whole(books: Books, effect: str) -> None:
    books.invoice()
    documents = batched(books)
    weather.order(books, effect, kind="batch")
    books.send()
    weather.settle_all(books)
    sent = weather.writes(books, "batch")
    assert len({(call["request_id"], call["sent"]) for call in sent[-2:]}) == 1
    assert len(weather.there(books)) == 4
    assert {weather.state(document) for document in documents} == {DONE}


def test_while_the_answer_is_unknown_the_document_is_sending_and_its_reason_says_so(books: Books) -> None:
    books.invoice()
    weather.order(books, "lost_after", kind="invoice", count=0)
    invoice = books.firm.open()
    drain(books.engine, current_organisation(), books.firm.entity.lane)
    assert weather.state(invoice) is SENDING
    assert "Nobody can say" in weather.reason(invoice)


def test_a_throttle_pauses_the_company_and_charges_no_try(books: Books) -> None:
    books.invoice()
    weather.order(books, "throttle", kind="invoice")
    invoice = books.firm.open()
    books.send()
    (envelope,) = weather.unanswered()
    assert envelope.due_at - clock.now() > timedelta(seconds=50)
    assert (weather.message_of(invoice).tries, envelope.unknown_outcomes) == (0, 0)


def test_while_the_company_rests_nothing_more_is_put_into_envelopes(books: Books) -> None:
    books.invoice()
    weather.order(books, "throttle", kind="invoice")
    opened(books, 1)
    books.send()
    later = books.firm.open()
    books.send()
    assert weather.state(later) is WAITING
    assert len(weather.unanswered()) == 1


def test_after_the_pause_the_same_bytes_go_again(books: Books) -> None:
    books.invoice()
    weather.order(books, "throttle", kind="invoice")
    invoice = books.firm.open()
    books.send()
    books.engine.quickbooks.governor.resume(Realm(REALM, "live"))
    weather.settle_all(books)
    assert weather.outcomes(invoice) == ["throttled", "sent"]


def test_a_token_that_died_is_renewed_once_and_the_same_bytes_go_again(books: Books) -> None:
    books.invoice()
    books.simulation.control(f"companies/{REALM}/expire")
    invoice = books.invoice()
    assert weather.state(invoice) is DONE
    assert weather.outcomes(invoice) == ["sent"]


def test_a_permission_that_is_gone_holds_the_queue_and_loses_nothing(books: Books) -> None:
    books.invoice()
    books.simulation.control(f"companies/{REALM}/disconnect")
    invoice = books.firm.open()
    books.send()
    later = books.firm.open()
    books.send()
    assert (weather.state(invoice), weather.state(later)) == (SENDING, WAITING)


def test_one_refused_member_does_not_hurt_its_neighbours(books: Books) -> None:
    number = books.invoice().number
    documents = batched(books)
    taken = weather.make_there(books, "Invoice", **_foreign(books, str(documents[1].number)))
    books.send()
    weather.settle_all(books)
    assert [weather.state(document) for document in documents] == [DONE, PARKED, DONE]
    assert f"is already used in QuickBooks by Invoice {taken}" in weather.reason(documents[1])
    assert number != documents[1].number


def _foreign(books: Books, number: str) -> dict[str, object]:
    line = {
        "DetailType": "SalesItemLineDetail",
        "Amount": "1.00",
        "SalesItemLineDetail": {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "6"}},
    }
    return {"DocNumber": number, "CustomerRef": {"value": "1"}, "Line": [line]}


def test_a_batch_refused_as_a_whole_is_told_one_by_one(books: Books) -> None:
    books.invoice()
    documents = batched(books)
    weather.order(books, "fault", kind="batch", code="2010", detail='Property Name:Unrecognized field "Foo"')
    weather.forget(books)
    books.send()
    assert {weather.state(document) for document in documents} == {DONE}
    assert (weather.counts(books)["batches"], weather.counts(books)["writes"]) == (1, 4)


def test_a_batch_of_a_company_whose_subscription_ended_is_held_for_that(books: Books) -> None:
    books.invoice()
    documents = batched(books)
    books.simulation.control(f"companies/{REALM}/subscription", {"status": "EXPIRED"})
    books.send()
    assert {weather.message_of(document).blocker for document in documents} == {"company_read_only"}


def test_a_member_without_a_known_outcome_is_looked_for_and_not_told_again(books: Books) -> None:
    books.invoice()
    documents = batched(books, 2)
    books.engine.quickbooks._sending._http = weather.Liar(RequestsHttp(), str(documents[0].number))
    books.send()
    weather.settle_all(books)
    assert len(weather.there(books)) == 3
    assert {weather.state(document) for document in documents} == {DONE}


class Scrambler(weather.Liar):
    """A line on which one tax in the first batch's answer is no amount."""

    def _bent(self, part: dict[str, Any]) -> dict[str, Any]:
        if part.get("Invoice", {}).get("DocNumber") == self.number:
            part["Invoice"]["TxnTaxDetail"] = {"TotalTax": "a lot"}
        return part


def test_a_member_whose_answer_cannot_be_read_is_looked_for_and_keeps_no_other_waiting(books: Books) -> None:
    books.invoice()
    documents = batched(books)
    books.engine.quickbooks._sending._http = Scrambler(RequestsHttp(), str(documents[0].number))
    drain(books.engine, current_organisation(), books.firm.entity.lane)
    assert [weather.outcomes(document) for document in documents] == [["adopted"], ["sent"], ["sent"]]
    assert len(weather.there(books)) == 4
