"""The fault matrix: every fault at every call of the path, and what must come of it. Values only.

A row is a fault, a column a call, a cell the name of an end. `test_fault_matrix` plays each cell over the simulator;
a new kind of trouble, a new call or an empty cell fails it. A hyphen and a reason mean that it can't happen there.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.quickbooks import errors


@dataclass(frozen=True)
class Fault:
    """What goes wrong: its kind, how it is ordered from the simulator, and a part of the sentence it leads to.

    `member` is how one member of a batch is struck, `token` the word of the token endpoint.
    """

    kind: type[errors.QuickBooksError]
    effect: str
    says: str
    code: str = ""
    detail: str = ""
    member: str = ""
    token: str = ""
    times: int = 1
    status: int = 0
    """The HTTP status, where it is not the usual one."""
    month_is_spent: bool = False
    """Whether the app's reads of the month are used up by our own count."""


_BUSY = "Business Validation Error: You can only add or edit one name at a time. Please try again."
_PERHAPS = "Business Validation Error: An unexpected error occurred. Please wait a few minutes and try again."
_DELETED = "Object Not Found : Another user has deleted this transaction."
_VAT = "Business Validation Error: Make sure all your transactions have a VAT rate before you save."
_UNKNOWN = "Nobody can say yet"


def _fault(kind: type[errors.QuickBooksError], code: str, says: str, detail: str = "") -> Fault:
    return Fault(kind, "fault", says, code=code, detail=detail, member="member_fault")


FAULTS: dict[str, Fault] = {
    "somebody saves": _fault(errors.TryLater, "6000", "Somebody else was saving", _BUSY),
    "is being moved": Fault(errors.TryLater, "wrong_cluster", "is moving this company"),
    "keys refused": Fault(errors.AppKeysRefused, "fault", "does not accept the client id", token="invalid_client"),
    "throttled": Fault(errors.Throttled, "throttle", "asked us to wait", code="3001", member="member_fault"),
    "reads spent": Fault(errors.ReadsSpent, "throttle", "The reads that Intuit allows", month_is_spent=True),
    "token expired": Fault(errors.ReconnectNeeded, "unauthorized", ""),
    "permission gone": Fault(errors.ReconnectNeeded, "unauthorized", "must", token="invalid_grant", times=2),
    "wrong environment": Fault(errors.ReconnectNeeded, "forbidden", "keys may not open this company"),
    "no administrator": Fault(errors.ReconnectNeeded, "no_access", "may no longer use this company", times=2),
    "stale": _fault(errors.Stale, "5010", "changed in QuickBooks"),
    "number taken": _fault(errors.NumberTaken, "6140", "is already used in QuickBooks"),
    "name taken": _fault(errors.NameTaken, "6240", "is taken"),
    "not understood": _fault(errors.Refused, "2010", "does not take the property"),
    "refused with 200": Fault(
        errors.Refused, "fault", "does not take the property", code="2010", member="member_fault", status=200
    ),
    "wrong amount": _fault(errors.Refused, "6070", "quantity times price"),
    "no VAT rate": _fault(errors.Refused, "6000", "tax code on every line", _VAT),
    "in a deposit": _fault(errors.Refused, "6540", "bank deposit"),
    "bad reference": _fault(errors.Refused, "2500", "does not have, or that was made inactive"),
    "bad question": _fault(errors.Refused, "4001", "did not understand our question"),
    "inactive": _fault(errors.NotFound, "610", "made inactive"),
    "deleted there": _fault(errors.NotFound, "610", "removed in QuickBooks", _DELETED),
    "books closed": _fault(errors.ClosedBooks, "6210", "books are closed"),
    "read-only": _fault(errors.CompanyReadOnly, "6190", "subscription has ended"),
    "server fault": Fault(errors.UnknownOutcome, "server_error_after", _UNKNOWN, member="member_lost"),
    "perhaps saved": _fault(errors.UnknownOutcome, "6000", "nobody can say yet", _PERHAPS),
    "lost before": Fault(errors.UnknownOutcome, "lost_before", _UNKNOWN),
    "lost after": Fault(errors.UnknownOutcome, "lost_after", _UNKNOWN),
    "half an answer": Fault(errors.UnknownOutcome, "half_answer", _UNKNOWN, member="member_missing"),
    "time-out": Fault(errors.UnknownOutcome, "stream_timeout", _UNKNOWN),
    "HTML of a proxy": Fault(errors.UnknownOutcome, "html_502", _UNKNOWN),
    "HTML with 200": Fault(errors.UnknownOutcome, "garbage", "could not be read"),
    "no line": Fault(errors.NotSent, "not_sent", "could not be reached"),
}

