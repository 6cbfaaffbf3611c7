"""The webhook log on screen."""

from __future__ import annotations

from flask.testing import FlaskClient

from app.foundation.database import transaction
from app.quickbooks.models import ConnectionState
from app.sync.listening import inbox
from tests.sync.books import Books, connection
from tests.web.elements import Element, Reading
from tests.web.walking import Walker, linked, words

LOG = "/quickbooks/webhooks"


def test_it_says_how_to_set_it_up_before_anything_arrived(books: Books, olivia: Walker) -> None:
    page = olivia.get(LOG).text
    assert "http://127.0.0.1:8000/webhooks/quickbooks" in page
    assert "Last valid event: never" in words(page)
    assert "Nothing has arrived yet" in page


def test_it_tells_what_each_event_did(books: Books, olivia: Walker, client: FlaskClient) -> None:
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    books.listen(client)
    assert f"Payment {payment} of £120.00: Invoice {invoice.number} is paid." in words(olivia.get(LOG).text)


def test_of_a_call_with_many_events_the_first_stand_open(books: Books, olivia: Walker, client: FlaskClient) -> None:
    for _ in range(8):
        books.firm.open()
    books.send()
    books.listen(client)
    page = Reading(olivia.get(LOG).text)
    told = [item.around("ul") for item in page.all("li") if item.around("ul") in effects_of(page)]
    assert [told.count(effects) for effects in effects_of(page)] == [8, len(told) - 8]
    assert [bool(effects.around("details")) for effects in effects_of(page)] == [False, True]


def effects_of(page: Reading) -> list[Element]:
    return [one for one in page.all("ul") if "effects" in one.get("class")]


def test_a_refused_call_shows_reason_size_and_hash_but_never_its_body(books: Books, adam: Walker) -> None:
    inbox.keep(b"<b>very secret</b>", "forged", "203.0.113.9", books.verifiers)
    page = adam.get(LOG).text
    assert "it was forged or altered" in page
    assert "18 bytes" in page
    assert "very secret" not in page


def test_staff_see_no_refused_calls(books: Books, stella: Walker) -> None:
    inbox.keep(b"[]", "forged", "203.0.113.9", books.verifiers)
    assert "forged" not in stella.get(LOG).text


def test_a_call_is_read_again_and_doubles_nothing(books: Books, stella: Walker, client: FlaskClient) -> None:
    invoice = books.invoice()
    books.pay(invoice, "50.00")
    books.listen(client)
    assert "read again" in stella.follow(linked(stella.get(LOG).text, f"{LOG}/#/again"))
    books.take_in()
    assert books.fresh(invoice).settled_pence == 5000


def test_what_came_after_a_disconnect_says_so(books: Books, olivia: Walker, client: FlaskClient) -> None:
    invoice = books.invoice()
    books.listen()
    books.pay(invoice, "120.00")
    with transaction():
        connection(books).state = ConnectionState.RECONNECT
    books.listen(client)
    with transaction():
        connection(books).state = ConnectionState.DISCONNECTED
    books.take_in()
    assert "Not connected any more The company is not connected any more" in words(olivia.get(LOG).text)


def test_a_stranger_can_t_read_it_again(books: Books, xavier: Walker, stella: Walker, client: FlaskClient) -> None:
    books.invoice()
    books.listen(client)
    assert xavier.post(linked(stella.get(LOG).text, f"{LOG}/#/again")).status_code == 404
    assert "Invoice" not in words(xavier.get(LOG).text).partition("Search in effects")[2]
