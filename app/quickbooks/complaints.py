"""What Intuit complains of, found in any of the shapes it uses (pure).

JSON with upper-case names (the service), JSON with lower-case names (the gateway), XML of either even when JSON was
asked for, and a Fault inside an answer that says 200.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from app.quickbooks.reading import parts, said

_ERROR = re.compile(r"<(?:\w+:)?Error\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?Error>)", re.DOTALL)
_ATTRIBUTE = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"")
_CHILD = re.compile(r"<(?:\w+:)?(Message|Detail)\b[^>]*>(.*?)</(?:\w+:)?\1>", re.DOTALL)
_NUMBER_IN_MESSAGE = re.compile(r"errorCode=0*(\d+)")


@dataclass(frozen=True)
class Complaint:
    """One Error of a Fault; `code` without leading noughts, "" when Intuit gave none."""

    code: str
    message: str = ""
    detail: str = ""
    element: str = ""


def in_payload(payload: Any) -> list[Complaint]:
    """The errors of a parsed answer or of one member of a batch; empty when it is none."""
    fault = said(payload, "Fault") if isinstance(payload, Mapping) else None
    errors = parts(fault, "Error") if isinstance(fault, Mapping) else []
    if errors:
        return [_complaint({name.lower(): value for name, value in error.items()}) for error in errors]
    return [Complaint(code="", message="Fault")] if fault else []


def in_xml(text: str) -> list[Complaint]:
    """The errors of an XML answer; empty when it is none. Read by pattern: a foreign document gets no XML parser."""
    return [_from_xml(attributes, inner) for attributes, inner in _ERROR.findall(text.replace("\0", ""))]


def _from_xml(attributes: str, inner: str) -> Complaint:
    parts = dict(_ATTRIBUTE.findall(attributes))
    parts |= {name.lower(): unescape(text).strip() for name, text in _CHILD.findall(inner)}
    return _complaint(parts)


def _complaint(parts: Mapping[str, Any]) -> Complaint:
    message, detail = str(parts.get("message") or ""), str(parts.get("detail") or "")
    code = str(parts.get("code") or "").lstrip("0")
    if not code and (found := _NUMBER_IN_MESSAGE.search(message)):
        code = found[1]
    return Complaint(code, message, "" if detail == "null" else detail, str(parts.get("element") or ""))