ENDS: dict[str, str] = {
    "sent": "done, tries 0",
    "sent-anew": "done, tries 1",
    "again": "waiting in 30 s, tries 1",
    "soon": "waiting in 60 s, tries 0",
    "later": "waiting in 3600 s, tries 0",
    "repeats": "sending in 30 s, tries 0",
    "rests": "sending in 60 s, tries 0",
    "reconnect": "sending now, tries 0, not connected",
    "itself": "parked itself, tries 0",
    "its-number": "parked number_itself, tries 0",
    "tax-codes": "parked tax_code, tries 0",
    "closed": "parked closed_books, tries 0",
    "company": "parked company_read_only, tries 0",
    "gone": "parked itself removed, tries 0",
    "taken-in": "applied, tries 0",
    "read-again": "waiting in 10 s, tries 1",
    "read-soon": "waiting in 60 s, tries 0",
    "read-later": "waiting in 3600 s, tries 0",
    "read-after": "waiting in 60 s, tries 0, not connected",
    "caught-up": "caught up",
    "behind": "behind, again in 900 s",
    "behind-soon": "behind, again in 60 s",
    "behind-later": "behind, again in 3600 s",
    "behind-after": "behind, again now, not connected",
    "compares": "compares instead",
}
"""The ends: the message's state, when it goes on (the longest pause that chance allows), what it waits for, tries
charged. "again" and those below it go on by themselves; what is parked waits for a person; "reconnect" for the company.
What is "behind" did not catch up with the company's changes, and its cursor stands where it stood."""

CANNOT: dict[str, str] = {
    "-oauth": "the token server answers in OAuth's own words, never with a Fault of the books",
    "-keys": "only the token server is shown the app's keys",
    "-reads": "a question changes nothing, so nothing can be refused, closed, stale or taken",
    "-writes": "it asks nothing",
    "-metered": "it asks nothing, and only questions are metered",
    "-whole": "it is told about one member of a batch, never about the call",
    "-line": "a batch travels and is admitted as a whole",
    "-list": "an entry of a list has no number, date, line or tax",
    "-names": "a document has no name of its own",
    "-new": "it is not there yet, so nothing can have happened to it",
    "-keeps": "the number is left out of it: it stays what it is",
    "-void": "it says nothing but the id",
}
"""Why a fault can't happen at a call."""

