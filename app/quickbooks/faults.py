"""The one place that reads Intuit's complaints and decides which of our few kinds each one is (pure).

Numbers and texts are those of recorded answers. 5xx, a time-out of the gateway and a 200 that cannot be read all mean
that nobody knows whether it was saved.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.quickbooks import masking, wire
from app.quickbooks.complaints import Complaint, in_payload, in_xml
from app.quickbooks.errors import (
    Evidence,
    NumberTaken,
    QuickBooksError,
    ReconnectNeeded,
    Refused,
    Throttled,
    TryLater,
    UnknownOutcome,
)
from app.quickbooks.ports import HttpAnswer
from app.quickbooks.reading import parts, text
from app.quickbooks.sayings import in_words, saying

PAUSE_SECONDS = 60.0
"""Intuit's own advice after 429; no recording shows it sending Retry-After."""
_LONGEST_PAUSE_SECONDS = 86_400.0

_TAKEN_BY = re.compile(r"TxnType=(.+?) with TxnId=(\d+)")
_MISSING_RECORD = re.compile(r"Invalid Reference Id : (\w+) element id (\S+) not found")
_FIELD = re.compile(r"Unrecognized field \"(\w+)\"|Required parameter (\w+) is missing")
_PREFIX = re.compile(r"^[\w ,.]+ ?: (?=\S)")


def read_answer(answer: HttpAnswer, now: datetime) -> Any:
    """The parsed JSON of a good answer, fractions as Decimal. Raises the one kind of QuickBooksError that fits.

    `now` gives a meaning to a Retry-After that is a date.
    """
    payload, complaints = _open(answer.body)
    if complaints or not 200 <= answer.status < 300:
        raise _kind_of_answer(answer, complaints, now)
    if not isinstance(payload, Mapping):
        raise UnknownOutcome(
            "QuickBooks' answer could not be read; it is asked again by itself, and nothing is made twice.",
            _evidence(answer),
        )
    return payload


def batch_members(payload: Mapping[str, Any], bids: Sequence[str]) -> dict[str, Any]:
    """{bId: its part of the answer, or the QuickBooksError it ended with}, for every bId that was sent.

    A member that the answer does not mention, or mentions twice, has an unknown outcome.
    """
    told: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for member in parts(payload, "BatchItemResponse"):
        told[text(member, "bId")].append(member)
    return {bid: _member(told[bid][0] if len(told[bid]) == 1 else None) for bid in bids}


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
        payload = wire.decode_foreign(body)
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
        pause = retry_after(answer.header("Retry-After"), now)
        return Throttled(pause, saying("3001", "").sentence, _told(evidence, first))
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
    """Without a readable complaint it is what a 401 says most often: the token is no good."""
    first = complaints[0] if complaints else Complaint(code="3200")
    told = _told(evidence, *complaints[:1])
    said = saying(first.code, told.detail)
    if said.kind is TryLater:
        return TryLater(said.sentence, told)
    return ReconnectNeeded(said.sentence if said.kind is ReconnectNeeded else "", told)


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
    """The error that the catalogue says, with our own sentence; Intuit's text stays in the evidence."""
    said = saying(complaint.code, evidence.detail)
    pointed = _MISSING_RECORD.search(evidence.detail)
    record = " ".join(pointed.groups()) if pointed else ""
    words = _PREFIX.sub("", masking.mask(complaint.detail))
    facts = {
        "field": _field(evidence),
        "record": record,
        "words": complaint.message if words in {"", "null"} else words,
    }
    sentence = in_words(said, facts)
    if said.kind is Throttled:
        return Throttled(PAUSE_SECONDS, sentence, evidence)
    if said.kind is NumberTaken:
        owner = _TAKEN_BY.search(evidence.detail)
        txn_type, txn_id = owner.groups() if owner else ("", "")
        return NumberTaken(sentence, evidence, txn_type=txn_type, txn_id=txn_id)
    if said.kind is Refused:
        return Refused(sentence, evidence, field=facts["field"], record=record)
    return said.kind(sentence, evidence)


def _field(evidence: Evidence) -> str:
    named = _FIELD.search(evidence.detail)
    return (named and (named[1] or named[2])) or evidence.element
