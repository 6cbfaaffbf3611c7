"""The line to Intuit as the rest of the room uses it: never with a transaction open, and its breaks are our kinds."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.foundation.database import end_reading, in_transaction
from app.foundation.logs import logger
from app.quickbooks import masking
from app.quickbooks.errors import Evidence, NotSent, UnknownOutcome
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest, NotSentError, UnknownOutcomeError


def send(http: Http, request: HttpRequest) -> HttpAnswer:
    """Send once. Raises NotSent or UnknownOutcome; RuntimeError when the caller holds a write transaction.

    An open read transaction is ended: what was read before is read anew afterwards.
    """
    end_reading()
    if in_transaction():
        raise RuntimeError("no transaction may be open while Intuit is on the line")
    try:
        answer = http.send(request)
    except NotSentError as problem:
        _log(request, outcome="not sent")
        raise NotSent(evidence=_evidence(problem)) from problem
    except UnknownOutcomeError as problem:
        _log(request, outcome="unknown")
        raise UnknownOutcome(evidence=_evidence(problem)) from problem
    _log(request, status=answer.status, intuit_tid=answer.tid, milliseconds=round(answer.seconds * 1000))
    return answer


def _log(request: HttpRequest, **outcome: str | int) -> None:
    """One line for each call: its place without the query, which may hold names, and never what it says."""
    logger().info("called QuickBooks", method=request.method, path=urlsplit(request.url).path, **outcome)


def _evidence(problem: Exception) -> Evidence:
    return Evidence(detail=masking.mask(str(problem)))
