"""Calls on every address the simulator has, and on some it has not; and what it may answer to them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from xml.etree import ElementTree as ET

from flask import Flask, got_request_exception
from hypothesis import strategies as st
from werkzeug.test import create_environ, run_wsgi_app

from app.simulator.bookkeeping.switches import SWITCHES
from app.simulator.kinds.registry import BY_WORD, KINDS
from tests.simulator.client import AMERICAN, NORTHGATE, SANDBOX, TRADING, Body
from tests.simulator.oddities import JSON_LIKE, TEXTS, batch, bent, encoded, headers, objects, pairs

BASES = {NORTHGATE: "production", AMERICAN: "production", TRADING: "production", SANDBOX: "sandbox"}
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_VARIABLE = re.compile(r"<(?:(any)\(([^)]*)\):|(path):)?(\w+)>")


@dataclass(frozen=True)
class Sent:
    """One call; its body comes so many `times`."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    raw: bytes
    times: int = 1

    def __repr__(self) -> str:
        """Short enough to be read in a report."""
        return (
            f"{self.method} {self.path[:200]!r}?{self.query[:300]} {self.headers} {self.times} times {self.raw[:400]!r}"
        )


@dataclass(frozen=True)
class Got:
    """The answer; `escaped` is the exception behind a 500."""

    status: int
    headers: dict[str, str]
    raw: bytes
    escaped: BaseException | None = None

    def __repr__(self) -> str:
        """Short enough to be read in a report."""
        return f"{self.status} {self.headers.get('content-type')} {self.raw[:400]!r} {self.escaped!r}"


_QUERY = [
    "requestid", "include", "operation", "query", "entities", "changedSince", "sourcecurrencycode", "asofdate",
    "sendTo", "minorversion",
]  # fmt: skip
_QUERIES = (
    st.sampled_from(["", "operation=update", "operation=delete", "operation=void", "include=void", "requestid=r"])
    | pairs(_QUERY)
    | st.sampled_from(["%ff%fe", "&&==&", "query=%zz", "a" * 5000, "\x00", "é"])
)
_REALMS = st.sampled_from(sorted(BASES))
_PLACES = st.sampled_from(["1", "2", "50", "1/pdf", "1/send", "taxcode"])


def _at(realm: str, rest: str) -> str:
    return f"/{BASES[realm]}/v3/company/{realm}/{rest}"


def _writes() -> st.SearchStrategy[Sent]:
    """Records and batches that are nearly right, where they belong."""

    def of(kind: str) -> st.SearchStrategy[Sent]:
        paths = _REALMS.map(lambda realm: _at(realm, kind.lower()))
        return st.builds(Sent, st.just("POST"), paths, _QUERIES, headers(JSON), encoded(bent(kind)))

    batches = _REALMS.map(lambda realm: _at(realm, "batch"))
    return st.sampled_from(sorted(KINDS)).flatmap(of) | st.builds(
        Sent, st.just("POST"), batches, _QUERIES, headers(JSON), encoded(batch())
    )


def _odd_calls() -> st.SearchStrategy[Sent]:
    """Anything on the Accounting API."""
    words = st.sampled_from([*BY_WORD, "query", "batch", "cdc", "exchangerate", "taxservice"])
    rests = words | st.tuples(words, _PLACES | TEXTS).map("/".join) | TEXTS
    paths = st.tuples(_REALMS, rests).map(lambda one: _at(*one))
    return st.builds(Sent, _METHODS, paths, _QUERIES, headers(JSON), encoded(JSON_LIKE))


_METHODS = st.sampled_from(["GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"])
_FILLINGS: dict[str, st.SearchStrategy[str]] = {
    "realm": _REALMS, "word": st.sampled_from(sorted(KINDS)), "kind": st.sampled_from(sorted(KINDS)),
    "record_id": st.sampled_from(["1", "2", "50", "TAX"]), "rest": _PLACES,
    "name": st.sampled_from([one.name for one in SWITCHES if one.source.startswith("§")]),
}  # fmt: skip
"""The switches that slow each call down are left alone: a test would wait."""


def _filled(rule: str) -> st.SearchStrategy[str]:
    """An address of this rule, its variables filled with what is there, sometimes with what is not."""
    parts: list[st.SearchStrategy[str]] = []
    end = 0
    for found in _VARIABLE.finditer(rule):
        words = st.sampled_from(found[2].split(", ")) if found[1] else _FILLINGS.get(found[4], TEXTS)
        parts += [st.just(rule[end : found.start()]), words | words | words | TEXTS]
        end = found.end()
    return st.tuples(*parts, st.just(rule[end:])).map("".join)


_KEYS = [
    "on", "now", "offset_seconds", "advance_seconds", "realm", "environment", "label", "url", "verifier", "mode",
    "id", "into", "total", "customer", "allocations", "date", "status", "tokens", "client_id", "redirect_uri",
    "state", "scope", "AccountingInfoPrefs", "SalesFormsPrefs", "CurrencyPrefs", "name",
]  # fmt: skip
_KEYS_AT = {
    "clock": ["now", "offset_seconds", "advance_seconds"],
    "switches": [one.name for one in SWITCHES if one.source.startswith("§")],
    "faults": ["effect", "count", "probability", "seed", "skip", "seconds", "code", "message", "detail", "status",
               "member", "kind", "operation"],
    "payments": ["customer", "total", "allocations", "date", "reference"],
    "companies": ["realm", "name", "environment", "label"],
    "preferences": ["AccountingInfoPrefs", "SalesFormsPrefs", "CurrencyPrefs", "OtherPrefs"],
    "repeat": ["id"], "merge": ["into"], "mode": ["mode"], "subscription": ["status"],
}  # fmt: skip
_FIELDS = [
    "grant_type", "code", "refresh_token", "redirect_uri", "client_id", "client_secret", "token", "realm", "answer",
    "scope", "response_type", "amount", "total", "invoice-1", "hours", "effect", "count", "kind", "operation",
    "member", "detail", "value", "on", "url", "verifier", "id", "seconds",
]  # fmt: skip
_ARGUMENTS = [
    "limit", "offset", "after", "page", "search", "client_id", "redirect_uri", "response_type", "scope", "state",
    "said",
]  # fmt: skip


