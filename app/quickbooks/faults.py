"""The one place that reads Intuit's complaints and decides which of our few kinds each one is (pure).

Numbers and texts are those of recorded answers. 5xx, a time-out of the gateway and a 200 that cannot be read all mean
that nobody knows whether it was saved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.quickbooks import masking, wire
from app.quickbooks.complaints import Complaint, in_payload, in_xml
from app.quickbooks.errors import (
    ClosedBooks,
    CompanyReadOnly,
    Evidence,
    NameTaken,
    NotFound,
    NumberTaken,
    QuickBooksError,
    ReconnectNeeded,
    Refused,
    Stale,
    Throttled,
    TryLater,
    UnknownOutcome,
)
from app.quickbooks.ports import HttpAnswer

PAUSE_SECONDS = 60.0
"""Intuit's own advice after 429; no recording shows it sending Retry-After."""
_LONGEST_PAUSE_SECONDS = 86_400.0

_TAKEN_BY = re.compile(r"TxnType=(.+?) with TxnId=(\d+)")
_MISSING_RECORD = re.compile(r"Invalid Reference Id : (\w+) element id (\S+) not found")
_FIELD = re.compile(r"Unrecognized field \"(\w+)\"|Required parameter (\w+) is missing")
_PREFIX = re.compile(r"^[\w ,.]+ ?: (?=\S)")

_Kind = Callable[[str, Evidence], QuickBooksError]


def read_answer(answer: HttpAnswer, now: datetime) -> Any:
    """The parsed JSON of a good answer, fractions as Decimal. Raises the one kind of QuickBooksError that fits.

    `now` gives a meaning to a Retry-After that is a date.
    """
    payload, complaints = _open(answer.body)
    if complaints or not 200 <= answer.status < 300:
        raise _kind_of_answer(answer, complaints, now)
    if not isinstance(payload, Mapping):
        raise UnknownOutcome("QuickBooks' answer could not be read", _evidence(answer))
    return payload


def batch_members(payload: Mapping[str, Any], bids: Sequence[str]) -> dict[str, Any]:
    """{bId: its part of the answer, or the QuickBooksError it ended with}, for every bId that was sent.

    A member that the answer does not mention has an unknown outcome.
    """
    parts = {str(part.get("bId")): part for part in payload.get("BatchItemResponse") or [] if isinstance(part, Mapping)}
    return {bid: _member(parts.get(bid)) for bid in bids}


def retry_after(header: str, now: datetime) -> float:
    """Seconds to pause for a Retry-After in seconds or as a date, 1 to 86,400; 60 when absent or unreadable."""
    try:
        seconds = float(header) if header.strip().isdigit() else _seconds_until(parsedate_to_datetime(header), now)
    except ValueError:
        return PAUSE_SECONDS
    return min(max(seconds, 1.0), _LONGEST_PAUSE_SECONDS)


def _seconds_until(moment: datetime, now: datetime) -> float:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - now).total_seconds()


def _open(body: bytes) -> tuple[Any, list[Complaint]]:
    try:
        payload = wire.decode(body)
    except (ValueError, RecursionError):
        return None, in_xml(body.decode(errors="replace"))
    return payload, in_payload(payload)


def _evidence(answer: HttpAnswer) -> Evidence:
    return Evidence(
        http_status=answer.status, tid=answer.tid, seconds=answer.seconds, excerpt=masking.excerpt(answer.body)
    )


def _kind_of_answer(answer: HttpAnswer, complaints: list[Complaint], now: datetime) -> QuickBooksError:
    evidence = _evidence(answer)
    if _is_throttle(answer.status, complaints):
        first = complaints[0] if complaints else Complaint(code="3001")
        return Throttled(retry_after(answer.header("Retry-After"), now), evidence=_told(evidence, first))
    if answer.status >= 500 or answer.status == 408:
        return UnknownOutcome(evidence=_told(evidence, *complaints[:1]))
    if answer.status == 401 or "user_not_in_realm" in evidence.excerpt:
        return _access_refused(complaints, evidence)
    if complaints:
        return _kind_of(complaints, evidence)
    return _without_words(answer.status, evidence)


