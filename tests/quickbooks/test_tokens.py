"""One refresh for each expiry."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, end_reading, transaction
from app.foundation.sealing import Secret
from app.quickbooks import errors
from app.quickbooks.client import QuickBooks
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.oauth import Grant
from app.quickbooks.token_row import claim
from app.quickbooks.tokens import connection_lost
from tests.quickbooks.crowd import at_once
from tests.quickbooks.intuit import Intuit, answer, tokens
from tests.world import World

GONE = answer({"error": "invalid_grant"}, 400)


def row(connection_id: int) -> Connection:
    """Read the connection anew."""
    end_reading()
    return db.session.get_one(Connection, connection_id)


def test_a_young_token_is_used_as_it_is(
    quickbooks: QuickBooks, held: HeldClock, connection_id: int, intuit: Intuit
) -> None:
    held.move(timedelta(minutes=47))
    assert quickbooks.tokens.access_token(connection_id) == Secret("access-0")
    assert intuit.granted == []


def test_a_token_is_renewed_at_four_fifths_of_its_life(
    quickbooks: QuickBooks, held: HeldClock, connection_id: int, intuit: Intuit
) -> None:
    held.move(timedelta(minutes=48))
    assert quickbooks.tokens.access_token(connection_id) == Secret("access-1")
    assert quickbooks.tokens.access_token(connection_id) == Secret("access-1")
    assert len(intuit.granted) == 1
    connection = row(connection_id)
    assert quickbooks.tokens.refresh_token(connection) == Secret("refresh-1")
    assert (connection.token_version, connection.refresh_owner) == (2, None)
    assert connection.refresh_expires_at == clock.now() + timedelta(days=101)


def test_who_claimed_the_refresh_by_a_clock_that_was_ahead_keeps_nobody_from_it(
    quickbooks: QuickBooks, held: HeldClock, connection_id: int
) -> None:
    held.move(timedelta(days=400))
    assert claim(quickbooks.tokens._row.look(connection_id))
    held.move(timedelta(days=-399))
    assert claim(quickbooks.tokens._row.look(connection_id))
    assert claim(quickbooks.tokens._row.look(connection_id)) is None


def test_only_a_young_token_is_at_hand(quickbooks: QuickBooks, held: HeldClock, connection_id: int) -> None:
    assert quickbooks.tokens.at_hand(row(connection_id)) == Secret("access-0")
    held.move(timedelta(minutes=48))
    assert quickbooks.tokens.at_hand(row(connection_id)) is None


def test_of_a_lost_connection_no_token_is_at_hand(quickbooks: QuickBooks, connection_id: int) -> None:
    quickbooks.tokens.lose(connection_id, "Intuit said no.")
    assert quickbooks.tokens.at_hand(row(connection_id)) is None


def test_tokens_rest_sealed(connection_id: int) -> None:
    connection = row(connection_id)
    assert "access-0" not in (connection.access_token or "")
    assert connection.access_token != connection.refresh_token


def test_eight_who_need_a_new_token_at_once_cause_one_refresh(
    app: Flask, quickbooks: QuickBooks, connection_id: int, *, intuit: Intuit, northgate: World
) -> None:
    refused = Secret("access-0")
    deeds = [lambda: quickbooks.tokens.access_token(connection_id, refused=refused)] * 8
    got = at_once(app, northgate.northgate.id, deeds)
    assert got == [Secret("access-1")] * 8
    assert len(intuit.granted) == 1


def test_the_new_refresh_token_is_stored_before_the_new_access_token_is_used(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.answers = [answer({"QueryResponse": {}})]
    stored: list[Secret] = []
    intuit.on_call = lambda request: (
        stored.append(quickbooks.tokens.refresh_token(row(connection_id))) if "/v3/" in request.url else None
    )
    with transaction() as session:
        session.execute(update(Connection).values(access_refresh_at=clock.now()))
    list(quickbooks.pages(connection_id, "Term"))
    assert stored == [Secret("refresh-1")]
    assert intuit.last.headers["Authorization"] == "Bearer access-1"


def test_while_another_renews_a_token_that_still_lives_is_used(
    quickbooks: QuickBooks, held: HeldClock, connection_id: int, intuit: Intuit
) -> None:
    held.move(timedelta(minutes=50))
    lease_taken_by_another(connection_id)
    assert quickbooks.tokens.access_token(connection_id) == Secret("access-0")


def test_who_waits_for_another_gives_up_after_five_seconds(
    quickbooks: QuickBooks, held: HeldClock, connection_id: int, intuit: Intuit
) -> None:
    held.move(timedelta(minutes=70))
    lease_taken_by_another(connection_id)
    began = clock.now()
    with pytest.raises(errors.NotSent, match="another process"):
        quickbooks.tokens.access_token(connection_id)
    assert timedelta(seconds=5) <= clock.now() - began < timedelta(seconds=6)
    assert intuit.granted == []


def test_who_died_while_renewing_is_succeeded(
    quickbooks: QuickBooks, held: HeldClock, connection_id: int, intuit: Intuit
) -> None:
    held.move(timedelta(minutes=70))
    lease_taken_by_another(connection_id)
    held.move(timedelta(seconds=30))
    assert quickbooks.tokens.access_token(connection_id) == Secret("access-1")


def test_a_refresh_token_that_intuit_no_longer_takes_ends_the_connection(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    rung: list[object] = []
    intuit.token_answers = [GONE]
    with connection_lost.connected_to(rung.append), pytest.raises(errors.ReconnectNeeded):
        quickbooks.tokens.access_token(connection_id, refused=Secret("access-0"))
    assert rung == [connection_id]
    assert row(connection_id).state is ConnectionState.RECONNECT
    with pytest.raises(errors.ReconnectNeeded):
        quickbooks.tokens.access_token(connection_id)
    assert len(intuit.granted) == 1


def test_before_a_connection_is_given_up_the_row_is_read_again(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    """Somebody connected again while our refresh was on its way."""
    intuit.token_answers = [GONE]
    intuit.on_call = lambda request: connected_again(quickbooks, connection_id) if "bearer" in request.url else None
    assert quickbooks.tokens.access_token(connection_id, refused=Secret("access-0")) == Secret("access-9")
    assert row(connection_id).state is ConnectionState.ACTIVE


def test_the_refresh_token_before_is_tried_before_a_connection_is_given_up(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.token_answers = [tokens("access-1", "refresh-1"), GONE, tokens("access-3", "refresh-3")]
    quickbooks.tokens.access_token(connection_id, refused=Secret("access-0"))
    assert quickbooks.tokens.access_token(connection_id, refused=Secret("access-1")) == Secret("access-3")
    assert intuit.granted[-1].body.endswith(b"=refresh-0")


def test_one_that_has_worked_needs_none_before_it(quickbooks: QuickBooks, connection_id: int, intuit: Intuit) -> None:
    intuit.token_answers = [tokens("access-1", "refresh-1"), tokens("access-2", "refresh-1")]
    quickbooks.tokens.access_token(connection_id, refused=Secret("access-0"))
    assert row(connection_id).previous_refresh_token is not None
    quickbooks.tokens.access_token(connection_id, refused=Secret("access-1"))
    assert row(connection_id).previous_refresh_token is None


def test_a_silent_token_server_costs_nothing_but_time(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.token_answers = [answer("<html>", 503)]
    with pytest.raises(errors.TryLater):
        quickbooks.tokens.access_token(connection_id, refused=Secret("access-0"))
    connection = row(connection_id)
    assert (connection.state, connection.refresh_owner) == (ConnectionState.ACTIVE, None)
    assert quickbooks.tokens.access_token(connection_id, refused=Secret("access-0")) == Secret("access-2")


def test_while_the_token_server_is_silent_a_token_that_still_lives_is_used_and_nobody_asks_again(
    quickbooks: QuickBooks, held: HeldClock, connection_id: int, intuit: Intuit
) -> None:
    held.move(timedelta(minutes=50))
    intuit.token_answers = [answer("<html>", 503)]
    for _call in range(3):
        assert quickbooks.tokens.access_token(connection_id) == Secret("access-0")
    assert len(intuit.granted) == 1
    held.move(timedelta(seconds=30))
    assert quickbooks.tokens.access_token(connection_id) == Secret("access-2")


def test_the_hard_end_of_a_permission_is_asked_for_and_kept(
    quickbooks: QuickBooks, held: HeldClock, connection_id: int, intuit: Intuit
) -> None:
    told = {"access_token": "a", "expires_in": 3600, "refresh_token": "r", "x_refresh_token_hard_expires_in": 86_400}
    intuit.token_answers = [answer(told)]
    quickbooks.tokens.access_token(connection_id, refused=Secret("access-0"))
    quickbooks.tokens.access_token(connection_id, refused=Secret("a"))  # an answer that does not tell it
    assert row(connection_id).hard_expires_at == clock.now() + timedelta(days=1)
    assert intuit.granted[0].headers["x-include-refresh-token-hard-expires-in"] == "true"
    connected_again(quickbooks, connection_id)
    assert row(connection_id).hard_expires_at is None


def test_who_lost_the_lease_meanwhile_does_not_try_the_token_before(
    quickbooks: QuickBooks, held: HeldClock, connection_id: int, intuit: Intuit
) -> None:
    intuit.token_answers = [tokens("access-1", "refresh-1"), GONE]
    quickbooks.tokens.access_token(connection_id, refused=Secret("access-0"))
    intuit.on_call = lambda request: lease_taken_by_another(connection_id) if "bearer" in request.url else None
    with pytest.raises(errors.NotSent):
        quickbooks.tokens.access_token(connection_id, refused=Secret("access-1"))
    assert len(intuit.granted) == 2


def test_tokens_that_come_back_after_a_disconnect_are_not_stored(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.on_call = lambda request: disconnected(connection_id) if "bearer" in request.url else None
    with pytest.raises(errors.ReconnectNeeded):
        quickbooks.tokens.access_token(connection_id, refused=Secret("access-0"))
    assert row(connection_id).refresh_token is None


def test_who_is_late_to_refresh_asks_nobody_about_a_connection_that_was_lost_meanwhile(
    quickbooks: QuickBooks, connection_id: int, intuit: Intuit
) -> None:
    intuit.on_call = lambda _request: quickbooks.tokens.lose(connection_id, "revoked")  # as places are asked for
    with pytest.raises(errors.ReconnectNeeded):
        quickbooks.tokens.access_token(connection_id, refused=Secret("access-0"))
    assert (intuit.granted, row(connection_id).refresh_owner) == ([], None)


def test_a_company_that_nobody_accepted_is_simply_let_go(quickbooks: QuickBooks, connection_id: int) -> None:
    with transaction() as session:
        session.get_one(Connection, connection_id).state = ConnectionState.PENDING
    rung: list[object] = []
    with connection_lost.connected_to(rung.append):
        quickbooks.tokens.lose(connection_id, "revoked")
    assert (rung, row(connection_id).state) == ([], ConnectionState.DISCONNECTED)


def lease_taken_by_another(connection_id: int) -> None:
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        connection.refresh_owner, connection.refresh_lease_until = "another", clock.now() + timedelta(seconds=30)


def connected_again(quickbooks: QuickBooks, connection_id: int) -> None:
    with transaction() as session:
        grant = Grant(Secret("access-9"), 3600, Secret("refresh-9"), 8726400)
        quickbooks.tokens.store(session, session.get_one(Connection, connection_id), grant)


def disconnected(connection_id: int) -> None:
    with transaction() as session:
        connection = session.get_one(Connection, connection_id)
        connection.state, connection.refresh_token = ConnectionState.DISCONNECTED, None
        connection.token_version += 1
