"""Faults that a person orders: each recorded refusal by its code alone, and single members of a batch."""

from __future__ import annotations

from typing import Any

import pytest

from app.simulator.bookkeeping.recorded import RECORDED
from tests.simulator.client import Client, decoded

Body = dict[str, Any]


@pytest.mark.parametrize("code", RECORDED)
def test_a_code_alone_brings_its_recorded_text(app: Client, code: str) -> None:
    app.control("faults", {"effect": "fault", "code": code})
    answer = app.post("customer", {"DisplayName": "Lantern Books"})
    (error,) = decoded(answer)["Fault"]["Error"]
    assert (error["code"], error["Detail"]) == (code, RECORDED[code].errors[0].detail)
    assert answer.status_code == (500 if code == "10000" else 400)


@pytest.mark.parametrize(
    ("effect", "status", "code"), [("forbidden", 403, "3100"), ("wrong_cluster", 401, "130"), ("no_access", 401, "120")]
)
def test_the_gateway_refuses_in_its_own_envelope(app: Client, effect: str, status: int, code: str) -> None:
    app.control("faults", {"effect": effect})
    answer = app.get("customer/1")
    assert (answer.status_code, decoded(answer)["fault"]["error"][0]["code"]) == (status, code)


def test_an_unreadable_answer_comes_after_the_work(app: Client) -> None:
    app.control("faults", {"effect": "garbage", "kind": "customer"})
    answer = app.post("customer", {"DisplayName": "Lantern Books"})
    assert (answer.status_code, answer.is_json) == (200, False)
    assert "Lantern Books" in names(app)


@pytest.mark.parametrize(
    ("effect", "made", "answered"),
    [
        ("member_fault", ["One", "Three"], 3),
        ("member_lost", ["One", "Two", "Three"], 3),
        ("member_missing", ["One", "Two", "Three"], 2),
    ],
)
def test_one_member_of_a_batch_is_struck(app: Client, effect: str, made: list[str], answered: int) -> None:
    app.control("faults", {"effect": effect, "member": 2, "code": "6240"})
    items = [
        {"bId": f"m{n}", "operation": "create", "Customer": {"DisplayName": name}}
        for n, name in enumerate(["One", "Two", "Three"], start=1)
    ]
    parts = decoded(app.post("batch", {"BatchItemRequest": items}))["BatchItemResponse"]
    codes = [part["Fault"]["Error"][0]["code"] for part in parts if "Fault" in part]
    assert len(parts) == answered
    assert codes == {"member_fault": ["6240"], "member_lost": ["10000"], "member_missing": []}[effect]
    assert [name for name in names(app) if name in {"One", "Two", "Three"}] == made


def test_the_token_endpoint_says_an_ordered_word(app: Client) -> None:
    app.control("faults", {"effect": "fault", "kind": "token", "code": "invalid_client", "status": 401})
    answer = app.http.post("/oauth2/v1/tokens/bearer", data={"grant_type": "refresh_token", "refresh_token": "x"})
    assert (answer.status_code, decoded(answer)) == (401, {"error": "invalid_client"})


def names(app: Client) -> list[str]:
    return [row["DisplayName"] for row in app.look(f"companies/{app.realm}/records/Customer")["records"]]