def _is_throttle(status: int, complaints: list[Complaint]) -> bool:
    """Old gateways said 403 for it, and its body need not be readable."""
    return status == 429 or (400 <= status < 500 and any(complaint.code == "3001" for complaint in complaints))


def _access_refused(complaints: list[Complaint], evidence: Evidence) -> QuickBooksError:
    if complaints and complaints[0].code == "130":
        return TryLater("QuickBooks is moving this company to another of its servers", _told(evidence, complaints[0]))
    return ReconnectNeeded(evidence=_told(evidence, *complaints[:1]))


def _without_words(status: int, evidence: Evidence) -> QuickBooksError:
    """An answer of the edge (HTML, empty): 403 and 404 are its rules, not the company's; a redirect is nobody's."""
    if status in {400, 405, 406, 411, 413, 414, 415, 422}:
        return Refused(f"QuickBooks refused the call with status {status}", evidence)
    if 400 <= status < 500:
        return TryLater(evidence=evidence)
    return UnknownOutcome(evidence=evidence)


def _member(part: Mapping[str, Any] | None) -> Any:
    if part is None:
        return UnknownOutcome("QuickBooks' answer does not mention this record")
    complaints = in_payload(part)
    if not complaints:
        return part
    excerpt = masking.mask(repr(part))[: masking.EXCERPT_CHARACTERS]
    return _kind_of(complaints, Evidence(http_status=200, excerpt=excerpt))


def _kind_of(complaints: list[Complaint], evidence: Evidence) -> QuickBooksError:
    """One Fault may hold several errors (6140 beside three 2020 was seen); the telling one is not a plain refusal."""
    kinds = [_kind(complaint, _told(evidence, complaint)) for complaint in complaints]
    return next((kind for kind in kinds if not isinstance(kind, Refused)), kinds[0])


def _told(evidence: Evidence, *complaints: Complaint) -> Evidence:
    for complaint in complaints:
        detail = masking.mask(complaint.detail or complaint.message)
        return replace(evidence, code=complaint.code, detail=detail, element=complaint.element)
    return evidence


def _kind(complaint: Complaint, evidence: Evidence) -> QuickBooksError:
    words = _PREFIX.sub("", masking.mask(complaint.detail))
    words = complaint.message if words in {"", "null"} else words
    for text, heals in _PASSING_TEXTS.items():
        if complaint.code == "6000" and text in complaint.detail:
            return heals(words, evidence)
    return _KINDS.get(complaint.code, _refused)(words, evidence)


def _refused(words: str, evidence: Evidence) -> QuickBooksError:
    named = _FIELD.search(evidence.detail)
    field = (named and (named[1] or named[2])) or evidence.element
    pointed = _MISSING_RECORD.search(evidence.detail)
    return Refused(words, evidence, field=field, record=" ".join(pointed.groups()) if pointed else "")


def _number_taken(words: str, evidence: Evidence) -> QuickBooksError:
    owner = _TAKEN_BY.search(evidence.detail)
    txn_type, txn_id = owner.groups() if owner else ("", "")
    return NumberTaken(words, evidence, txn_type=txn_type, txn_id=txn_id)


def _throttled(words: str, evidence: Evidence) -> QuickBooksError:
    return Throttled(PAUSE_SECONDS, words, evidence)


_PASSING_TEXTS: dict[str, _Kind] = {
    "one name at a time": TryLater,
    "Please wait a few minutes": UnknownOutcome,  # the record may have been saved all the same
}
_KINDS: dict[str, _Kind] = {
    "100": ReconnectNeeded,
    "120": ReconnectNeeded,
    "3100": ReconnectNeeded,
    "3200": ReconnectNeeded,
    "3001": _throttled,
    "610": NotFound,
    "5010": Stale,
    "6140": _number_taken,
    "6190": CompanyReadOnly,
    "6210": ClosedBooks,
    "6240": NameTaken,
    "10000": UnknownOutcome,
}
"""Every other number is a refusal that a person must mend."""
