"""One writer for each company."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import transaction
from app.foundation.settings import Settings
from app.quickbooks.calls import CallForm
from app.quickbooks.errors import FencedError
from app.quickbooks.governor import Governor, Passage
from app.quickbooks.lease import Lease, check_fence, holder_of, release, renew, take_lease
from app.quickbooks.realm import Realm
from tests.quickbooks.conftest import REALM
from tests.quickbooks.crowd import at_once
from tests.world import World


def take(owner: str, realm: Realm = REALM) -> Lease | None:
    """Ask for the lease, for 25 seconds."""
    return take_lease(realm, owner, clock.now(), 25)


def held_by(owner: str) -> Lease:
    """Take the lease, which is free."""
    lease = take(owner)
    assert lease is not None
    return lease


def test_a_company_has_one_holder(northgate: World, held: HeldClock) -> None:
    lease = held_by("anna")
    assert take("bert") is None
    assert take("anna") is None  # not even the same thread twice
    assert take("bert", Realm("1234", "live")) is not None
    release(lease)
    assert held_by("bert").fence == lease.fence + 1


def test_eight_who_ask_at_once_make_one_holder(app: Flask, northgate: World) -> None:
    deeds = [partial(take, name) for name in "abcdefgh"]
    given = at_once(app, northgate.northgate.id, deeds)
    assert len([lease for lease in given if lease]) == 1


def test_a_lease_that_was_not_renewed_is_given_away(northgate: World, held: HeldClock) -> None:
    lease = renew(held_by("anna"), clock.now(), 40)
    held.move(timedelta(seconds=39))
    assert take("bert") is None
    held.move(timedelta(seconds=1))
    assert held_by("bert").fence == lease.fence + 1


def test_a_holder_who_was_taken_for_dead_changes_nothing_any_more(northgate: World, held: HeldClock) -> None:
    lease = held_by("anna")
    held.move(timedelta(seconds=25))
    newer = held_by("bert")
    with pytest.raises(FencedError), transaction() as session:
        check_fence(session, lease)
    with pytest.raises(FencedError):
        renew(lease, clock.now(), 25)
    release(lease)
    with transaction() as session:
        check_fence(session, newer)


def test_a_dead_holders_company_waits_until_its_last_call_is_over(
    northgate: World, held: HeldClock, settings: Settings
) -> None:
    lease = held_by("anna")
    Governor(settings).admit(Passage(REALM, CallForm.BATCH, longest_seconds=60, lease=lease))
    held.move(timedelta(seconds=59))
    assert take_lease(REALM, "bert", clock.now(), 25, dead=["anna"]) is None
    held.move(timedelta(seconds=1))
    assert take("bert") is None  # nobody told that anna is dead: her lease lasts five seconds longer than her call
    assert take_lease(REALM, "bert", clock.now(), 25, dead=["anna"]) is not None


def test_a_lease_from_the_future_is_a_clock_that_was_put_back(northgate: World, held: HeldClock) -> None:
    held_by("anna")
    held.move(-timedelta(hours=1))
    assert take("bert") is not None


def test_a_holder_that_writes_has_no_call_on_its_way(northgate: World, held: HeldClock, settings: Settings) -> None:
    lease = held_by("anna")
    Governor(settings).admit(Passage(REALM, CallForm.BATCH, 60, lease=lease))
    assert take_lease(REALM, "bert", clock.now(), 25, dead=["anna"]) is None
    with transaction() as session:
        check_fence(session, lease)
    assert take_lease(REALM, "bert", clock.now(), 25, dead=["anna"]) is not None


def test_the_holder_is_named_until_it_gives_back(northgate: World) -> None:
    lease = held_by("anna")
    assert holder_of(REALM) == "anna"
    release(lease)
    assert holder_of(REALM) is None
