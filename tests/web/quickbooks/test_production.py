"""What Intuit demands before and with production keys, and how far Northgate IT is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.web.quickbooks.production import Facts, Standing, fault_of, stages

READY = Facts(
    public_url="https://portal.northgate.example",
    in_sandbox=False,
    has_terms=True,
    has_privacy=True,
    tried=True,
    came_back=True,
    has_keys=True,
    has_verifier=True,
    webhook_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
    mail_kept=False,
    mail_problem="",
    has_button=True,
)


def not_done(facts: Facts) -> dict[str, str]:
    """What is left to do, by its title."""
    checks = [check for stage in stages(facts) for check in stage.checks]
    return {check.title: check.sentence for check in checks if check.standing is Standing.NOT_DONE}


def test_an_installation_that_is_ready_has_nothing_left_but_what_only_a_person_knows() -> None:
    assert not_done(READY) == {}
    theirs = [check.title for stage in stages(READY) for check in stage.checks if check.standing is Standing.YOURS]
    assert theirs == ["Connect, disconnect, reconnect", "Questionnaire", "Security requirements"]


def test_the_official_button_is_needed_for_the_app_store_alone() -> None:
    plain = replace(READY, has_button=False)
    assert not_done(plain) == {}
    found = [check for stage in stages(plain) for check in stage.checks if check.standing is Standing.OPTIONAL]
    assert [(check.title, "App Store only" in check.sentence) for check in found] == [("Official button", True)]


@pytest.mark.parametrize(
    ("changed", "title", "told"),
    [
        ({"has_terms": False}, "Licence agreement", "TERMS_URL"),
        ({"has_privacy": False}, "Privacy policy", "PRIVACY_URL"),
        ({"tried": False}, "Connect, disconnect, reconnect", "Try them in Sandbox"),
        ({"has_keys": False}, "Production keys", "client ID"),
        ({"has_verifier": False}, "Webhook verifier", "Webhooks page"),
        ({"webhook_at": None}, "A webhook has arrived", "five minutes"),
        ({"mail_kept": True}, "Mail goes out", "MAIL_URL"),
        ({"mail_problem": "550 no such user"}, "Mail goes out", "550 no such user"),
        ({"public_url": "http://portal.northgate.example"}, "Address of the portal", "PUBLIC_URL"),
    ],
)
def test_what_is_missing_is_told_with_its_remedy(changed: dict[str, object], title: str, told: str) -> None:
    left = not_done(replace(READY, **changed))  # type: ignore[arg-type]  # one field of its own type
    assert list(left) == [title]
    assert told.lower() in left[title].lower()


@pytest.mark.parametrize(("in_sandbox", "fix"), [(False, "mode"), (True, "connect")])
def test_who_has_tried_nothing_is_led_to_where_it_can_be_tried(*, in_sandbox: bool, fix: str) -> None:
    before, _with_keys = stages(replace(READY, tried=False, in_sandbox=in_sandbox))
    assert [check.fix for check in before.checks if check.standing is Standing.NOT_DONE] == [fix]


def test_a_redirect_uri_that_nobody_has_come_back_by_is_not_called_registered() -> None:
    checks = {
        check.title: check.standing for stage in stages(replace(READY, came_back=False)) for check in stage.checks
    }
    assert checks["Redirect URI"] is Standing.YOURS


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://127.0.0.1:8000", "bare IP address"),
        ("https://203.0.113.7", "bare IP address"),
        ("https://[2001:db8::1]:8443", "bare IP address"),
        ("http://localhost:8000", "outside your network"),
        ("https://portal.local", "outside your network"),
        ("https://portal", "outside your network"),
        ("http://portal.northgate.example", "not HTTPS"),
        ("https://portal.northgate.example:8443/counterfoil", ""),
    ],
)
def test_an_address_that_intuit_would_not_take_is_seen(address: str, told: str) -> None:
    assert bool(fault_of(address)) == bool(told)
    assert told in fault_of(address)
