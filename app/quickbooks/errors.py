"""The kinds of trouble with QuickBooks: a kind says what to do next, not what Intuit called it."""

# ruff: noqa: N818 - a kind is named for what to do next, in the words of the design
from __future__ import annotations

from dataclasses import dataclass

from app.foundation.errors import BadInputError, ConflictError, PortalError


@dataclass(frozen=True)
class Evidence:
    """What Intuit said and when: for the attempt, the sync log and Intuit's support. Texts are masked already."""

    http_status: int = 0
    """Intuit's HTTP status; 0 when there was no answer. (`status` is what our own door answers.)"""
    code: str = ""
    detail: str = ""
    element: str = ""
    tid: str = ""
    seconds: float = 0.0
    excerpt: str = ""


_NOTHING_KNOWN = Evidence()


class QuickBooksError(PortalError):
    """QuickBooks could not be reached or did not agree."""

    status = 502

    def __init__(self, message: str = "", evidence: Evidence = _NOTHING_KNOWN) -> None:
        super().__init__(message)
        self.evidence = evidence

    @property
    def http_status(self) -> int:
        """Intuit's HTTP status; 0 when there was no answer."""
        return self.evidence.http_status

    @property
    def code(self) -> str:
        """Intuit's own number of the fault ("6240"), or an OAuth word ("invalid_grant"); may be empty."""
        return self.evidence.code

    @property
    def detail(self) -> str:
        """Intuit's own words."""
        return self.evidence.detail

    @property
    def element(self) -> str:
        """The property Intuit complains about; often empty."""
        return self.evidence.element

    @property
    def tid(self) -> str:
        """Intuit's number of the call."""
        return self.evidence.tid


class TryLater(QuickBooksError):
    """QuickBooks did not do it now, but may in a while. Nothing was saved."""


class AppKeysRefused(TryLater):
    """Intuit does not accept the client id or the client secret of the Intuit app."""


class Throttled(QuickBooksError):
    """The limit of calls for this company is used up; it is paused for a while. No try is lost."""

    status = 503

    def __init__(self, retry_after_seconds: float = 60, message: str = "", evidence: Evidence = _NOTHING_KNOWN) -> None:
        super().__init__(message, evidence)
        self.retry_after_seconds = retry_after_seconds


class ReadsSpent(TryLater):
    """The reads that Intuit allows its app in a month are spent: nothing can be read for now; writing goes on.

    They are asked for again after an hour; no try is lost by it.
    """

    def __init__(
        self, retry_after_seconds: float = 3600, message: str = "", evidence: Evidence = _NOTHING_KNOWN
    ) -> None:
        super().__init__(message, evidence)
        self.retry_after_seconds = retry_after_seconds


class ReconnectNeeded(QuickBooksError):
    """The permission to use this QuickBooks company is gone; an administrator must connect it again."""


class Stale(QuickBooksError):
    """The record was changed in QuickBooks since we last saw it."""


class NumberTaken(QuickBooksError):
    """The number is already used by another document in QuickBooks.

    `txn_type` ("Invoice", "Journal Entry") and `txn_id` are what Intuit names; empty when it named none.
    """

    def __init__(
        self,
        message: str = "",
        evidence: Evidence = _NOTHING_KNOWN,
        *,
        txn_type: str = "",
        txn_id: str = "",
    ) -> None:
        super().__init__(message, evidence)
        self.txn_type, self.txn_id = txn_type, txn_id


class NameTaken(QuickBooksError):
    """The name is already used by a customer, supplier or employee in QuickBooks."""


class Refused(QuickBooksError):
    """QuickBooks refused this record; a person must mend it.

    `field` is the property at fault, `record` what it pointed to ("Accounts 7"); both may be empty.
    """

    def __init__(
        self,
        message: str = "",
        evidence: Evidence = _NOTHING_KNOWN,
        *,
        field: str = "",
        record: str = "",
    ) -> None:
        super().__init__(message, evidence)
        self.field, self.record = field, record


class ClosedBooks(QuickBooksError):
    """The books are closed for this date in QuickBooks."""


class CompanyReadOnly(QuickBooksError):
    """The QuickBooks subscription has ended or is not paid; nothing can be added."""


class NotFound(QuickBooksError):
    """There is no such record in QuickBooks, or it was made inactive."""


class UnknownOutcome(QuickBooksError):
    """Nobody can say yet whether QuickBooks saved it; it is asked again by itself, and nothing is made twice.

    Only the same call with the same request id may follow.
    """

    status = 504


class NotSent(QuickBooksError):
    """QuickBooks could not be reached; nothing was sent."""

    status = 503


class FencedError(ConflictError):
    """Another process has taken over this company; what we were about to write is out of date."""


class RealmTakenError(ConflictError):
    """This QuickBooks company is already connected elsewhere in the portal; disconnect it there first."""


class BadDocumentError(BadInputError):
    """A record breaks a documented rule of the API; it was not sent. `field` is the path of the property."""
