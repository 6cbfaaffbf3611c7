"""Permission from Intuit."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from app.foundation.clock import HeldClock
from app.foundation.sealing import Secret
from app.foundation.settings import Settings
from app.quickbooks import errors
from app.quickbooks.apps import AppKeys
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Environment
from app.quickbooks.ports import HttpAnswer, HttpRequest, NotSentError, UnknownOutcomeError
from tests.quickbooks.intuit import DISCOVERY, Intuit, Said, answer, tokens
from tests.world import World

CALLBACK = "https://portal.example/quickbooks/callback"


@pytest.fixture
def keys(quickbooks: QuickBooks, northgate: World, held: HeldClock) -> AppKeys:
    return quickbooks.apps.shared(Environment.SANDBOX)


def test_a_person_is_sent_to_intuit_with_one_scope(quickbooks: QuickBooks, keys: AppKeys) -> None:
    url = urlsplit(quickbooks.oauth.authorization_url(keys, CALLBACK, "state-1"))
    assert f"{url.scheme}://{url.netloc}{url.path}" == DISCOVERY["authorization_endpoint"]
    assert parse_qs(url.query) == {
        "client_id": ["client-1"],
        "response_type": ["code"],
        "redirect_uri": [CALLBACK],
        "scope": ["com.intuit.quickbooks.accounting"],
        "state": ["state-1"],
    }


def test_a_code_becomes_tokens(quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit) -> None:
    grant = quickbooks.oauth.exchange(keys, "a code/1", CALLBACK)
    assert (grant.access_token.value, grant.refresh_token.value) == ("access-1", "refresh-1")
    assert (grant.access_seconds, grant.refresh_seconds) == (3600, 8726400)
    (request,) = intuit.granted
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"client-1:client-secret-1").decode()
    assert parse_qs(request.body.decode())["code"] == ["a code/1"]
    assert "secret" not in request.url


def test_a_refresh_sends_the_refresh_token_in_the_body(quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit) -> None:
    quickbooks.oauth.refresh(keys, Secret("refresh-0"))
    assert intuit.granted[0].body == b"grant_type=refresh_token&refresh_token=refresh-0"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (answer({"error": "invalid_grant"}, 400), errors.ReconnectNeeded),
        (answer({"error": "invalid_client"}, 401), errors.AppKeysRefused),
        (answer({"error": "unauthorized_client"}, 400), errors.AppKeysRefused),
        (answer({"error": "invalid_request"}, 400), errors.TryLater),
        (answer("<html>", 503), errors.TryLater),
        (answer("{}", 200), errors.TryLater),
        (NotSentError("no route"), errors.TryLater),
        (UnknownOutcomeError("timed out"), errors.TryLater),
    ],
)
def test_each_answer_of_the_token_server_is_one_kind(
    said: Said, kind: type[Exception], *, quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit
) -> None:
    intuit.token_answers = [said]
    with pytest.raises(kind) as trouble:
        quickbooks.oauth.refresh(keys, Secret("refresh-0"))
    assert type(trouble.value) is kind


def test_an_answer_without_a_lifetime_of_the_refresh_token_means_a_hundred_days(
    quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit
) -> None:
    intuit.token_answers = [answer({"access_token": "a", "expires_in": 3600, "refresh_token": "r"})]
    assert quickbooks.oauth.refresh(keys, Secret("refresh-0")).refresh_seconds == 8_640_000


@pytest.mark.parametrize(("status", "fine"), [(200, True), (400, True), (503, False)])
def test_a_token_that_intuit_does_not_know_is_as_good_as_revoked(
    status: int, *, fine: bool, quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit
) -> None:
    intuit.token_answers = [answer("", status)]
    if fine:
        quickbooks.oauth.revoke(keys, Secret("refresh-0"))
    else:
        with pytest.raises(errors.TryLater):
            quickbooks.oauth.revoke(keys, Secret("refresh-0"))
    assert intuit.granted[0].body == b'{"token":"refresh-0"}'


def test_the_discovery_document_is_read_once_a_day(
    quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit, held: HeldClock
) -> None:
    read: list[str] = []
    intuit.on_call = lambda request: read.append(request.url)
    for _day in range(2):
        quickbooks.oauth.places(keys.discovery_url)
        quickbooks.oauth.places(keys.discovery_url)
        held.sleep(86_400)
    assert read == [keys.discovery_url] * 2


class Silent:
    """A line that breaks from a certain call on."""

    def __init__(self, good_calls: int) -> None:
        self.good_calls = good_calls

    def send(self, request: HttpRequest) -> HttpAnswer:
        self.good_calls -= 1
        if self.good_calls < 0:
            raise NotSentError("no route")
        return answer(DISCOVERY)


def test_without_the_document_the_addresses_of_yesterday_do(settings: Settings, keys: AppKeys, held: HeldClock) -> None:
    oauth = QuickBooks(Silent(1), settings, settings.sealer()).oauth
    known = oauth.places(keys.discovery_url)
    held.sleep(90_000)
    assert oauth.places(keys.discovery_url) == known
    with pytest.raises(errors.TryLater):
        QuickBooks(Silent(0), settings, settings.sealer()).oauth.places(keys.discovery_url)


def test_a_document_that_makes_no_sense_is_told(settings: Settings, keys: AppKeys) -> None:
    class Odd:
        def send(self, request: HttpRequest) -> HttpAnswer:
            return answer({"issuer": "x"})

    with pytest.raises(errors.TryLater, match="discovery"):
        QuickBooks(Odd(), settings, settings.sealer()).oauth.places(keys.discovery_url)


def test_tokens_do_not_show_themselves() -> None:
    assert "access-1" not in repr(tokens("access-1", "refresh-1"))
