"""What a refusal of the repetition says of the first sending: nothing. Here nothing in QuickBooks catches a double."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import transaction
from app.outbox.models import MessageState
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest, UnknownOutcomeError
from app.sync.steering import controls
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books
from tests.sync.telling.test_delivering import batched

DONE = MessageState.DONE
EDGE = b"<html><body>Not Found</body></html>"
Act = Callable[[Http, HttpRequest], HttpAnswer]


class Line:
    """A line on which the next writes of one word go as they are told to."""

    def __init__(self, line: Http, word: str, acts: list[Act]) -> None:
        self.line, self.word, self.acts = line, word, acts

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it, or whatever else is to happen to it."""
        is_meant = request.method == "POST" and urlsplit(request.url).path.endswith(f"/{self.word}")
        return self.acts.pop(0)(self.line, request) if is_meant and self.acts else self.line.send(request)


def lost(line: Http, request: HttpRequest) -> HttpAnswer:
    line.send(request)
    raise UnknownOutcomeError("the line broke")


def says(status: int, body: bytes = EDGE) -> Act:
    return lambda _line, _request: HttpAnswer(status, {}, body, seconds=0.0)


def fault(code: str) -> bytes:
    return json.dumps({"Fault": {"Error": [{"Message": "no", "Detail": "no", "code": code}], "type": "x"}}).encode()


def bent(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Act:
    """QuickBooks does it all, and its answer is bent on the way."""

    def act(line: Http, request: HttpRequest) -> HttpAnswer:
        answer = line.send(request)
        said = json.loads(answer.body)
        return replace(answer, body=json.dumps({"BatchItemResponse": change(said["BatchItemResponse"])}).encode())

    return act


@pytest.fixture
def careless(books: Books) -> Iterator[Books]:
    """One invoice is there; a second one of the same number would be taken (a disputed preference of the company)."""
    sending = books.engine.quickbooks._sending
    line = sending._http
    books.invoice()
    books.simulation.control("switches", {"duplicate_number": "accept"})
    yield books
    sending._http = line


def on_the_line(books: Books, word: str, *acts: Act) -> None:
    sending = books.engine.quickbooks._sending
    sending._http = Line(sending._http, word, list(acts))


def sent(books: Books, *documents: Document) -> None:
    """Sent as far as it goes; who is held is tried again by a person, once."""
    books.send()
    weather.settle_all(books)
    controls.retry([weather.message_of(document).id for document in documents])
    weather.settle_all(books)


@pytest.mark.parametrize(
    "refusal",
    [
        says(403),
        says(404),
        says(400),
        says(401, fault("130")),
        says(400, fault("6190")),
        says(400, fault("2010")),
    ],
)
def test_an_invoice_that_was_made_is_taken_over_whatever_is_said_of_its_repetition(
    careless: Books, refusal: Act
) -> None:
    on_the_line(careless, "invoice", lost, refusal)
    invoice = careless.firm.open(careless.firm.line("77"))
    sent(careless, invoice)
    assert (len(weather.there(careless)), weather.state(invoice)) == (2, DONE)


def test_a_batch_that_was_made_is_taken_over(careless: Books) -> None:
    on_the_line(careless, "batch", lost, says(403))
    documents = batched(careless)
    sent(careless, *documents)
    assert (len(weather.there(careless)), {weather.state(one) for one in documents}) == (4, {DONE})


def test_a_void_that_was_done_is_known(careless: Books) -> None:
    invoice = careless.invoice()
    on_the_line(careless, "invoice", lost, says(404))
    with transaction():
        invoicing.void(careless.fresh(invoice), "a mistake", actor=ANN)
    careless.send()
    weather.settle_all(careless)
    assert (weather.state(invoice), weather.outcomes(invoice)[-1]) == (DONE, "sent")


def test_one_that_was_not_made_is_refused_as_it_was_said(careless: Books) -> None:
    on_the_line(careless, "invoice", says(503), says(400, fault("6190")))
    invoice = careless.firm.open(careless.firm.line("77"))
    careless.send()
    weather.settle_all(careless)
    assert (len(weather.there(careless)), weather.message_of(invoice).blocker) == (1, "company_read_only")


def twice(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    trouble = {"bId": members[0]["bId"], **json.loads(fault("6000"))}
    return [*members, trouble]


def crossed(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    first, second, *rest = members
    return [{**first, "Invoice": second["Invoice"]}, {**second, "Invoice": first["Invoice"]}, *rest]


@pytest.mark.parametrize("change", [twice, crossed])
def test_an_answer_that_contradicts_itself_is_not_believed(
    careless: Books, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> None:
    on_the_line(careless, "batch", bent(change))
    documents = batched(careless)
    sent(careless, *documents)
    numbers = {row["Id"]: row["DocNumber"] for row in weather.there(careless)}
    assert len(numbers) == 4
    assert [numbers[careless.remote_id(one)] for one in documents] == [one.number for one in documents]
