"""Links that open once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask.ctx import AppContext

from app.accounts import links
from app.accounts.links import For, SpentLinkError
from app.accounts.models import LinkPurpose, OneTimeLink
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction


def made() -> str:
    with transaction():
        return links.make(LinkPurpose.FIRST_OWNER, For()).rpartition("/")[2]


def test_the_token_itself_is_not_stored(inside: AppContext) -> None:
    token = made()
    assert db.session.query(OneTimeLink.token_hash).scalar() not in {token, ""}


def test_a_link_opens_once(inside: AppContext) -> None:
    token = made()
    with transaction():
        links.use(links.find(token))
    with pytest.raises(SpentLinkError):
        links.find(token)


def test_of_two_who_come_at_once_the_second_is_refused(inside: AppContext) -> None:
    link = links.find(made())
    with transaction():
        links.use(link)
    with pytest.raises(SpentLinkError), transaction():
        links.use(link)


def test_a_link_grows_old(inside: AppContext) -> None:
    with clock.use(HeldClock(datetime(2026, 3, 2, tzinfo=UTC))) as held:
        token = made()
        assert isinstance(held, HeldClock)
        held.move(timedelta(days=7, seconds=1))
        with pytest.raises(SpentLinkError):
            links.find(token)


def test_nobody_finds_a_link_that_was_never_made(inside: AppContext) -> None:
    with pytest.raises(SpentLinkError):
        links.find("guess")
