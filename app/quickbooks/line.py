"""The line to Intuit as the rest of the room uses it: never with a transaction open, and its breaks are our kinds."""

from __future__ import annotations

from app.foundation.database import end_reading, in_transaction
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
        return http.send(request)
    except NotSentError as problem:
        raise NotSent(evidence=_evidence(problem)) from problem
    except UnknownOutcomeError as problem:
        raise UnknownOutcome(evidence=_evidence(problem)) from problem


def _evidence(problem: Exception) -> Evidence:
    return Evidence(detail=masking.mask(str(problem)))
