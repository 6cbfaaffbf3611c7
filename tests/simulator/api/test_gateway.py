"""The gateway: tokens, environments, limits (§7, §8), request ids (§2.4), garbage, ordered faults."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.simulator.factory import create_simulator
from app.simulator.server import AnswerCutOff
from app.simulator.world import World
from tests.simulator.client import NORTHGATE, Client, line

INVOICE = {"CustomerRef": {"value": "1"}, "Line": [line()]}


def test_an_unknown_token_is_told_in_the_gateways_envelope_401(app: Client) -> None:
    app.token = "nothing"
    answer = app.get("customer/1")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'
    assert answer.json is not None
    assert answer.json["fault"]["error"][0]["code"] == "3200"


def test_a_token_of_the_other_environment_is_refused_403(app: Client, sandbox: Client) -> None:
    sandbox.base = app.base
    answer = sandbox.get("customer/1")
    assert answer.status_code == 403
    assert "errorCode=003100" in answer.text


def test_an_answer_carries_its_tid_and_its_time(app: Client) -> None:
    answer = app.get("customer/1")
    assert answer.headers["Intuit-Tid"].startswith("1-")
    assert answer.json is not None
    assert answer.json["time"][-6:] in {"-07:00", "-08:00"}


def test_an_answer_has_the_recorded_headers(app: Client) -> None:
    good, bad = app.get("customer/1").headers, app.get("customer/999").headers
    assert (good["Content-Type"], bad["Content-Type"]) == ("application/json;charset=utf-8", "application/json")
    assert good["X-Amzn-Trace-Id"] == f"Root={good['Intuit-Tid']}"
    assert good["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert {"X-Spanid", "Qbo-Version", "Service-Time", "Strict-Transport-Security", "Server"} <= set(good.keys())
    assert "Content-Length" in bad


def test_a_call_can_be_made_to_take_its_time_for_each_record_it_writes(app: Client) -> None:
    app.control("switches", {"request_seconds": 0.002, "document_seconds": 0.005})
    app.invoice()
    assert app.look("requests")["requests"][0]["milliseconds"] >= 7


def test_a_repeated_request_id_gets_the_first_answer(app: Client) -> None:
    answers = [app.post("invoice?requestid=r1", INVOICE).text for _ in range(2)]
    assert answers[0] == answers[1]
    assert app.query("select count(*) from Invoice") == {"totalCount": 1}


def test_a_refused_call_is_not_remembered(app: Client) -> None:
    app.refused("invoice?requestid=r1", {"Line": []})
    assert app.write("invoice?requestid=r1", INVOICE)["Id"] == "1"


def test_the_same_request_id_in_another_company_is_another_call(app: Client, sandbox: Client) -> None:
    assert app.write("invoice?requestid=r1", INVOICE)["Id"] == "1"
    sandbox.write("invoice?requestid=r1", INVOICE)
    assert sandbox.query("select count(*) from Invoice") == {"totalCount": 1}


def held_at_noon(app: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = world.clock.now()
    monkeypatch.setattr(world.clock, "now", lambda: noon)
    app.control("limits", {"on": True})


def test_the_eleventh_call_in_a_second_is_throttled_429(
    app: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_at_noon(app, world, monkeypatch)
    statuses = [app.get("customer/1").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert app.look("stats")["realms"][NORTHGATE]["throttled"] == 1


def test_a_throttled_answer_is_xml_without_retry_after(
    app: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_at_noon(app, world, monkeypatch)
    answer = [app.get("customer/1") for _ in range(11)][-1]
    assert "<Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>" in answer.text
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(("form", "start"), [("lower_json", '{"warnings"'), ("upper_json", '{"Fault"')])
def test_a_throttled_answer_can_have_other_forms(app: Client, form: str, start: str) -> None:
    app.control("switches", {"throttle_body": form, "retry_after_seconds": 7})
    app.control("faults", {"effect": "throttle"})
    answer = app.get("customer/1")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.text.startswith(start)


def test_an_answer_lost_after_the_work_leaves_the_work_done(app: Client) -> None:
    app.control("faults", {"effect": "lost_after", "kind": "invoice", "operation": "create"})
    with pytest.raises(AnswerCutOff):
        app.post("invoice?requestid=r1", INVOICE)
    assert app.write("invoice?requestid=r1", INVOICE)["Id"] == "1"
    assert app.query("select count(*) from Invoice") == {"totalCount": 1}


def test_an_answer_lost_before_the_work_leaves_nothing(app: Client) -> None:
    app.control("faults", {"effect": "lost_before", "method": "POST", "kind": "invoice"})
    with pytest.raises(AnswerCutOff):
        app.post("invoice", INVOICE)
    assert app.query("select count(*) from Invoice") == {"totalCount": 0}


@pytest.mark.parametrize(
    ("effect", "status", "done"),
    [("server_error", 500, 0), ("server_error_after", 500, 1), ("html_502", 502, 0), ("stream_timeout", 504, 1)],
)
def test_an_ordered_error_comes_before_or_after_the_work(app: Client, effect: str, status: int, done: int) -> None:
    app.control("faults", {"effect": effect, "kind": "invoice"})
    assert app.post("invoice", INVOICE).status_code == status
    assert app.query("select count(*) from Invoice") == {"totalCount": done}


def test_a_fault_strikes_as_often_as_ordered_and_after_as_many_as_ordered(app: Client) -> None:
    app.control("faults", {"effect": "html_502", "count": 2, "skip": 1})
    assert [app.get("customer/1").status_code for _ in range(4)] == [200, 502, 502, 200]


def test_a_fault_by_chance_is_the_same_for_the_same_seed(app: Client) -> None:
    def run() -> list[int]:
        app.http.delete("/_simulator/faults")
        app.control("faults", {"effect": "html_502", "count": 0, "probability": 0.5, "seed": 3})
        return [app.get("customer/1").status_code for _ in range(12)]

    first = run()
    assert first == run()
    assert set(first) == {200, 502}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("customer/1/5", "500"),
        ("customer/1.5", "2030"),
        ("customer/99", "610"),
        ("nosuch/1", "500"),
        ("invoice", "500"),
    ],
)
def test_an_address_that_is_not_there_is_refused(app: Client, path: str, code: str) -> None:
    answer = app.get(path)
    assert answer.status_code == 400
    assert f'"code":"{code}"' in answer.text


@pytest.mark.parametrize("raw", [b"", b"\xff", b"{", b"[]", b"null", b'{"a":NaN}', b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(app: Client, raw: bytes) -> None:
    for path in ("invoice", "customer", "batch"):
        assert app.post(path, raw).status_code == 400


def test_an_expired_subscription_makes_the_company_read_only_6190(app: Client) -> None:
    app.control(f"companies/{NORTHGATE}/subscription", {"status": "EXPIRED"})
    assert app.refused("invoice", INVOICE)[0] == "6190"
    assert app.get("customer/1").status_code == 200


def test_all_lasts_over_a_restart(tmp_path: object) -> None:
    path = f"{tmp_path}/simulator.sqlite"
    first = Client(create_simulator(path, limits=False))
    first.invoice(DocNumber="INV-7")
    first.pay(20, ("Invoice", "1", 20))
    second = Client(create_simulator(path, limits=False))
    second.token = first.token
    assert second.read("invoice/1")["Balance"] == 100
    assert second.refused("invoice", INVOICE | {"DocNumber": "inv-7"})[0] == "6140"
    assert second.invoice()["Id"] == "3"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["1", "2026-99-99", 1e300]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["value", "Id", "x"]), inner),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(["CustomerRef", "Line", "TxnDate", "TxnTaxDetail", "DocNumber", "Id"]), junk=JUNK)
def test_garbage_deep_inside_is_never_a_500(name: str, junk: object) -> None:
    lines = [line() | {"SalesItemLineDetail": junk}]
    for sent in (INVOICE | {name: junk}, INVOICE | {"Line": lines}, {"Line": [{"Amount": junk}]} | INVOICE):
        assert FUZZED.post("invoice", json.dumps(sent).encode()).status_code in {200, 400}


FUZZED = Client(create_simulator(":memory:", limits=False))