def _at_rule(rule: str, methods: list[str]) -> st.SearchStrategy[Sent]:
    """A call on an address beside the API, with the body that is read there."""
    word = rule.rpartition("/")[2]
    control = rule.startswith("/_simulator")
    kinds = st.sampled_from(sorted(KINDS)).flatmap(bent)
    asked = (objects(_KEYS_AT.get(word, _KEYS)) | kinds | JSON_LIKE) if control else pairs(_FIELDS)
    told = headers(JSON if control else FORM)
    return st.builds(Sent, st.sampled_from(methods), _filled(rule), pairs(_ARGUMENTS), told, encoded(asked))


def calls(application: Flask) -> st.SearchStrategy[Sent]:
    """A call on any address; half of them on the Accounting API."""
    rules = [rule for rule in application.url_map.iter_rules() if rule.endpoint != "static"]
    beside = {(rule.rule, *sorted(rule.methods - {"HEAD", "OPTIONS"})) for rule in rules if rule.methods}
    elsewhere = st.sampled_from(sorted(beside)).flatmap(lambda one: _at_rule(one[0], list(one[1:])))
    nowhere = st.builds(Sent, _METHODS, TEXTS.map(lambda text: f"/{text}"), _QUERIES, headers(FORM), encoded(JSON_LIKE))
    families = [_writes(), _writes(), _odd_calls(), elsewhere, elsewhere, nowhere]
    return st.integers(0, len(families) - 1).flatmap(families.__getitem__)


def call(application: Flask, sent: Sent, token: str) -> Got:
    """Send it past all that a client or a server would put right."""
    raw = sent.raw * sent.times
    environ = create_environ("/", method=sent.method, input_stream=BytesIO(raw))
    environ |= {"CONTENT_LENGTH": str(len(raw)), "HTTP_AUTHORIZATION": f"Bearer {token}"} | sent.headers
    environ["PATH_INFO"] = sent.path.encode("utf-8", "replace").decode("latin-1")
    environ["QUERY_STRING"] = sent.query.encode("utf-8", "replace").decode("latin-1")
    escaped: list[BaseException] = []
    with got_request_exception.connected_to(lambda _sender, exception, **_: escaped.append(exception), application):
        chunks, status, told = run_wsgi_app(application.wsgi_app, environ, buffered=True)
    names = {name.lower(): value for name, value in told.items()}
    return Got(int(status.split(" ", 1)[0]), names, b"".join(chunks), escaped[0] if escaped else None)


def why_not_documented(sent: Sent, got: Got) -> str:
    """Why this is no answer of Intuit's (or, beside the API, of ours), "" when it is one."""
    if sent.method in {"HEAD", "OPTIONS"} or got.status in {301, 302, 303, 308}:
        return "" if got.status < 500 else "broken"
    if sent.path.startswith(("/production/", "/sandbox/")):
        return _of_the_api(got)
    allowed = {200, 201, 207, 400, 401, 403, 404, 405, 413}
    return "" if got.status in allowed and _read(got) is not None else "neither page nor JSON"


def _of_the_api(got: Got) -> str:
    body = _read(got)
    if got.status not in {200, 400, 401, 403, 429}:
        return "no status of the API"
    if isinstance(body, ET.Element):
        return "" if body.tag.endswith("}IntuitResponse") else "another document"
    if isinstance(body, bytes):
        return "" if body.startswith(b"%PDF") else "no PDF"
    return _of_json(got.status, body) if isinstance(body, dict) else "unreadable"


def _of_json(status: int, body: Body) -> str:
    """A fault in one of its envelopes, or something that was asked for (§8.1, §2.3)."""
    if status >= 400:
        return "" if {"Fault", "fault", "error"} & body.keys() else "a refusal without a fault"
    expected = {"QueryResponse", "BatchItemResponse", "CDCResponse", "TaxCode", *KINDS}
    return "" if expected & body.keys() else "unknown shape"


def _read(got: Got) -> object:
    """The body as its content type says, None where it is something else."""
    kind = got.headers.get("content-type", "").partition(";")[0]
    readers: dict[str, Callable[[bytes], object]] = {
        "application/json": _json, "application/xml": _xml, "text/html": bytes.decode, "application/pdf": bytes,
    }  # fmt: skip
    return readers[kind](got.raw) if kind in readers else (None if got.raw else "")


def _refuse(name: str) -> object:
    raise ValueError(name)


def _json(raw: bytes) -> object:
    try:
        return json.loads(raw.decode(), parse_constant=_refuse)
    except ValueError:
        return None


def _xml(raw: bytes) -> object:
    try:
        return ET.fromstring(raw)  # noqa: S314 - written by the simulator a moment ago
    except ET.ParseError:
        return None
