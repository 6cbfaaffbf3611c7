"""Webhooks (§9): who gets what, signed how, and what happens when nobody answers."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.simulator.world import World
from tests.simulator.client import NORTHGATE, Client

VERIFIER = b"sim-production-verifier"


class Listener(ThreadingHTTPServer):
    """An endpoint that keeps what it is told and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Ear)
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/webhooks/quickbooks"


class _Ear(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Listener)
        raw = self.rfile.read(int(self.headers["content-length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, raw))
        self.send_response(self.server.status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def told(app: Client, listener: Listener) -> Listener:
    app.control("webhooks/endpoints/production", {"url": listener.url})
    app.control(f"companies/{NORTHGATE}/authorize", {"tokens": True})
    return listener


def events(heard: tuple[dict[str, str], bytes]) -> Any:
    return json.loads(heard[1])


def test_a_change_is_told_as_an_array_of_cloud_events(app: Client, told: Listener) -> None:
    app.invoice()
    assert app.control("webhooks/flush")["delivered"] == 1
    (event,) = events(told.heard[0])
    assert event["type"] == "qbo.invoice.created.v1"
    assert (event["intuitaccountid"], event["intuitentityid"], event["data"]) == (NORTHGATE, "1", {})


def test_the_signature_is_over_the_raw_bytes(app: Client, told: Listener) -> None:
    app.invoice()
    app.control("webhooks/flush")
    headers, raw = told.heard[0]
    expected = base64.b64encode(hmac.new(VERIFIER, raw, hashlib.sha256).digest()).decode()
    assert headers["intuit-signature"] == expected
    assert headers["intuit-notification-schema-version"] == "0.1"


def test_a_payment_also_tells_of_its_invoice(app: Client, told: Listener) -> None:
    app.invoice()
    app.pay(20, ("Invoice", "1", 20))
    app.control("webhooks/flush")
    assert [event["type"] for event in events(told.heard[0])] == [
        "qbo.invoice.created.v1", "qbo.payment.created.v1", "qbo.invoice.updated.v1",
    ]  # fmt: skip


def test_the_legacy_form_groups_by_realm(app: Client, told: Listener) -> None:
    app.control("switches", {"webhook_format": "legacy"})
    app.invoice()
    app.control("webhooks/flush")
    (notification,) = events(told.heard[0])["eventNotifications"]
    assert notification["realmId"] == NORTHGATE
    (entity,) = notification["dataChangeEvent"]["entities"]
    assert (entity["name"], entity["id"], entity["operation"]) == ("Invoice", "1", "Create")


@pytest.mark.parametrize("verb", ["void", "voided"])
def test_a_void_has_the_verb_of_the_switch(app: Client, told: Listener, verb: str) -> None:
    app.invoice()
    app.control("webhooks/flush")
    app.control("switches", {"void_verb": verb})
    app.control(f"companies/{NORTHGATE}/records/Invoice/1/void")
    app.control("webhooks/flush")
    assert [event["type"] for event in events(told.heard[1])] == [f"qbo.invoice.{verb}.v1"]


def test_a_company_without_a_connection_tells_nothing(app: Client, listener: Listener) -> None:
    app.control("webhooks/endpoints/production", {"url": listener.url})
    app.invoice()
    assert app.control("webhooks/flush")["delivered"] == 0


def test_what_was_not_answered_with_200_waits_for_its_turn(app: Client, told: Listener) -> None:
    told.status = 500
    app.invoice()
    app.control("webhooks/flush")
    assert [one["state"] for one in app.look("webhooks")["deliveries"]] == ["pending"]
    told.status = 200
    assert app.control("webhooks/flush")["delivered"] == 1
    assert told.heard[0][1] == told.heard[1][1]


def test_what_fails_is_tried_again_on_the_published_schedule(app: Client, told: Listener, world: World) -> None:
    told.status = 500
    app.invoice()
    app.control("webhooks/flush")
    for wait in (10, 20, 30, 300, 1200, 7200, 14400, 21600, 21600):
        app.control("clock", {"advance_seconds": wait - 5})
        assert world.outgoing.due() == [], wait
        app.control("clock", {"advance_seconds": 6})
        assert len(world.outgoing.due()) == 1, wait
        app.control("webhooks/flush")


def test_a_delivery_can_be_withheld_and_repeated(app: Client, told: Listener) -> None:
    app.control("webhooks/mode", {"mode": "withheld"})
    app.invoice()
    assert app.control("webhooks/flush")["delivered"] == 0
    assert app.control("webhooks/repeat")["repeated"] == 1
    assert app.control("webhooks/flush")["delivered"] == 1
    app.control("webhooks/repeat", {"id": 1})
    assert app.control("webhooks/flush")["delivered"] == 1
    assert len(told.heard) == 2


def test_lists_that_have_no_events_tell_nothing(app: Client, told: Listener) -> None:
    app.control(f"companies/{NORTHGATE}/subscription", {"status": "TRIAL"})
    assert app.control("webhooks/flush")["delivered"] == 0
    assert told.heard == []


def kinds_told(heard: tuple[dict[str, str], bytes]) -> list[str]:
    return [event["type"] for event in events(heard)]


def test_sending_an_invoice_is_told_as_emailed(app: Client, told: Listener) -> None:
    app.invoice()
    app.control("webhooks/flush")
    app.write("invoice/1/send", {})
    app.control("webhooks/flush")
    assert kinds_told(told.heard[1]) == ["qbo.invoice.emailed.v1"]


@pytest.mark.parametrize("form", ["cloudevents", "legacy"])
def test_a_merge_names_the_survivor_and_who_disappeared(app: Client, told: Listener, form: str) -> None:
    app.control("switches", {"webhook_format": form})
    app.invoice()
    app.control("webhooks/flush")
    app.control(f"companies/{NORTHGATE}/records/Customer/1/merge", {"into": "2"})
    app.control("webhooks/flush")
    said = events(told.heard[1])
    if form == "cloudevents":
        assert (said[0]["type"], said[0]["intuitentityid"], said[0]["data"]) == (
            "qbo.customer.merged.v1", "2", {"deletedid": "1"},
        )  # fmt: skip
    else:
        (entity,) = said["eventNotifications"][0]["dataChangeEvent"]["entities"]
        assert (entity["operation"], entity["id"], entity["deletedId"]) == ("Merge", "2", "1")
    assert (app.read("invoice/1")["CustomerRef"]["value"], app.read("customer/2")["Balance"]) == ("2", 120)


def test_a_new_employee_is_known_by_another_id_too(app: Client, told: Listener) -> None:
    app.write("employee", {"DisplayName": "Ana"})
    app.control("webhooks/flush")
    (alternative,) = events(told.heard[0])[0]["data"]["alternative_ids"]
    assert alternative["namespace"] == "Intuit.sbseg.v4"


def test_one_call_may_tell_of_several_companies(app: Client, american: Client, told: Listener) -> None:
    app.control(f"companies/{american.realm}/authorize", {"tokens": True})
    app.invoice()
    american.write("customer", {"DisplayName": "New"})
    assert app.control("webhooks/flush")["delivered"] == 1
    assert {event["intuitaccountid"] for event in events(told.heard[0])} == {NORTHGATE, american.realm}


def test_events_can_come_in_the_wrong_order(app: Client, told: Listener) -> None:
    app.control("switches", {"webhook_order": "reversed"})
    app.invoice()
    app.pay(20, ("Invoice", "1", 20))
    app.control("webhooks/flush")
    assert kinds_told(told.heard[0])[0] == "qbo.invoice.updated.v1"


def test_later_deliveries_can_be_held_back_until_the_first_is_acknowledged(app: Client, told: Listener) -> None:
    app.control("switches", {"webhook_order": "held_back"})
    told.status = 500
    for _ in range(2):
        app.invoice()
        app.control("webhooks/flush")
    assert len({raw for _, raw in told.heard}) == 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("term", {"Name": "Net 7", "DueDays": 7}),
        ("paymentmethod", {"Name": "PayPal"}),
        ("vendor", {"DisplayName": "Acme"}),
        ("account", {"Name": "Savings", "AccountType": "Bank"}),
    ],
)
def test_lists_tell_of_what_is_new(app: Client, told: Listener, kind: str, body: object) -> None:
    app.write(kind, body)
    app.control("webhooks/flush")
    assert kinds_told(told.heard[0]) == [f"qbo.{kind}.created.v1"]
