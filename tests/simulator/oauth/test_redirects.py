"""Addresses a consent may lead back to: registered with the app, and compared to the letter (§1.2)."""

import pytest

from tests.simulator.client import NORTHGATE, Client, decoded

OURS = "https://portal.example/quickbooks/callback"
ASKED = {
    "client_id": "SIM-PRODUCTION-KEY", "redirect_uri": OURS, "response_type": "code",
    "scope": "com.intuit.quickbooks.accounting", "state": "s",
}  # fmt: skip


def asked(app: Client, address: str) -> int:
    return app.http.get("/connect/oauth2", query_string=ASKED | {"redirect_uri": address}).status_code


def test_before_any_is_registered_every_address_of_the_right_form_will_do(app: Client) -> None:
    assert [asked(app, one) for one in (OURS, "https://127.0.0.1/back", "http://far.example/")] == [200, 200, 400]


@pytest.mark.parametrize("address", [f"{OURS}/", f"{OURS}?a=1", OURS.upper(), "https://other.example/back"])
def test_only_what_is_registered_is_led_back_to(app: Client, address: str) -> None:
    app.control("redirects/production", {"redirects": [OURS]})
    assert (asked(app, OURS), asked(app, address)) == (200, 400)
    sent = ASKED | {"redirect_uri": address, "answer": "connect", "realm": NORTHGATE}
    page = app.http.post("/connect/oauth2", data=sent)
    assert (page.status_code, "not one of those that are registered" in page.text) == (400, True)


def test_each_environment_has_its_own_and_a_reset_keeps_them(app: Client) -> None:
    app.control("redirects/sandbox", {"redirects": [OURS, OURS]})
    app.control("reset")
    assert app.look("redirects") == {"production": [], "sandbox": [OURS]}


@pytest.mark.parametrize("wrong", [{"redirects": ["ftp://x.example/"]}, {"redirects": OURS}, {}])
def test_what_could_never_be_led_back_to_is_not_registered(app: Client, wrong: object) -> None:
    answer = app.http.post("/_simulator/redirects/production", json=wrong)
    assert (answer.status_code, app.look("redirects")["production"]) == (400, [])
    assert "error" in decoded(answer)


def test_they_are_registered_in_the_console_too(app: Client) -> None:
    app.http.post("/webhooks/production", data={"url": "", "verifier": "v", "redirects": f"{OURS}\nhttps://b.example/"})
    assert app.look("redirects")["production"] == [OURS, "https://b.example/"]
    assert OURS in app.http.get("/webhooks").text
