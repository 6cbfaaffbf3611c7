"""Values, bodies and headers that no client should send: strategies for the tests of abuse."""

from __future__ import annotations

import gzip
import json
from urllib.parse import urlencode

from hypothesis import strategies as st

from app.simulator.bookkeeping.switches import SWITCHES
from app.simulator.kinds.registry import KINDS
from app.simulator.mischief import EFFECTS
from tests.simulator.client import NORTHGATE, Body

NOWHERE = "http://127.0.0.1:9/back"
_DETAILS = {
    "SalesItemLineDetail": {"ItemRef": {"value": "1"}, "TaxCodeRef": {"value": "6"}},
    "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "80"}, "TaxCodeRef": {"value": "6"}},
}


def whole(kind: str) -> Body:
    """What each kind at least needs, so that the garbage gets further in."""
    bought = kind in {"Bill", "VendorCredit", "Purchase"}
    detail = "AccountBasedExpenseLineDetail" if bought else "SalesItemLineDetail"
    line = {"DetailType": detail, "Amount": "10.00", detail: _DETAILS[detail]}
    link = {"Amount": 1, "LinkedTxn": [{"TxnId": "1", "TxnType": "Bill" if kind == "BillPayment" else "Invoice"}]}
    usual: Body = {
        "Line": [link if "Payment" in kind else line], "TotalAmt": 5, "CustomerRef": {"value": "1"}, "Name": "N",
        "VendorRef": {"value": "50"}, "DisplayName": "D", "PaymentType": "Cash", "PayType": "Check", "DueDays": 5,
        "AccountRef": {"value": "35"}, "CheckPayment": {"BankAccountRef": {"value": "35"}}, "Code": "EUR",
        "AccountType": "Bank", "IncomeAccountRef": {"value": "1"}, "SourceCurrencyCode": "EUR", "Rate": "0.9",
        "CompanyName": "C", "CompanyAddr": {"Line1": "1"}, "Type": "Service",
    }  # fmt: skip
    return {name: value for name, value in usual.items() if name in KINDS[kind].known}


TEXTS = st.sampled_from([
    "", " ", "1", "-1", "0", "1.5", "9" * 30, "1e400", "nan", "true", "null", "\x00", "\x0b", "\ufffe", "é", "%", "'",
    "\U0001f4a3", "\\'", "..", "a" * 300, "2026-01-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "TAX",
    "http://[::1", "https://127.0.0.1:9/\r\nX: y", NOWHERE, "create", "update", "void", "delete", "²", "١٢", "inf",
    "select * from Invoice", "Invoice,Customer", "USD", "production", "-inf", "1_0", "select * from TaxCode orderby Id",
])  # fmt: skip
NUMBERS = st.sampled_from([
    "0", "-0", "1e400", "-1e-400", "1e99999999999999999999", "123456789012345678901234567890", "1" * 4000, "1" * 5000,
    "0.1", "1.005", "99999999999", "NaN", "Infinity", "1e", "01", "-", "1E-12", "0.0000000000001", "1", "2", "-1",
])  # fmt: skip
_DEEP = st.sampled_from([50, 400, 900, 960, 990, 1010, 5000, 100_000])
_INNER = [
    "value", "name", "Amount", "DetailType", "SalesItemLineDetail", "LinkedTxn", "TxnId", "TxnType", "ItemRef",
    "Qty", "UnitPrice", "TaxCodeRef", "Address", "bId", "operation", "Query", "BatchItemRequest", "optionsData",
    "TaxCode", "TaxRateDetails", "TaxRateName", "RateValue", "TaxAgencyId", "invoice_id", "amount",
    "credit_memo_id", "BookCloseDate", "CustomTxnNumbers", "HomeCurrency",
]  # fmt: skip
_KEYS = st.sampled_from([*sorted({name for kind in KINDS.values() for name in kind.known}), *_INNER]) | TEXTS
_WORDS = st.sampled_from([*EFFECTS, *KINDS, *(one.default for one in SWITCHES if isinstance(one.default, str))])
LEAVES = (
    NUMBERS
    | (TEXTS | _WORDS).map(json.dumps)
    | st.sampled_from(["true", "false", "null", '"\\ud800"', '"\\u0000"', "nul", '{"value":"1"}', "[]", "{}"])
)


