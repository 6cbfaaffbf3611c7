"""Batch (§6.1)."""

import pytest

from app.simulator.api import batch
from tests.simulator.client import Client, decoded, line


def test_items_succeed_and_fail_on_their_own(app: Client) -> None:
    items = [
        {"bId": "1", "operation": "create", "Customer": {"DisplayName": "Acme"}},
        {"bId": "2", "operation": "create", "Customer": {"DisplayName": "ACME"}},
        {"bId": "3", "Query": "select count(*) from Customer"},
    ]
    first, second, third = decoded(app.post("batch", {"BatchItemRequest": items}))["BatchItemResponse"]
    assert (first["Customer"]["Id"], first["bId"]) == ("4", "1")
    assert second["Fault"]["Error"][0]["code"] == "6240"
    assert third["QueryResponse"] == {"totalCount": 4}


def test_a_batch_with_a_known_request_id_is_not_done_again(app: Client) -> None:
    item = {"bId": "1", "operation": "create", "Invoice": {"CustomerRef": {"value": "1"}, "Line": [line()]}}
    answers = [app.post("batch?requestid=once", {"BatchItemRequest": [item]}).text for _ in range(2)]
    assert answers[0] == answers[1]
    assert app.query("select count(*) from Invoice") == {"totalCount": 1}


def test_a_payment_is_voided_through_options_data(app: Client) -> None:
    paid = app.pay(10)
    void = {"Id": paid["Id"], "SyncToken": "0", "sparse": True}
    item = {"bId": "1", "operation": "update", "optionsData": "void", "Payment": void}
    answer = decoded(app.post("batch", {"BatchItemRequest": [item]}))["BatchItemResponse"][0]
    assert answer["Payment"]["PrivateNote"] == "Voided"


def test_more_than_thirty_items_are_refused(app: Client) -> None:
    items = [{"bId": str(number), "Query": "select * from Term"} for number in range(31)]
    assert app.post("batch", {"BatchItemRequest": items}).status_code == 400


def test_a_long_bid_cannot_be_combined_with_a_request_id(app: Client) -> None:
    item = {"bId": "x" * 11, "Query": "select * from Term"}
    assert app.post("batch", {"BatchItemRequest": [item]}).status_code == 200
    assert app.post("batch?requestid=once", {"BatchItemRequest": [item]}).status_code == 400


def test_the_queries_of_a_batch_bring_a_thousand_objects_together(app: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_OBJECTS", 6)
    items = [{"bId": word, "Query": f"select * from {word}"} for word in ("Term", "Customer", "Item")]  # noqa: S608 - Intuit's language
    told = decoded(app.post("batch", {"BatchItemRequest": items}))["BatchItemResponse"]
    assert [one["QueryResponse"].get("maxResults") for one in told] == [4, 2, None]
