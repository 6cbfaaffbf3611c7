"""The one catalogue of what Intuit says when it refuses: number and text in, kind, our sentence and who mends it out.

Pure values. Numbers and parts of texts are those of recorded answers (reference 8.2). A sentence is for a bookkeeper
and names no number of Intuit's; that one, and Intuit's own words, stay in the attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.quickbooks import errors
from app.quickbooks.errors import QuickBooksError


class Mends(StrEnum):
    """Where the mending is done."""

    RECORD = "record"
    """The document, client or service that was told."""
    REFERENCE = "reference"
    """A customer, item or tax code that it names; which one is found by looking."""
    TAX = "tax"
    """The mapping of tax codes."""
    NUMBER = "number"
    NAME = "name"
    CLOSED_BOOKS = "closed_books"
    COMPANY = "company"
    CONNECTION = "connection"
    ITSELF = "itself"
    """It heals, or the engine mends it."""


@dataclass(frozen=True)
class Saying:
    """One thing that Intuit says. `part` is a part of its text, where one number says many things.

    `sentence` may name {field}, {record} and {words}, Intuit's own.
    """

    code: str
    kind: type[QuickBooksError]
    sentence: str
    mends: Mends = Mends.RECORD
    part: str = ""


_OURS = "That is a fault in Counterfoil, not in your books; the sync log has the details for our support."

SAYINGS: tuple[Saying, ...] = (
    Saying("500", errors.Refused, f"QuickBooks does not know this kind of call. {_OURS}"),
    Saying(
        "610",
        errors.NotFound,
        "It was deleted in QuickBooks.",
        Mends.RECORD,
        "Another user has deleted this transaction",
    ),
    Saying(
        "610",
        errors.NotFound,
        "QuickBooks does not find it, or a customer, item or account that it names was made inactive there.",
        Mends.REFERENCE,
    ),
    Saying("2010", errors.Refused, f"QuickBooks does not take the property {{field}}. {_OURS}"),
    Saying("2020", errors.Refused, "QuickBooks wants something that is missing: {field}."),
    Saying("2030", errors.Refused, f"QuickBooks does not take the id it was given. {_OURS}"),
    Saying("2050", errors.Refused, "A text is too long for QuickBooks ({field}). Shorten it and send it again."),
    Saying("2080", errors.Refused, "QuickBooks can't read a number ({field}). Correct it and send it again."),
    Saying("2090", errors.Refused, "QuickBooks can't read a number ({field}). Correct it and send it again."),
    Saying("2170", errors.Refused, f"QuickBooks does not know the choice it was given ({{field}}). {_OURS}"),
    Saying("2410", errors.Refused, "It is in a foreign currency, and QuickBooks wants an exchange rate for it."),
    Saying(
        "2500",
        errors.Refused,
        "It names something that QuickBooks does not have, or that was made inactive there{record}.",
        Mends.REFERENCE,
    ),
    Saying("4000", errors.Refused, f"QuickBooks did not understand our question. {_OURS}"),
    Saying("4001", errors.Refused, f"QuickBooks did not understand our question. {_OURS}"),
    Saying("5010", errors.Stale, "It was changed in QuickBooks since we last saw it.", Mends.ITSELF),
    Saying(
        "6000",
        errors.TryLater,
        "Somebody else was saving in QuickBooks at that moment.",
        Mends.ITSELF,
        "one name at a time",
    ),
    Saying(
        "6000",
        errors.UnknownOutcome,
        "QuickBooks had a fault while saving it; nobody can say yet whether it was saved.",
        Mends.ITSELF,
        "Please wait a few minutes",
    ),
    Saying(
        "6000",
        errors.Refused,
        "QuickBooks wants a tax code on every line. Check which tax codes yours are mapped to.",
        Mends.TAX,
        "have a VAT rate before you save",
    ),
    Saying(
        "6000",
        errors.Refused,
        "QuickBooks wants a tax code on every line. Check which tax codes yours are mapped to.",
        Mends.TAX,
        "need a tax rate",
    ),
    Saying(
        "6000",
        errors.Refused,
        "Its currency is not the currency of this customer in QuickBooks.",
        Mends.RECORD,
        "one foreign currency per transaction",
    ),
    Saying(
        "6000",
        errors.Refused,
        "A customer or item that it names was deleted in QuickBooks.",
        Mends.REFERENCE,
        "list element that has been deleted",
    ),
    Saying(
        "6000",
        errors.Refused,
        "Something that it names is no longer in QuickBooks; somebody may have deleted it there.",
        Mends.REFERENCE,
        "is no longer available",
    ),
    Saying("6000", errors.Refused, "QuickBooks wants an amount in it.", Mends.RECORD, "must set a transaction amount"),
    Saying("6000", errors.Refused, "QuickBooks wants more lines in it.", Mends.RECORD, "at least two detail lines"),
    Saying(
        "6000",
        errors.Refused,
        "The customer it goes to is of the wrong kind in QuickBooks: a supplier or an employee.",
        Mends.REFERENCE,
        "type of name assigned to this transaction",
    ),
    Saying("6000", errors.Refused, "QuickBooks refused it and says: {words}"),
    Saying(
        "6070",
        errors.Refused,
        "In one line, quantity times price is not exactly the line's amount, and QuickBooks insists on that.",
    ),
    Saying("6140", errors.NumberTaken, "Its number is already used in QuickBooks.", Mends.NUMBER),
    Saying(
        "6190",
        errors.CompanyReadOnly,
        "The QuickBooks subscription has ended or is not paid, so nothing can be added there.",
        Mends.COMPANY,
    ),
    Saying("6210", errors.ClosedBooks, "The books are closed in QuickBooks for its date.", Mends.CLOSED_BOOKS),
    Saying("6240", errors.NameTaken, "Its name is already used in QuickBooks.", Mends.NAME),
    Saying(
        "6540",
        errors.Refused,
        "It is part of a bank deposit in QuickBooks. Take it out of the deposit there, then send it again.",
    ),
    Saying(
        "10000",
        errors.UnknownOutcome,
        "QuickBooks had a fault of its own; nobody can say yet whether it was saved.",
        Mends.ITSELF,
    ),
    Saying("3001", errors.Throttled, "QuickBooks is busy and asked us to wait a minute.", Mends.ITSELF),
    Saying(
        "100",
        errors.ReconnectNeeded,
        "QuickBooks does not accept our permission any more. An administrator must reconnect it.",
        Mends.CONNECTION,
    ),
    Saying(
        "120",
        errors.ReconnectNeeded,
        "The person who connected QuickBooks may no longer use this company. Somebody who may must reconnect it.",
        Mends.CONNECTION,
    ),
    Saying(
        "130",
        errors.TryLater,
        "QuickBooks is moving this company to another of its servers.",
        Mends.ITSELF,
    ),
    Saying(
        "3100",
        errors.ReconnectNeeded,
        "These keys may not open this company: it is not connected to them, or they belong to the other world"
        " (Production and Sandbox have keys of their own). An administrator must reconnect it.",
        Mends.CONNECTION,
    ),
    Saying(
        "3200",
        errors.ReconnectNeeded,
        "QuickBooks does not accept our permission any more. An administrator must reconnect it.",
        Mends.CONNECTION,
    ),
)
"""Of one number, the sayings with a part of its text come before the one for all other texts."""

_UNHEARD = Saying("", errors.Refused, "QuickBooks refused it and says: {words}")


def saying(code: str, text: str) -> Saying:
    """What this number with this text of Intuit's means; a number nobody has heard is a refusal in Intuit's words."""
    return next((one for one in SAYINGS if one.code == code and one.part in text), _UNHEARD)


def in_words(one: Saying, facts: Mapping[str, str]) -> str:
    """The sentence of a saying with its facts: field, record, words."""
    record = f" ({facts['record']})" if facts.get("record") else ""
    told = {"field": facts.get("field") or "it does not say which", "words": facts.get("words") or "nothing more"}
    return one.sentence.format(**told, record=record)
