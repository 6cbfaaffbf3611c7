"""Calls on behalf of a connection, through all three coats."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, end_reading, transaction
from app.foundation.sealing import Secret
from app.quickbooks import calls, errors
from app.quickbooks.client import QuickBooks
from app.quickbooks.counters import reads_this_month
from app.quickbooks.lease import Lease, release, take_lease
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.oauth import Grant
from app.quickbooks.panel import panel
from app.quickbooks.ports import HttpRequest, NotSentError, UnknownOutcomeError
from app.quickbooks.realm import Realm
from app.quickbooks.statements import EVEN_INACTIVE
from tests.quickbooks.conftest import REALM
from tests.quickbooks.intuit import API, TID, Intuit, Said, answer

MADE = answer({"Customer": {"Id": "60", "SyncToken": "0"}, "time": "x"})
CREATE = calls.create("Customer", {"DisplayName": "Harbour Cafe"})
EXPIRED = answer({"fault": {"error": [{"code": "3200", "detail": "Token expired: eyJabcdefgh"}]}}, 401)
FORBIDDEN = answer({"fault": {"error": [{"code": "3100", "message": "ApplicationAuthorizationFailed"}]}}, 403)
TIED_ANEW = Grant(Secret("access-7"), 3600, refresh_token=Secret("refresh-7"), refresh_seconds=8_640_000)
COMPANY = answer({"CompanyInfo": {"CompanyName": "Northgate Books", "Country": "GB"}})
PREFERENCES = answer({"Preferences": {"CurrencyPrefs": {"HomeCurrency": {"value": "GBP"}}}})


@pytest.fixture
def lease(connection_id: int) -> Iterator[Lease]:
    lease = take_lease(REALM, "anna", clock.now(), 25)
    assert lease is not None
    yield lease
    release(lease)


def state(connection_id: int) -> ConnectionState:
    """Read the connection's state anew."""
    end_reading()
    return db.session.get_one(Connection, connection_id).state


def rows(*ids: int) -> Any:
    """Answer a query with these records."""
    return answer({"QueryResponse": {"Term": [{"Id": str(number)} for number in ids]}})


def test_a_write_is_one_call_with_its_request_id(
    held: HeldClock, quickbooks: QuickBooks, connection_id: int, *, intuit: Intuit, lease: Lease
) -> None:
    intuit.answers = [MADE]
    got = quickbooks.ask(connection_id, CREATE, "request 1", lease=lease)
    assert intuit.last.url == f"{API}/v3/company/1234/customer?requestid=request%201"
    assert (intuit.last.body, intuit.last.timeout_seconds) == (CREATE.body, 20)
    assert intuit.last.headers == {
        "Accept": "application/json",
        "Authorization": "Bearer access-0",
        "Content-Type": "application/json",
    }
    assert (got.json["Customer"]["Id"], got.tid, got.status, got.seconds) == ("60", TID, 200, 0.25)
    assert (got.sent_bytes, json.loads(got.excerpt)["time"]) == (CREATE.body, "x")


def test_a_write_without_the_lease_never_leaves(quickbooks: QuickBooks, connection_id: int, intuit: Intuit) -> None:
    with pytest.raises(ValueError, match="lease"):
        quickbooks.ask(connection_id, CREATE, "request-1")
    assert intuit.asked == []


def test_after_a_401_the_same_bytes_go_again_with_a_new_token(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit, lease: Lease
) -> None:
    intuit.answers = [EXPIRED, MADE]
    quickbooks.ask(connection_id, CREATE, "request-1", lease=lease)
    first, second = intuit.asked
    assert (first.url, first.body) == (second.url, second.body)
    assert second.headers["Authorization"] == "Bearer access-1"
    assert panel(REALM, clock.now()).minutes[-1].requests == 2


def test_a_second_401_loses_the_connection(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit, lease: Lease
) -> None:
    intuit.answers = [EXPIRED, EXPIRED]
    with pytest.raises(errors.ReconnectNeeded) as lost:
        quickbooks.ask(connection_id, CREATE, "request-1", lease=lease)
    assert lost.value.tid == TID
    assert state(connection_id) is ConnectionState.RECONNECT
    assert len(intuit.granted) == 1