def _object(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An object's text, its keys perhaps repeated."""
    pair = st.tuples(_KEYS.map(json.dumps), inside).map(":".join)
    return st.lists(pair, max_size=5).map(lambda pairs: f"{{{','.join(pairs)}}}")


def _list(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(inside, max_size=3).map(lambda found: f"[{','.join(found)}]")


_NESTED = st.recursive(LEAVES, lambda inside: _object(inside) | _list(inside), max_leaves=6)
JSON_LIKE = _NESTED | _DEEP.map(lambda depth: "[" * depth + "]" * depth)


@st.composite
def bent(draw: st.DrawFn, kind: str) -> str:
    """A record that would pass, with some properties replaced."""
    parts = [f"{json.dumps(name)}:{json.dumps(value)}" for name, value in whole(kind).items()]
    names = st.sampled_from(["Id", "SyncToken", "Line", "Active", *sorted(KINDS[kind].known)])
    parts += [f"{json.dumps(draw(names))}:{draw(JSON_LIKE)}" for _ in range(draw(st.integers(0, 3)))]
    return f"{{{','.join(parts)}}}"


@st.composite
def batch(draw: st.DrawFn) -> str:
    """A batch of such records, of questions and of nonsense."""
    items = []
    for number in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        operation = draw(st.sampled_from(['"create"', '"update"', '"delete"', "null", "{}"]))
        asked = (
            f'"operation":{operation},"{kind}":{draw(bent(kind))}' if draw(st.booleans()) else f'"Query":{draw(LEAVES)}'
        )
        items.append(f'{{"bId":{draw(st.just(str(number)).map(json.dumps) | LEAVES)},{asked}}}')
    return f'{{"BatchItemRequest":[{",".join(items)}]}}'


def objects(names: list[str]) -> st.SearchStrategy[str]:
    """JSON objects with some of these properties."""
    pair = st.tuples(st.sampled_from(names).map(json.dumps), JSON_LIKE).map(":".join)
    return st.lists(pair, min_size=1, max_size=4).map(lambda pairs: f"{{{','.join(pairs)}}}")


_KNOWN = st.sampled_from([
    "SIM-PRODUCTION-KEY", "sim-production-secret", NOWHERE, "code", "openid", "connect", NORTHGATE, "yes", "fault",
    "com.intuit.quickbooks.accounting", "authorization_code", "refresh_token", "slow", "invoice", "invoiceLink",
    "server_error", "allowduplicatedocnum",
])  # fmt: skip


def pairs(names: list[str]) -> st.SearchStrategy[str]:
    """A query or a form with some of these names."""
    pair = st.tuples(st.sampled_from(names), TEXTS | _KNOWN)
    return st.lists(pair, max_size=6).map(urlencode)


@st.composite
def encoded(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> bytes:
    """A text in many encodings, mostly the right one."""
    text = draw(texts)
    plain = text.encode(errors="replace")
    if draw(st.integers(0, 5)):
        return plain
    return draw(st.sampled_from([
        text.encode("utf-16", "replace"), text.encode("latin-1", "replace"), plain[:-1], plain + b"\x00",
        gzip.compress(plain, 1), gzip.compress(plain, 1)[:-9], b"\xef\xbb\xbf" + plain, b"",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n",
    ]))  # fmt: skip


_HEADERS = {
    "CONTENT_TYPE": [
        "application/x-www-form-urlencoded",
        "text/plain",
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "\xe9/\x01",
        "application/xml",
    ],
    "HTTP_ACCEPT": ["application/json", "application/xml", "*/*", "\xe9", ""],
    "HTTP_AUTHORIZATION": ["", "Bearer", "Bearer " + "x" * 5000, "Basic \xe9", "Basic =", "Basic Og==", "\xff"],
    "HTTP_CONTENT_ENCODING": ["gzip", "deflate", "br"],
    "HTTP_ORIGIN": ["http://evil.example", "null", "\xe9"],
    "HTTP_HOST": ["", "evil.example:x", "[::1", "\xe9", "localhost"],
    "HTTP_TRANSFER_ENCODING": ["chunked", "gzip"],
    "HTTP_X_INCLUDE_REFRESH_TOKEN_HARD_EXPIRES_IN": ["true"],
    "HTTP_REFERER": ["javascript:alert(1)", "\xe9"],
    "HTTP_COOKIE": ["a=b; ;=;\xe9"],
    "CONTENT_LENGTH": ["-1", "x", "1", "", "99999999999"],
}


@st.composite
def headers(draw: st.DrawFn, content_type: str) -> dict[str, str]:
    """As a WSGI server tells them: mostly what the address needs, sometimes none of it."""
    usual = {"CONTENT_TYPE": content_type, "HTTP_ACCEPT": "application/json"}
    if draw(st.integers(0, 4)):
        return usual
    name = draw(st.sampled_from(sorted(_HEADERS)))
    return usual | {name: draw(st.sampled_from(_HEADERS[name]))}
