"""Storing an envelope and letting it go are one commit, unless something has to happen first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.foundation import clock
from app.foundation.database import db, transaction
from app.quickbooks.models import Connection
from app.quickbooks.realm import Governor
from app.sync.records.envelopes import Envelope, EnvelopeState
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.commits import commits
from tests.sync.telling.test_delivering import batched


def envelope() -> Envelope:
    """The newest."""
    db.session.rollback()
    return db.session.scalars(select(Envelope).order_by(Envelope.id.desc())).first() or pytest.fail("none is stored")


@pytest.fixture
def known(books: Books) -> Books:
    """The client and the item are there, and QuickBooks' last answer was noted this minute."""
    books.invoice()
    return books


def test_a_batch_costs_four_commits_its_lease_among_them(known: Books) -> None:
    batched(known)
    with commits() as seen:
        known.send()
    assert len(seen) == 4  # lease taken; stored and let go; landed and answered; lease given back
    assert envelope().sends == 1


def test_a_batch_that_has_landed_counts_from_then(known: Books) -> None:
    batched(known)
    known.send()
    arrived = db.session.scalars(select(Governor.batches)).one()[-1]
    assert arrived <= clock.now().timestamp()


def test_while_the_governor_wants_it_to_wait_an_envelope_is_stored_and_not_marked(
    known: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = known.firm.open(known.firm.line("100"))
    governor = known.engine.quickbooks.governor
    governor.pause(connection(known).realm, clock.now() + timedelta(seconds=5), "a moment")
    monkeypatch.setattr(clock, "sleep", lambda _seconds: governor.close())
    known.send()
    stored = envelope()
    assert (stored.state, stored.sends, stored.first_sent_at) == (EnvelopeState.STORED, 0, None)
    assert weather.message_of(invoice).state == "sending"


def test_a_token_that_must_be_renewed_is_renewed_with_no_transaction_open(known: Books) -> None:
    with transaction():
        connection(known).access_refresh_at = clock.now()
    invoice = known.invoice()
    assert (weather.state(invoice), envelope().sends) == ("done", 1)
    assert db.session.scalars(select(Connection.token_version)).one() == 2


def test_who_is_to_end_lets_nothing_go(known: Books) -> None:
    known.engine.quickbooks.governor.close()
    known.firm.open(known.firm.line("100"))
    weather.forget(known)
    known.send()
    assert envelope().sends == 0
