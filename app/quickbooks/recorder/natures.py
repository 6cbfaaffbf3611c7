"""What nature a company is of, as its own CompanyInfo and Preferences tell it (pure).

The natures are the labels of the simulator's companies: VAT and one currency, automated sales tax, several currencies.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Any

from app.quickbooks import wire
from app.quickbooks.recorder.tape import Exchange


class Nature(enum.Enum):
    """How a company's documents are written."""

    UK = "uk"
    US = "us"
    MULTI = "multi"


def learnt(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Words an answer holds about the company: `country`, `home` (currency), `several` (whether it has others).

    In the United States `vat.Id`, the code of an ordinary line, is the word NON: what QuickBooks taxes there differs
    from company to company.
    """
    words: dict[str, Any] = {}
    if (info := _record(payload, "CompanyInfo")).get("Country"):
        words["country"] = info["Country"]
        words |= {"vat.Id": "NON"} if info["Country"] == "US" else {}
    if currency := _record(payload, "Preferences").get("CurrencyPrefs"):
        words["several"] = currency.get("MultiCurrencyEnabled", False)
        words["home"] = currency.get("HomeCurrency", {}).get("value", "")
    return words


def nature(words: Mapping[str, Any]) -> Nature | None:
    """The nature those words tell; None when the company has not said who it is."""
    if "country" not in words or "home" not in words:
        return None
    if words["country"] == "US":
        return Nature.US
    return Nature.MULTI if words["several"] else Nature.UK


def of_tape(tape: Iterable[Exchange]) -> Nature | None:
    """The nature of the company that was recorded."""
    words: dict[str, Any] = {}
    for exchange in tape:
        payload = _decoded(exchange.answer)
        words |= learnt(payload)
    return nature(words)


def _decoded(answer: str) -> Mapping[str, Any]:
    try:
        payload = wire.decode(answer.encode())
    except ValueError:
        return {}
    return payload if isinstance(payload, Mapping) else {}


def _record(payload: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    found = payload.get("QueryResponse", payload)
    record = found.get(kind) if isinstance(found, Mapping) else None
    record = record[0] if isinstance(record, list) and record else record
    return record if isinstance(record, Mapping) else {}
