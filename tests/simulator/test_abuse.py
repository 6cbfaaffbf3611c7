"""Whatever is sent to whatever address, the simulator answers in a documented form: no 500 but an ordered one (§8)."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.switches import SWITCHES
from app.simulator.factory import create_simulator
from app.simulator.kinds.documents import write
from app.simulator.kinds.registry import KINDS
from app.simulator.server import make_threaded_server
from tests.proving import SEED, Budget
from tests.simulator.abuse import BASES, FORM, JSON, Got, Sent, call, calls, why_not_documented
from tests.simulator.client import AMERICAN, NORTHGATE
from tests.simulator.conftest import world_of
from tests.simulator.oddities import whole

VICTIM = create_simulator(":memory:", limits=False)
VICTIM.logger.disabled = True
ROWS = st.lists(calls(VICTIM), min_size=1, max_size=4)
USUAL = settings(database=None, deadline=None, print_blob=False, suppress_health_check=list(HealthCheck))
LOT = 150
"""Rows of calls between two looks at the budget."""
LARGEST = 5_000_000
BOOKS = f"/production/v3/company/{NORTHGATE}/"
CONTROL = "/_simulator/"
ASK = "client_id=SIM-PRODUCTION-KEY&response_type=code&scope=openid&redirect_uri="


def reset() -> None:
    """The first day, with something of each kind to be abused."""
    world_of(VICTIM).reset()
    for realm in BASES:
        for kind in ("Invoice", "Bill", "CreditMemo", "Payment"):
            with suppress(Refusal), world_of(VICTIM).turn():
                write(world_of(VICTIM).books[realm], KINDS[kind], whole(kind), "create")


def calm() -> None:
    """Nothing ordered, no limit, every switch and the clock as on the first day, no webhook sent."""
    world = world_of(VICTIM)
    with world.turn():
        world.mischief.clear()
        world.traffic.limits = False
        world.clock.shift(0)
        world.outgoing.set_mode("paused")
        for switch in SWITCHES:
            world.switches.drawer.drop(switch.name)


def answer_to(sent: Sent) -> Got:
    realm = next((one for one in BASES if one in sent.path), NORTHGATE)
    return call(VICTIM, sent, world_of(VICTIM).authority.mint(realm, BASES[realm], 3600))


def abuse(row: list[Sent]) -> None:
    """Send them one after the other. Where a fault is ordered a 500 may be it, unless an exception is behind it."""
    calm()
    for sent in row:
        is_ordered = bool(world_of(VICTIM).mischief.orders())
        got = answer_to(sent)
        assert got.escaped is None, (sent, got)
        assert is_ordered or not why_not_documented(sent, got), (sent, got)


@settings(USUAL, max_examples=45, derandomize=True)
@given(ROWS)
def test_whatever_is_sent_is_answered_in_a_documented_form(row: list[Sent]) -> None:
    abuse(row)


@pytest.mark.prove
def test_whatever_is_sent_for_long_is_answered_in_a_documented_form(
    budget: Budget, record_property: Callable[[str, object], None]
) -> None:
    for number in count():
        reset()

        @seed(SEED + number)
        @settings(USUAL, max_examples=LOT)
        @given(ROWS, st.integers(0, LOT))
        def story(row: list[Sent], size: int) -> None:
            grown = [replace(one, times=1 + LARGEST // len(one.raw)) for one in row if one.raw and not size]
            abuse(grown or row)
            record_property("abuses", len(row))

        story()
        if budget.is_used_up():
            return


BROKE_IT = {
    "an exponent beyond all numbers": ("POST", BOOKS + "invoice", "", JSON, b'{"TotalAmt":1e99999999999999999999}'),
    "words and numbers in one order": (
        "GET", f"/production/v3/company/{AMERICAN}/query", "query=select+*+from+TaxCode+orderby+Id", JSON, b"",
    ),
    "a row beyond all rows": ("POST", CONTROL + "webhooks/repeat", "", JSON, b'{"id":999999999999999999999}'),
    "a row by form": ("POST", "/webhooks/deliveries/repeat", "", FORM, b"id=999999999999999999999"),
    "a page beyond all pages": ("GET", CONTROL + "requests", "offset=999999999999999999999", JSON, b""),
    "the end of time": ("POST", CONTROL + "clock", "", JSON, b'{"now":"9999-12-31T23:59:59Z"}'),
    "the end of time by form": ("POST", "/clock", "", FORM, b"hours=9999999"),
    "a token for ever": ("POST", CONTROL + "switches", "", JSON, b'{"access_token_seconds":1e300}'),
    "a switch by form": ("POST", "/switches/webhook_retry_scale", "", FORM, b"value=inf"),
    "a fault that waits before it begins": ("POST", CONTROL + "faults", "", JSON, b'{"effect":"slow","seconds":-1}'),
    "a fault that waits for words": ("POST", CONTROL + "faults", "", JSON, b'{"effect":"slow","seconds":"x"}'),
    "a fault without a status": ("POST", CONTROL + "faults", "", JSON, b'{"effect":"fault","status":"x"}'),
    "a fault in half a member": ("POST", CONTROL + "faults", "", JSON, b'{"effect":"member_lost","member":"1.5"}'),
    "a share that is no object": (
        "POST", f"{CONTROL}companies/{NORTHGATE}/payments", "", JSON, b'{"customer":"1","total":1,"allocations":["x"]}',
    ),
    "an address that is none": ("GET", "/connect/oauth2", ASK + "http://[::1", FORM, b""),
    "an address of two lines": ("GET", "/connect/oauth2", ASK + "http://localhost/%0d%0aX:y", FORM, b""),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKE_IT)
def test_what_once_broke_it_is_refused_or_answered(name: str) -> None:
    method, path, query, content_type, raw = BROKE_IT[name]
    sent = Sent(method, path, query, {"CONTENT_TYPE": content_type, "HTTP_ACCEPT": "application/json"}, raw)
    before = world_of(VICTIM).clock.offset_seconds
    got = answer_to(sent)
    assert got.status == (200 if name.startswith(("words", "a share")) else 400) or got.status == 207, got
    assert why_not_documented(sent, got) == ""
    assert world_of(VICTIM).clock.offset_seconds == before


def test_a_character_that_xml_cannot_hold_is_left_out_there() -> None:
    about = {"CONTENT_TYPE": JSON, "HTTP_ACCEPT": "application/xml"}
    sent = Sent("POST", BOOKS + "customer", "", about, b'{"DisplayName":"One\\u0000 and \\u000b<two>"}')
    got = answer_to(sent)
    assert b"<DisplayName>One and &lt;two&gt;</DisplayName>" in got.raw
    assert why_not_documented(sent, got) == ""


@pytest.mark.parametrize("path", ["/v2/oauth2/tokens/revoke", "/oauth2/v1/tokens/bearer"])
def test_keys_in_other_letters_are_wrong_keys(path: str) -> None:
    about = {"CONTENT_TYPE": FORM, "HTTP_AUTHORIZATION": "Basic \xe9"}
    got = answer_to(Sent("POST", path, "", about, b"grant_type=refresh_token&refresh_token=x"))
    assert (got.status, got.raw) == (401, b'{"error":"invalid_client"}')


def test_two_slashes_are_an_address_that_is_not_there() -> None:
    got = answer_to(Sent("POST", BOOKS + "/invoice", "", {"CONTENT_TYPE": JSON}, b"{}"))
    assert (got.status, b"Unsupported Operation" in got.raw) == (400, True)


@pytest.fixture
def port() -> Iterator[int]:
    server = make_threaded_server(VICTIM, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


HEAD = f"POST {BOOKS}invoice HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
CHUNKED = f"{HEAD}Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        f"{CHUNKED}2\r\n{{}}\r\n0\r\n\r\n",
        f"{CHUNKED}zz\r\n{{}}\r\n0\r\n\r\n",
        f"{CHUNKED}fffffffffffffffff\r\n{{}}",
        f"{CHUNKED}2\r\n{{",
        f"{HEAD}Content-Length: 50\r\n\r\n{{}}",
        f"{HEAD}Content-Length: -1\r\n\r\n{{}}",
        f"GET /{'a' * 70_000} HTTP/1.1\r\n\r\n",
        "NONSENSE\r\n\r\n",
    ],
    ids=str.__len__,
)
def test_a_body_in_pieces_or_in_half_is_answered_too(port: int, raw: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(raw.encode())
        line.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: line.recv(65_536), b""))
    assert re.search(rb"HTTP/1.1 4\d\d |Error code: 400", said), said[:500]
