"""The ids and SyncTokens of one company in the words of another, learnt from pairs of answers to the same call (pure).

An id counts with its kind, since each list of a company has ids of its own. What was never seen stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.quickbooks import wire

_PATH = re.compile(r"/(?P<kind>[a-z]+)/(?P<id>\d+)")
_QUOTED = re.compile(r"(?P<head>\bId\s*=\s*')(?P<id>\d+)(?=')")
_FROM = re.compile(r"\bfrom\s+(\w+)", re.IGNORECASE)
_KINDS = ("account", "taxcode", "taxrate", "term", "customer", "vendor", "item", "class", "department", "paymentmethod")


class Dictionary:
    """Learns from answers, and translates calls."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str], str] = {}
        self._tokens: dict[tuple[str, str, str], str] = {}
        """The other company's SyncToken, by kind, recorded id and recorded SyncToken: a stale one stays stale."""

    def learn(self, recorded: str, replayed: str) -> None:
        """Compare two answers to the same call, place by place."""
        try:
            self._pair("", wire.decode(recorded.encode()), wire.decode(replayed.encode()))
        except ValueError:
            return

    def path(self, path: str) -> str:
        """The path, with the other company's id in it."""
        return _PATH.sub(lambda found: f"/{found['kind']}/{self._id(found['kind'], found['id'])}", path)

    def statement(self, text: str) -> str:
        """A query, with the other company's ids in it."""
        named = _FROM.search(text)
        kind = named[1].lower() if named else ""
        return _QUOTED.sub(lambda found: found["head"] + self._id(kind, found["id"]), text)

    def body(self, path: str, text: str) -> bytes:
        """The body of a call, with the other company's ids and SyncTokens in it."""
        try:
            told = wire.decode(text.encode())
        except ValueError:
            return self.statement(text).encode()
        return wire.encode(self._told(path.strip("/").partition("/")[0], told))

    def _id(self, kind: str, recorded: str) -> str:
        return self._ids.get((kind, recorded), recorded)

    def _pair(self, kind: str, one: Any, other: Any) -> None:
        if isinstance(one, list) and isinstance(other, list):
            for left, right in zip(one, other, strict=False):
                self._pair(kind, left, right)
        elif isinstance(one, Mapping) and isinstance(other, Mapping):
            self._note(kind, one, other)
            for name in one.keys() & other.keys():
                self._pair(_kind_of(name), one[name], other[name])

    def _note(self, kind: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> None:
        key = "value" if "value" in one else "TxnId" if "TxnId" in one else "Id"
        kind = str(one.get("TxnType", kind)).lower()
        if key in one and key in other:
            self._ids[kind, str(one[key])] = str(other[key])
        if "SyncToken" in one and "SyncToken" in other:
            self._tokens[kind, str(one.get("Id")), str(one["SyncToken"])] = str(other["SyncToken"])

    def _told(self, kind: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._told(kind, inner) for inner in value]
        if not isinstance(value, Mapping):
            return value
        here = str(value.get("TxnType", kind)).lower()
        told = {name: self._told(_kind_of(name), inner) for name, inner in value.items()}
        for name in {"value", "TxnId", "Id"} & value.keys():
            told[name] = self._id(here, str(value[name]))
        if "SyncToken" in value:
            token = (here, str(value.get("Id")), str(value["SyncToken"]))
            told["SyncToken"] = self._tokens.get(token, value["SyncToken"])
        return told


def _kind_of(name: str) -> str:
    """`IncomeAccountRef` points to an account, `Invoice` holds an invoice."""
    plain = name.lower().removesuffix("ref")
    return next((kind for kind in _KINDS if plain.endswith(kind)), plain)
