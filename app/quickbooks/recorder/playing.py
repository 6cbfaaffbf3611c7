"""Plays the tour to a real company, and a tape to another Intuit; the thin shell around the pure parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from app.foundation import clock
from app.quickbooks import wire
from app.quickbooks.calls import Call, CallForm
from app.quickbooks.client import QuickBooks
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.lease import Lease
from app.quickbooks.ports import Http, HttpRequest
from app.quickbooks.recorder.likeness import Difference, differences
from app.quickbooks.recorder.natures import learnt
from app.quickbooks.recorder.tape import Exchange, RecordingHttp
from app.quickbooks.recorder.tour import Step, filled
from app.quickbooks.recorder.translating import Dictionary

_SECONDS = 60.0
_BATCH_PATIENCE = 120.0


@dataclass(frozen=True)
class Place:
    """Where a tape is played: the address of a company's API, a token for it, and the rest between two calls."""

    base: str
    """Ends with the realm: `…/v3/company/123`."""
    access_token: str
    rest_seconds: float = 0.0


@dataclass(frozen=True)
class Visit:
    """A company on the tour: the client, whose line is `http`, and the lease that writes need."""

    quickbooks: QuickBooks
    http: RecordingHttp
    connection_id: int
    lease: Lease | None = None


def first_words(stamp: str) -> dict[str, Any]:
    """The words a tour begins with: its stamp and its days."""
    now = clock.now()
    return {
        "stamp": stamp,
        "today": now.date().isoformat(),
        "yesterday": (now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "long_ago": (now - timedelta(days=60)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def play(visit: Visit, steps: Sequence[Step], words: dict[str, Any], told: Callable[[str], None]) -> None:
    """Make each call of the tour; `words` grow by what is answered, `told` hears of each step.

    A refusal is an answer like others.
    """
    for step in steps:
        try:
            call = _call(step, words)
        except KeyError as unknown:
            told(f"{step.name}: left out, {unknown.args[0]} is not known")
            continue
        visit.http.step = step.name
        told(f"{step.name}: {_made(visit, step, call, words)}")


def _made(visit: Visit, step: Step, call: Call, words: dict[str, Any]) -> str:
    lease = visit.lease if call.form is not CallForm.READ else None
    try:
        answer = visit.quickbooks.ask(visit.connection_id, call, lease=lease, patience_seconds=_BATCH_PATIENCE)
    except QuickBooksError as trouble:
        return f"{trouble.http_status or trouble.message} {trouble.code}".strip()
    words |= learnt(answer.json)
    if step.keep and (record := _first_record(answer.json)):
        words |= {f"{step.keep}.{name}": record[name] for name in ("Id", "SyncToken") if name in record}
    return str(answer.status)


def _call(step: Step, words: Mapping[str, Any]) -> Call:
    query = tuple((name, filled(value, words)) for name, value in step.query)
    path = filled(step.path, words)
    if step.body is None:
        return Call("GET", path, query, body=b"", content_type="", form=CallForm.READ)
    form = CallForm.BATCH if path == "/batch" else CallForm.WRITE
    body = wire.encode(filled(step.body, words))
    return Call("POST", path, query, body=body, content_type="application/json", form=form)


def _first_record(payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
    inside = payload.get("QueryResponse", payload)
    for found in inside.values():
        record = found[0] if isinstance(found, list) and found else found
        if isinstance(record, Mapping) and "Id" in record:
            return record
    return None


def compare(tape: Iterable[Exchange], http: Http, place: Place) -> Iterator[Difference]:
    """Play each call of the tape to another Intuit, ids translated; each difference of what it answers."""
    dictionary = Dictionary()
    for recorded in tape:
        replayed = _replay(recorded, dictionary, http, place)
        if place.rest_seconds:
            clock.sleep(place.rest_seconds)
        dictionary.learn(recorded.answer, replayed.answer)
        yield from differences(recorded, replayed)


def _replay(recorded: Exchange, dictionary: Dictionary, http: Http, place: Place) -> Exchange:
    kept: list[Exchange] = []
    query = urlencode([(name, dictionary.statement(value)) for name, value in recorded.query], quote_via=quote)
    headers = {"Accept": "application/json", "Authorization": f"Bearer {place.access_token}"}
    if recorded.type:
        headers["Content-Type"] = recorded.type
    address = place.base + dictionary.path(recorded.path) + (f"?{query}" if query else "")
    body = dictionary.body(recorded.path, recorded.body) if recorded.body else b""
    RecordingHttp(http, kept.append).send(HttpRequest(recorded.method, address, headers, body, _SECONDS))
    return kept[0]
