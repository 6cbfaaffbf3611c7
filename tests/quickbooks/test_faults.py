"""Intuit's complaints, in its own words, and the kind each one is. Literal texts are recorded ones."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.quickbooks import errors, faults
from app.quickbooks.errors import QuickBooksError, Refused
from tests.quickbooks.intuit import TID, answer

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def fault(code: str, message: str, detail: str, element: str = "") -> dict[str, Any]:
    """Say it as the service does."""
    error = {"Message": message, "Detail": detail, "code": code, "element": element}
    return {"Fault": {"Error": [error], "type": "ValidationFault"}, "time": "2026-04-29T11:55:16.670-07:00"}


def gateway(code: str, message: str, detail: str | None, kind: str) -> dict[str, Any]:
    """Say it as the gateway does, with small letters."""
    error = {"message": message, "detail": detail, "code": code, "element": None}
    return {"warnings": None, "fault": {"error": [error], "type": kind}, "batchItemResponse": [], "time": 1601391072830}


def business(text: str) -> dict[str, Any]:
    """Say that a rule of bookkeeping was broken."""
    return fault(
        "6000",
        "A business validation error has occurred while processing your request",
        f"Business Validation Error: {text}",
    )


THROTTLED_XML = (
    '<IntuitResponse time="2016-12-07T06:58:00.166-08:00" xmlns="http://schema.intuit.com/finance/v3">'
    '<Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429'
    "</Message><Detail>The request limit was reached.  Try again later</Detail></Error></Fault></IntuitResponse>"
)
EXPIRED = gateway(
    "3200",
    "message=AuthenticationFailed; errorCode=003200; statusCode=401",
    "Token expired: eyJlbmMiOiJBMTI4Q0JDLUhTMjU2",
    "AUTHENTICATION",
)
FORBIDDEN = gateway("3100", "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403", None, "SERVICE")
GONE = "Object Not Found : Another user has deleted this transaction."
NO_ADMIN = ": -11014-You do not have access to use QuickBooks Online Plus."
STALE = (
    "Stale Object Error : You and Ann Archer were working on this at the same time. Ann Archer finished before you "
    "did, so your work was not saved."
)
TAKEN = (
    "Duplicate Document Number Error : You must specify a different number. This number has already been used. "
    "DocNumber=INV-7 is assigned to TxnType=Invoice with TxnId=17984"
)
SAVED_PERHAPS = (
    "An unexpected error occurred while accessing or saving your data. Please wait a few minutes and try again."
)
ENDED = (
    "Subscription period has ended or canceled or there was a billing problem : You can't add data to QuickBooks "
    "Online Plus because your trial or subscription period ended..."
)
CLOSED = (
    "The account period has closed and the account books cannot be updated through through the QBO Services API. "
    "Please use the QBO website to make these changes."
)

KINDS: list[tuple[int, Any, type[QuickBooksError]]] = [
    (400, fault("610", "Object Not Found", GONE), errors.NotFound),
    (400, fault("5010", "Stale Object Error", STALE), errors.Stale),
    (400, fault("6140", "Duplicate Document Number Error", TAKEN), errors.NumberTaken),
    (400, fault("6190", "Invalid Company Status", ENDED), errors.CompanyReadOnly),
    (400, fault("6210", "Account Period Closed, Cannot Update Through Services API", CLOSED), errors.ClosedBooks),
    (400, fault("6240", "Duplicate Name Exists Error", "The name supplied already exists. : null"), errors.NameTaken),
    (400, fault("2020", "Required param missing", "Required parameter Line is missing in the request"), Refused),
    (400, fault("9999", "Something new", "Never seen before"), Refused),
    (400, business("Make sure all your transactions have a VAT rate before you save."), Refused),
    (400, business("You can only add or edit one name at a time. Please try again."), errors.TryLater),
    (400, business(SAVED_PERHAPS), errors.UnknownOutcome),
    (400, fault("10000", "An application error has occurred", "System Failure Error: x"), errors.UnknownOutcome),
    (500, fault("10000", "An application error has occurred", "System Failure Error: x"), errors.UnknownOutcome),
    (401, EXPIRED, errors.ReconnectNeeded),
    (401, fault("120", "Authorization Failure", NO_ADMIN), errors.ReconnectNeeded),
    (401, fault("130", "Accessing Wrong Cluster", ""), errors.TryLater),
    (401, "", errors.ReconnectNeeded),
    (403, FORBIDDEN, errors.ReconnectNeeded),
    (403, {"x_error_reason": "user_not_in_realm"}, errors.ReconnectNeeded),
    (403, "<html>Access denied</html>", errors.TryLater),
    (429, THROTTLED_XML, errors.Throttled),
    (429, "", errors.Throttled),
    (403, THROTTLED_XML.replace("429", "403"), errors.Throttled),
    (400, fault("003001", "ThrottleExceeded", "The request limit was reached."), errors.Throttled),
    (403, gateway("", "message=ThrottleExceeded; errorCode=003001; statusCode=403", None, "SERVICE"), errors.Throttled),
    (200, fault("5010", "Stale Object Error", STALE), errors.Stale),
    (200, fault("3001", "ThrottleExceeded", "The request limit was reached."), errors.Throttled),
    (200, {"Fault": {"type": "SERVICE"}}, Refused),
    (400, {"Fault": {"Error": {"code": "5010", "Detail": STALE}}}, errors.Stale),
    (200, "stream timeout", errors.UnknownOutcome),
    (200, "[1, 2]", errors.UnknownOutcome),
    (200, "", errors.UnknownOutcome),
    (302, "", errors.UnknownOutcome),
    (404, "<html>Not Found</html>", errors.TryLater),
    (408, "", errors.UnknownOutcome),
    (413, "too large", Refused),
    (502, "<html>Bad Gateway</html>", errors.UnknownOutcome),
    (503, THROTTLED_XML.replace("3001", "9").replace("003001", "9"), errors.UnknownOutcome),
    (504, "stream timeout", errors.UnknownOutcome),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind"), KINDS)
def test_each_complaint_is_one_kind(status: int, body: Any, kind: type[QuickBooksError]) -> None:
    with pytest.raises(QuickBooksError) as trouble:
        faults.read_answer(answer(body, status), NOW)
    assert type(trouble.value) is kind
    assert (trouble.value.tid, trouble.value.http_status) == (TID, status)
    assert trouble.value.message


def test_a_good_answer_comes_back_with_exact_numbers() -> None:
    payload = faults.read_answer(answer('{"Invoice":{"TotalAmt":639.10},"time":"x"}'), NOW)
    assert str(payload["Invoice"]["TotalAmt"]) == "639.10"


def test_a_taken_number_names_its_owner() -> None:
    with pytest.raises(errors.NumberTaken) as taken:
        faults.read_answer(answer(fault("6140", "Duplicate", TAKEN.replace("Invoice", "Journal Entry")), 400), NOW)
    assert (taken.value.txn_type, taken.value.txn_id) == ("Journal Entry", "17984")


@pytest.mark.parametrize(
    ("detail", "element", "field", "record"),
    [
        ('Property Name:Unrecognized field "BadJson" (class com.intuit.schema.finance.v3.Invoice)', "", "BadJson", ""),
        ("Required parameter Line is missing in the request", "Line", "Line", ""),
        ("Invalid Reference Id : Accounts element id 7 not found", "", "", "Accounts 7"),
        ("Id should be a valid number. Supplied value:1.5", "Id", "Id", ""),
    ],
)
def test_a_refusal_names_what_is_wrong(detail: str, element: str, field: str, record: str) -> None:
    with pytest.raises(Refused) as refused:
        faults.read_answer(answer(fault("2010", "Invalid", detail, element), 400), NOW)
    assert (refused.value.field, refused.value.record) == (field, record)
    assert (refused.value.code, refused.value.element, refused.value.detail) == ("2010", element, detail)


@pytest.mark.parametrize(
    ("detail", "sentence"),
    [
        ("Business Validation Error: The moon is full.", "QuickBooks refused it and says: The moon is full."),
        ("null", "QuickBooks refused it and says: Message"),
        ("Business Validation Error: You must set a transaction amount.", "QuickBooks wants an amount in it."),
    ],
)
def test_a_sentence_for_a_person_lacks_the_prefix(detail: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        faults.read_answer(answer(fault("6000", "Message", detail), 400), NOW)
    assert refused.value.message == sentence
    assert refused.value.detail in {detail, "Message"}


def test_of_several_errors_the_telling_one_counts() -> None:
    missing = fault("2020", "Required param missing", "Required parameter Line is missing in the request")
    missing["Fault"]["Error"] += fault("6140", "Duplicate", TAKEN)["Fault"]["Error"]
    with pytest.raises(errors.NumberTaken):
        faults.read_answer(answer(missing, 400), NOW)


def test_no_token_stays_in_what_is_kept() -> None:
    with pytest.raises(errors.ReconnectNeeded) as refused:
        faults.read_answer(answer(EXPIRED, 401), NOW)
    kept = refused.value.evidence
    assert "eyJ" not in kept.excerpt + kept.detail + refused.value.message


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("", 60),
        ("7", 7),
        ("0", 1),
        ("soon", 60),
        ("999999", 86400),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 1),
    ],
)
def test_a_pause_is_as_long_as_intuit_says(header: str, seconds: float) -> None:
    with pytest.raises(errors.Throttled) as throttled:
        faults.read_answer(answer(THROTTLED_XML, 429, retry_after=header), NOW)
    assert throttled.value.retry_after_seconds == seconds


def test_each_member_of_a_batch_ends_by_itself() -> None:
    made = {"Vendor": {"Id": "1"}, "bId": "b1"}
    parts = [made, {**fault("610", "Object Not Found", "Object Not Found : x"), "bId": "b2"}]
    ends = faults.batch_members({"BatchItemResponse": parts, "time": "x"}, ["b1", "b2", "b3"])
    assert ends["b1"] == made
    assert isinstance(ends["b2"], errors.NotFound)
    assert isinstance(ends["b3"], errors.UnknownOutcome)


def test_a_member_that_is_told_twice_is_unknown() -> None:
    made, refused = {"Invoice": {"Id": "1"}, "bId": "b1"}, {**fault("6000", "no", "no"), "bId": "b1"}
    ends = faults.batch_members({"BatchItemResponse": [refused, made]}, ["b1"])
    assert isinstance(ends["b1"], errors.UnknownOutcome)


def test_a_throttled_member_of_a_batch_is_throttled() -> None:
    part = {**fault("3001", "ThrottleExceeded", "The request limit was reached."), "bId": "b1"}
    ends = faults.batch_members(json.loads(json.dumps({"BatchItemResponse": [part]})), ["b1"])
    assert isinstance(ends["b1"], errors.Throttled)


def test_an_answer_without_members_leaves_all_of_them_unknown() -> None:
    ends = faults.batch_members({"time": "x"}, ["b1", "b2"])
    assert all(isinstance(end, errors.UnknownOutcome) for end in ends.values())


def test_a_complaint_holds_nothing_that_no_database_stores() -> None:
    for body in (fault("2010", "A\0B", "x\0y"), THROTTLED_XML.replace("The request", "The\0 request")):
        with pytest.raises(QuickBooksError) as trouble:
            faults.read_answer(answer(body, status=400), NOW)
        assert "\0" not in trouble.value.message + trouble.value.detail + trouble.value.code