def test_a_company_that_is_not_ours_loses_the_connection_at_once(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.answers = [FORBIDDEN]
    with pytest.raises(errors.ReconnectNeeded):
        quickbooks.read(connection_id, "Term", "3")
    assert state(connection_id) is ConnectionState.RECONNECT
    assert intuit.granted == []


@pytest.mark.parametrize("refusals", [[FORBIDDEN], [EXPIRED, EXPIRED]])
def test_a_refusal_of_the_old_token_leaves_a_company_that_was_tied_anew_meanwhile(
    refusals: list[Said], *, quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    def tie_anew_during_the_last(request: HttpRequest) -> None:
        if "/v3/" in request.url and len(intuit.answers) == 1:
            with transaction() as session:
                quickbooks.tokens.store(session, session.get_one(Connection, connection_id), TIED_ANEW)

    intuit.answers, intuit.on_call = list(refusals), tie_anew_during_the_last
    with pytest.raises(errors.ReconnectNeeded):
        quickbooks.read(connection_id, "Term", "3")
    assert state(connection_id) is ConnectionState.ACTIVE


def test_a_company_that_waits_for_a_person_is_not_called(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    quickbooks.tokens.lose(connection_id, "revoked")
    with pytest.raises(errors.ReconnectNeeded):
        quickbooks.read(connection_id, "Term", "3")
    assert intuit.asked == []


def test_after_429_nothing_leaves_until_the_pause_is_over(
    held: HeldClock, quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.answers = [answer("", 429, retry_after="45"), rows(3)]
    with pytest.raises(errors.Throttled) as throttled:
        quickbooks.ask(connection_id, calls.read("Term", "3"))
    assert throttled.value.retry_after_seconds == 45
    with pytest.raises(errors.Throttled, match="asked us to wait") as waiting:
        quickbooks.ask(connection_id, calls.read("Term", "3"))
    assert waiting.value.retry_after_seconds == pytest.approx(45)
    assert len(intuit.asked) == 1
    before = clock.now()
    quickbooks.ask(connection_id, calls.read("Term", "3"), patience_seconds=60)
    assert clock.now() - before >= timedelta(seconds=45)


@pytest.mark.parametrize(
    ("broken", "kind"), [(NotSentError("x"), errors.NotSent), (UnknownOutcomeError("x"), errors.UnknownOutcome)]
)
def test_a_broken_line_frees_the_read_slot(
    broken: Exception, kind: type[Exception], *, quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.answers = [broken, answer({"Term": {"Id": "3"}})]
    with pytest.raises(kind):
        quickbooks.read(connection_id, "Term", "3")
    assert panel(REALM, clock.now()).unknown_streak == 1
    assert quickbooks.read(connection_id, "Term", "3") == {"Id": "3"}


def test_records_are_paged_a_thousand_at_a_time(
    held: HeldClock, quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.answers = [rows(*range(1000)), rows(1000)]
    pages = list(quickbooks.pages(connection_id, "Term", (EVEN_INACTIVE,)))
    assert [len(page) for page in pages] == [1000, 1]
    assert intuit.parameters()["query"] == (
        "SELECT * FROM Term WHERE Active IN (true, false) ORDERBY Id STARTPOSITION 1001 MAXRESULTS 1000"
    )
    assert intuit.last.timeout_seconds == 60


def test_a_list_that_is_empty_has_no_page(quickbooks: QuickBooks, connection_id: int, intuit: Intuit) -> None:
    intuit.answers = [answer({"QueryResponse": {}})]
    assert list(quickbooks.pages(connection_id, "Term")) == []


def test_a_connection_is_tested_by_reading_only(quickbooks: QuickBooks, connection_id: int, intuit: Intuit) -> None:
    broken = answer({"Fault": {"Error": [{"code": "9", "Detail": "Not for you"}]}}, 400)
    intuit.answers = [COMPANY, PREFERENCES, rows(), broken, *[rows()] * 6]
    checks = {check.name: check for check in quickbooks.test_connection(connection_id)}
    assert checks["Company"].sentence == "Northgate Books (GB, GBP)"
    assert (checks["Subscription"].ok, checks["Customer"].ok) == (True, True)
    assert (checks["Item"].ok, checks["Item"].sentence, checks["Item"].tid) == (
        False,
        "QuickBooks refused it and says: Not for you",
        TID,
    )
    assert {request.method for request in intuit.asked} == {"GET"}
    assert {name for name, check in checks.items() if not check.tid} == {"Subscription"}  # no call of its own


def test_a_test_of_a_lost_connection_says_so(quickbooks: QuickBooks, connection_id: int) -> None:
    quickbooks.tokens.lose(connection_id, "revoked")
    (check,) = quickbooks.test_connection(connection_id)
    assert not check.ok
    assert "connect it again" in check.sentence


def test_a_subscription_that_has_ended_is_told(quickbooks: QuickBooks, connection_id: int, intuit: Intuit) -> None:
    ended = {"CompanyName": "N", "NameValue": [{"Name": "SubscriptionStatus", "Value": "EXPIRED"}]}
    intuit.answers = [answer({"CompanyInfo": ended}), PREFERENCES, *[rows()] * 8]
    assert "nothing can be added" in quickbooks.test_connection(connection_id)[1].sentence


def test_the_last_success_is_noted_at_most_once_a_minute(
    held: HeldClock, quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.answers = [answer({"Term": {"Id": "3"}})] * 3
    noted = []
    for _read in range(3):
        quickbooks.read(connection_id, "Term", "3")
        end_reading()
        noted.append(db.session.get_one(Connection, connection_id).last_success_at)
        held.move(timedelta(seconds=40))
    assert noted[0] == noted[1] != noted[2] == clock.now() - timedelta(seconds=40)


@pytest.mark.parametrize(("mode", "metered"), [("live", 2), ("test", 0)])
def test_only_good_reads_in_production_are_metered(
    mode: str, metered: int, *, held: HeldClock, quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    with transaction() as session:
        session.get_one(Connection, connection_id).mode = mode
    intuit.answers = [answer({"Term": {"Id": "3"}}), answer({"Term": {"Id": "3"}}), answer("", 500)]
    quickbooks.read(connection_id, "Term", "3")
    quickbooks.read(connection_id, "Term", "3")
    with pytest.raises(errors.UnknownOutcome):
        quickbooks.read(connection_id, "Term", "3")
    keys = quickbooks.apps.app_for(db.session.get_one(Connection, connection_id))
    assert reads_this_month(keys.client_id, clock.now()) == metered
    assert panel(Realm("1234", mode), clock.now()).minutes[-1].reads == 3


def test_a_silent_token_server_opens_the_breaker_as_quickbooks_silence_does(
    held: HeldClock, quickbooks: QuickBooks, connection_id: int, *, intuit: Intuit, lease: Lease
) -> None:
    held.move(timedelta(hours=2))
    lease = renewed(lease)
    for number in range(5):
        intuit.token_answers = [answer("<html>", 503)]
        with pytest.raises(errors.NotSent):
            quickbooks.ask(connection_id, CREATE, f"request-{number % 2}", lease=lease)
    assert panel(REALM, clock.now()).silent_until == clock.now() + timedelta(seconds=30)
    assert quickbooks.governor.is_silent(REALM)
    held.move(timedelta(seconds=30))
    intuit.answers = [MADE]
    quickbooks.ask(connection_id, CREATE, "request-1", lease=renewed(lease))
    assert not quickbooks.governor.is_silent(REALM)


def renewed(lease: Lease) -> Lease:
    """Take it anew, for the time that has passed."""
    release(lease)
    again = take_lease(REALM, "anna", clock.now(), 25)
    assert again is not None
    return again


def test_a_process_that_ends_lets_nothing_leave(
    held: HeldClock, quickbooks: QuickBooks, connection_id: int, *, intuit: Intuit, lease: Lease
) -> None:
    quickbooks.governor.close()
    with pytest.raises(errors.Throttled, match="stopped"):
        quickbooks.ask(connection_id, CREATE, "request-1", lease=lease)
    assert intuit.asked == []
