"""Keys that Intuit refuses are shown to it at growing intervals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.foundation.clock import HeldClock
from app.foundation.sealing import Secret
from app.quickbooks.apps import AppKeys
from app.quickbooks.client import QuickBooks
from app.quickbooks.errors import AppKeysRefused
from app.quickbooks.models import Environment
from tests.quickbooks.intuit import Intuit, answer
from tests.world import World

REFUSED = answer({"error": "invalid_client"}, 401)


@pytest.fixture
def keys(quickbooks: QuickBooks, northgate: World, held: HeldClock) -> AppKeys:
    return quickbooks.apps.shared(Environment.SANDBOX)


def refuse(quickbooks: QuickBooks, keys: AppKeys) -> None:
    with pytest.raises(AppKeysRefused):
        quickbooks.oauth.refresh(keys, Secret("refresh-0"))


def test_an_hour_of_wishes_each_second_is_a_handful_of_sign_ins(
    quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit, held: HeldClock
) -> None:
    intuit.token_answers = [REFUSED] * 20
    for _second in range(3600):
        refuse(quickbooks, keys)
        held.sleep(1)
    assert len(intuit.granted) == 8  # at 0, 30, 90, 210, 450 and 930 seconds, then each quarter of an hour


def test_changed_keys_are_tried_at_once_and_good_ones_have_no_past(
    quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit, held: HeldClock
) -> None:
    intuit.token_answers = [REFUSED, answer({"access_token": "a", "expires_in": 3600, "refresh_token": "r"})]
    refuse(quickbooks, keys)
    changed = replace(keys, client_secret=Secret("client-secret-2"))
    assert quickbooks.oauth.refresh(changed, Secret("refresh-0")).access_token == Secret("a")
    intuit.token_answers = [answer({"access_token": "b", "expires_in": 3600, "refresh_token": "r"}), REFUSED]
    held.sleep(30)
    quickbooks.oauth.refresh(keys, Secret("refresh-0"))
    refuse(quickbooks, keys)
    held.sleep(30)
    intuit.token_answers = [REFUSED]
    refuse(quickbooks, keys)
    assert len(intuit.granted) == 5
