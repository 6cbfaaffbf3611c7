"""The tape: one exchange a line, as JSON.

Each line is an object with these members (all there, in this order):

- `step`: the step of the tour that asked, or "" for ordinary traffic
- `method`, `path` (behind `/v3/company/{realm}`), `query` (a list of pairs), `type` (Content-Type, or ""), `body`
- `status`; `headers`: those of `KEPT_HEADERS` that came, small; `answer` (text); `seconds`

Never kept: the Authorization header, keys, calls to the sign-in service. Whatever looks like a token in a body is dots.
With `private`, names, addresses, phones and notes become a word that is the same wherever they were the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.quickbooks import masking, wire
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest

KEPT_HEADERS = ("content-type", "intuit-tid", "intuit_tid", "retry-after", "www-authenticate")
_API = "/v3/company/"
_PERSONAL = frozenset(
    {
        *("displayname", "givenname", "middlename", "familyname", "companyname", "legalname", "fullyqualifiedname"),
        *("printoncheckname", "line1", "line2", "line3", "line4", "line5", "city", "postalcode", "freeformnumber"),
        *("address", "uri", "notes", "privatenote", "customermemo", "primarytaxidentifier"),
    }
)


@dataclass(frozen=True)
class Exchange:
    """One call and what came back; the members are those of a line."""

    step: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    type: str
    body: str
    status: int
    headers: dict[str, str]
    answer: str
    seconds: float

    def line(self) -> str:
        """As one line of a tape, without its end."""
        return json.dumps(asdict(self), ensure_ascii=False)


def exchanges(lines: Iterable[str]) -> Iterator[Exchange]:
    """The exchanges of a tape. Raises ValueError for a line that is none."""
    for number, line in enumerate(lines, 1):
        try:
            told = json.loads(line)
            yield Exchange(**{**told, "query": tuple((name, value) for name, value in told["query"])})
        except (ValueError, TypeError, KeyError) as problem:
            raise ValueError(f"line {number} is no exchange: {problem}") from problem


def read_tape(lines: Iterable[str]) -> list[Exchange]:
    """The whole tape. Raises ValueError for a line that is no exchange, and for a tape that holds none."""
    try:
        tape = list(exchanges(lines))
    except UnicodeDecodeError as problem:
        raise ValueError("this file is no text, so it is no tape") from problem
    if not tape:
        raise ValueError("there is no exchange on this tape")
    return tape


class RecordingHttp:
    """A line to Intuit that hands each exchange of the Accounting API to `keep`; a call without answer is not kept."""

    def __init__(self, http: Http, keep: Callable[[Exchange], None], *, private: bool = False) -> None:
        self._http, self._keep, self._private = http, keep, private
        self.step, self.kept = "", 0

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it once, as the line beneath does."""
        answer = self._http.send(request)
        if _API in request.url:
            self.kept += 1
            self._keep(_exchange(self.step, request, answer, self._private))
        return answer


def _exchange(step: str, request: HttpRequest, answer: HttpAnswer, private: bool) -> Exchange:  # noqa: FBT001 - ours alone
    address = urlsplit(request.url)
    _realm, _slash, path = address.path.partition(_API)[2].partition("/")
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Exchange(
        step,
        request.method,
        "/" + path,
        tuple(parse_qsl(address.query, keep_blank_values=True)),
        type=request.headers.get("Content-Type", ""),
        body=_shown(request.body, private=private),
        status=answer.status,
        headers={name: masking.mask(headers[name]) for name in KEPT_HEADERS if name in headers},
        answer=_shown(answer.body, private=private),
        seconds=round(answer.seconds, 3),
    )


def _shown(body: bytes, *, private: bool) -> str:
    text = body.decode(errors="replace")
    if private:
        with suppress(ValueError, RecursionError):  # no JSON: a statement, or the edge's own page
            text = wire.encode(_without_persons("", wire.decode(body))).decode()
    return masking.mask(text)


def _without_persons(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_persons(key, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_persons(name, inner) for inner in value]
    if not isinstance(value, str) or not value or name.lower() not in _PERSONAL:
        return value
    word = "private-" + hashlib.sha256(value.encode()).hexdigest()[:10]
    return f"{word}@private.example" if "@" in value else word
