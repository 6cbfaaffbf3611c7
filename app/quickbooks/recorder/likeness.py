"""Whether two answers to the same call are alike: status, headers that matter, shape and class of each value (pure).

Values themselves differ between companies; compared to the letter are only words of enumerations and fault codes, and
to the penny the amounts in the answer to a write, for those follow from the call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from app.quickbooks import wire
from app.quickbooks.recorder.tape import Exchange

_WORDS = frozenset(
    {
        *("DetailType", "TxnType", "PrintStatus", "EmailStatus", "GlobalTaxCalculation", "status", "domain", "type"),
        *("code", "Classification", "PreferredDeliveryMethod", "TaxCodeConfigType", "SpecialTaxType", "bId"),
    }
)
_MONEY = re.compile(r"(Amt|Amount|Balance|TotalTax|RemainingCredit|NetAmountTaxable)$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)\Z")
_PATTERNS = ((re.compile(r"\Z"), "empty text"), (_DAY, "date"), (_MOMENT, "time"), (re.compile(r"\d+\Z"), "id"))
_NOISE = frozenset({"time", "MetaData", "LineEx", "PurchaseEx", "NameValue", "V4IDPseudonym", "CustomField"})
Shape = Mapping[str, frozenset[str]]


class Difference(NamedTuple):
    """One difference: in which step, of what sort, where, what the tape says and what was answered now."""

    step: str
    sort: str
    where: str
    recorded: str
    replayed: str


def differences(recorded: Exchange, replayed: Exchange) -> Iterator[Difference]:
    """All differences of two answers; a different status hides what follows from it."""
    step = recorded.step or f"{recorded.method} {recorded.path}"
    if recorded.status != replayed.status:
        yield Difference(step, "status", "", _short(recorded), _short(replayed))
        return
    yield from _of_headers(step, recorded, replayed)
    exact = recorded.method == "POST" and recorded.path != "/query"
    yield from _of_shapes(step, shape(recorded.answer, exact=exact), shape(replayed.answer, exact=exact))


def _of_headers(step: str, recorded: Exchange, replayed: Exchange) -> Iterator[Difference]:
    for name in ("content-type", "retry-after", "www-authenticate"):
        one, other = _header(recorded, name), _header(replayed, name)
        if one != other:
            yield Difference(step, "header", name, one, other)


def _of_shapes(step: str, one: Shape, other: Shape) -> Iterator[Difference]:
    for where in sorted(one.keys() | other.keys()):
        if one.get(where) != other.get(where) and not _is_below_missing(where, one, other):
            sort = "value" if where in one and where in other else "shape"
            yield Difference(step, sort, where, _told(one.get(where)), _told(other.get(where)))


def shape(text: str, *, exact: bool = False) -> Shape:
    """{place: classes of its values} of an answer; the rows of a list share a place. `exact` adds amounts."""
    try:
        body = wire.decode(text.encode())
    except ValueError:
        kind = "XML" if text.lstrip().startswith("<") else "text"
        return {"(body)": frozenset({kind})}
    found: dict[str, set[str]] = {}
    for place, kind in _places("", "", body, exact=exact):
        found.setdefault(place, set()).add(kind)
    return {place: frozenset(kinds) for place, kinds in found.items()}


def _places(place: str, name: str, value: Any, *, exact: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        yield place, "object"
        for key, inner in value.items():
            if key not in _NOISE:
                yield from _places(f"{place}.{key}".lstrip("."), key, inner, exact=exact)
    elif isinstance(value, list):
        yield place, "list"
        for inner in value:
            yield from _places(f"{place}[]", name, inner, exact=exact)
    else:
        yield place, _class(name, value, exact=exact)


def _class(name: str, value: Any, *, exact: bool) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    return _text_class(name, value) if isinstance(value, str) else _number_class(name, value, exact=exact)


def _number_class(name: str, value: int | Decimal, *, exact: bool) -> str:
    if not _MONEY.search(name):
        return "number"
    return f"money {value:.2f}" if exact else "money"


def _text_class(name: str, value: str) -> str:
    if name in _WORDS:
        return f"word {value}"
    return next((kind for pattern, kind in _PATTERNS if pattern.match(value)), "text")


def _is_below_missing(where: str, one: Shape, other: Shape) -> bool:
    """Whether the record around it is missing already: one difference is told once."""
    around = where.removesuffix("[]").rpartition(".")[0] if not where.endswith("[]") else where.removesuffix("[]")
    return around != "" and ((around in one) != (around in other))


def _header(exchange: Exchange, name: str) -> str:
    return exchange.headers.get(name, "").partition(";")[0].strip()


def _short(exchange: Exchange) -> str:
    codes = re.findall(r"[\"' ]code[\"']?\s*[:=]\s*[\"'](\w+)", exchange.answer)
    return f"{exchange.status} {' '.join(codes)}".strip()


def _told(classes: frozenset[str] | None) -> str:
    return "missing" if classes is None else ", ".join(sorted(classes))
