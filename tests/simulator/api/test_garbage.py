"""Whatever is sent, the simulator answers as Intuit would: 200 or a fault, never a 500 of its own (§8)."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.simulator.factory import create_simulator
from app.simulator.kinds.registry import KINDS
from tests.simulator.client import AMERICAN, NORTHGATE, TRADING, Client
from tests.simulator.oddities import whole

REFERENCES = [{"value": "1"}, {"value": "4"}, {"value": "50"}, {"value": "zz"}, {"value": None}, {}]
LEAVES = [
    "1", "", "x" * 5000, "2026-01-31", "0000-13-99", 0, -1, 1e30, "1e9999", "NaN", True, None, [], {}, [[]], [None],
    [{"DetailType": "SalesItemLineDetail", "Amount": "1", "SalesItemLineDetail": None}], [{"Amount": 1}], *REFERENCES,
]  # fmt: skip
COMPANIES = {
    realm: Client(create_simulator(":memory:", limits=False), realm) for realm in (NORTHGATE, AMERICAN, TRADING)
}
WRITABLE = sorted(name for name, kind in KINDS.items() if kind.operations)


@settings(max_examples=120, deadline=None)
@given(kind=st.sampled_from(WRITABLE), realm=st.sampled_from(sorted(COMPANIES)), data=st.data())
def test_a_property_may_hold_anything(kind: str, realm: str, data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(KINDS[kind].known)), min_size=1, max_size=4))
    sent = whole(kind) | {name: data.draw(st.sampled_from(LEAVES)) for name in names}
    operation = data.draw(st.sampled_from(["", "?operation=update", "?operation=delete", "?include=void"]))
    answer = COMPANIES[realm].post(f"{kind.lower()}{operation}", json.dumps(sent).encode())
    assert answer.status_code in {200, 400}, answer.text


@settings(max_examples=80, deadline=None)
@given(
    words=st.lists(
        st.sampled_from([
            "select", "*", "from", "Invoice", "Customer", "where", "Id", "=", "'1'", "in", "(", ")", ",", "and",
            "Active", "true", "orderby", "desc", "like", "'%'", "maxresults", "0", "9999999999", "startposition",
            "count(*)", "CURRENT_DATE", "TxnDate", "<", "MetaData.LastUpdatedTime", "'", "\\", "ExchangeRate",
            "AsOfDate", "'x'", "TotalAmt",
        ]),
        max_size=14,
    )
)  # fmt: skip
def test_a_question_may_be_anything(words: list[str]) -> None:
    answer = COMPANIES[TRADING].get("query", query=" ".join(words))
    assert answer.status_code in {200, 400}, answer.text


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xff\xfe", b"{" * 9999, b'{"Id":1e999}', b"5", b'"x"', b"x" * 100_000])
def test_bytes_may_be_anything(raw: bytes) -> None:
    for path in ("invoice", "batch", "taxservice/taxcode", "invoice/1/send", "query", "nothing/at/all"):
        assert COMPANIES[NORTHGATE].post(path, raw).status_code in {200, 400}


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_a_method_may_be_any(method: str) -> None:
    app = COMPANIES[NORTHGATE]
    for path in ("invoice", "invoice/1", "query", "batch", "cdc", "exchangerate", "taxservice/x", "invoice/1/pdf"):
        answer = app.http.open(f"{app.base}/{path}", method=method, headers=app.headers)
        assert answer.status_code in {200, 400}, (method, path)