_TABLE = """
                   refresh   look-up  customer   item       single     batch      member     update     void       payment    changes
somebody saves     -oauth    -reads   again      again      again      -whole     again      again      again      -reads     -reads
is being moved     -oauth    soon     again      again      again      again      -line      again      again      read-again behind
keys refused       repeats   -keys    -keys      -keys      -keys      -keys      -keys      -keys      -keys      -keys      -keys
throttled          repeats   soon     rests      rests      rests      rests      soon       rests      rests      read-soon  behind-soon
reads spent        -oauth    later    -metered   -metered  -metered   -metered   -metered   -metered   -metered   read-later behind-later
token expired      -oauth    sent     sent       sent       sent       sent       -line      sent       sent       taken-in   caught-up
permission gone    reconnect reconnect reconnect reconnect  reconnect  reconnect  -line      reconnect  reconnect  read-after behind-after
wrong environment  -oauth    reconnect reconnect reconnect  reconnect  reconnect  -line      reconnect  reconnect  read-after behind-after
no administrator   -oauth    reconnect reconnect reconnect  reconnect  reconnect  -line      reconnect  reconnect  read-after behind-after
stale              -oauth    -reads   -new       -new       -new       -whole     -new       sent-anew  sent-anew  -reads     -reads
number taken       -oauth    -reads   -list      -list      its-number -whole     its-number -keeps     -void      -reads     -reads
name taken         -oauth    -reads   itself     itself     -names     -whole     -names     -names     -void      -reads     -reads
not understood     -oauth    -reads   itself     itself     itself     sent-anew  itself     itself     itself     -reads     -reads
refused with 200   -oauth    -reads   itself     itself     itself     sent-anew  itself     itself     itself     -reads     -reads
wrong amount       -oauth    -reads   -list      -list      itself     -whole     itself     itself     -void      -reads     -reads
no VAT rate        -oauth    -reads   -list      -list      tax-codes  -whole     tax-codes  tax-codes  -void      -reads     -reads
in a deposit       -oauth    -reads   -list      -list      -new       -whole     -new       itself     itself     -reads     -reads
bad reference      -oauth    -reads   itself     itself     itself     -whole     itself     itself     -void      -reads     -reads
bad question       -oauth    itself   -writes    -writes    -writes    -writes    -writes    -writes    -writes    read-again compares
inactive           -oauth    -reads   itself     itself     itself     -whole     itself     itself     itself     -reads     -reads
deleted there      -oauth    -reads   -new       -new       -new       -whole     -new       gone       gone       -reads     -reads
books closed       -oauth    -reads   -list      -list      closed     -whole     closed     closed     closed     -reads     -reads
read-only          -oauth    -reads   company    company    company    company    company    company    company    -reads     -reads
server fault       repeats   soon     repeats    repeats    repeats    repeats    sent       repeats    repeats    read-again behind
perhaps saved      -oauth    -reads   repeats    repeats    repeats    -whole     sent-anew  repeats    repeats    -reads     -reads
lost before        repeats   soon     repeats    repeats    repeats    repeats    -line      repeats    repeats    read-again behind
lost after         repeats   soon     repeats    repeats    repeats    repeats    -line      repeats    repeats    read-again behind
half an answer     repeats   soon     repeats    repeats    repeats    repeats    sent       repeats    repeats    read-again behind
time-out           repeats   soon     repeats    repeats    repeats    repeats    -line      repeats    repeats    read-again behind
HTML of a proxy    repeats   soon     repeats    repeats    repeats    repeats    -line      repeats    repeats    read-again behind
HTML with 200      repeats   soon     repeats    repeats    repeats    repeats    -line      repeats    repeats    read-again behind
no line            repeats   soon     repeats    repeats    repeats    repeats    -line      repeats    repeats    read-again behind
"""  # noqa: E501 - one line a fault, one column a call


def _cells() -> dict[tuple[str, str], str]:
    head, *rows = [line for line in _TABLE.splitlines() if line.strip()]
    columns = head.split()
    table = {row[:_NAMES].strip(): row[_NAMES:].split() for row in rows}
    return {(name, call): end for name, ends in table.items() for call, end in zip(columns, ends, strict=True)}


_NAMES = 19
"""Characters of the table's first column."""
CELLS = _cells()
"""{(fault, call): the name of its end, or why it can't be}."""


def sentence(fault: Fault, call: str, end: str) -> str:
    """A part of what a person must read; empty where nothing is wrong (any more)."""
    if end in {"sent", "sent-anew", "taken-in", "caught-up", "compares", "read-soon", "read-later", "read-after"}:
        return ""
    if call == "look-up" and end == "itself":
        return "name is already used"
    if call == "refresh" and not fault.token:
        return "sign-in service"
    if call == "changes" and issubclass(fault.kind, errors.UnknownOutcome | errors.NotSent):
        return "QuickBooks did not answer"
    return fault.says
