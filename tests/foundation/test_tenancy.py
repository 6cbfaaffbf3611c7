"""Tenants are walls: nothing of one organisation is read, counted, changed or deleted by another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from app.foundation import clock
from app.foundation.database import db, table_of, transaction
from app.foundation.mail import Mail
from app.foundation.tenancy import BY_KEY, TenancyError, acting_for, current_organisation, everywhere, ours
from tests.world import World

OTHER = aliased(Mail)
BARE = table_of(Mail)
BUILT_ONCE = select(BARE.c.subject).where(ours(BARE))
CHANGED_BARE = update(BARE).where(ours(BARE)).values(subject="seen")


@pytest.fixture
def mails(world: World) -> World:
    """One mail of each organisation."""
    for organisation in (world.northgate, world.southbank):
        with acting_for(organisation.id), transaction() as session:
            session.add(mail(organisation.name))
    return world


def mail(subject: str) -> Mail:
    now = clock.now()
    return Mail(recipient="a@example.com", subject=subject, body="", occasion="o", due_at=now, created_at=now)


READS: dict[str, Callable[[], object]] = {
    "rows": lambda: [row.subject for row in db.session.scalars(select(Mail))],
    "columns": lambda: list(db.session.scalars(select(Mail.subject))),
    "count of a table": lambda: db.session.scalar(select(func.count()).select_from(Mail)),
    "count with a condition": lambda: db.session.scalar(select(func.count()).where(Mail.recipient == "a@example.com")),
    "maximum": lambda: db.session.scalar(select(func.max(Mail.subject))),
    "alias": lambda: list(db.session.scalars(select(OTHER.subject))),
    "subquery": lambda: db.session.scalar(select(func.count()).select_from(select(Mail.id).subquery())),
    "exists": lambda: db.session.scalar(select(select(Mail.id).where(Mail.subject == "Southbank Systems").exists())),
    "rows named by their keys": lambda: list(
        db.session.scalars(select(Mail.subject).where(Mail.id > 0), execution_options=BY_KEY)
    ),
    "a bare table": lambda: list(db.session.scalars(BUILT_ONCE)),
    "union": lambda: len(db.session.execute(select(Mail.id).union_all(select(Mail.id))).all()),
}
OURS = {
    "rows": ["Northgate IT"],
    "columns": ["Northgate IT"],
    "count of a table": 1,
    "count with a condition": 1,
    "maximum": "Northgate IT",
    "alias": ["Northgate IT"],
    "subquery": 1,
    "exists": False,
    "rows named by their keys": ["Northgate IT"],
    "a bare table": ["Northgate IT"],
    "union": 2,
}


@pytest.mark.parametrize("name", READS)
def test_a_query_is_narrowed_to_the_organisation_we_act_for(mails: World, name: str) -> None:
    with acting_for(mails.northgate.id):
        assert READS[name]() == OURS[name]


@pytest.mark.parametrize("name", READS)
def test_a_query_on_behalf_of_nobody_fails_loudly(mails: World, name: str) -> None:
    with pytest.raises(TenancyError):
        READS[name]()


def test_the_same_statement_is_narrowed_anew_for_each_organisation(mails: World) -> None:
    seen = []
    for organisation in (mails.northgate, mails.southbank, mails.northgate):
        with acting_for(organisation.id):
            seen += list(db.session.scalars(select(Mail.subject)))
    assert seen == ["Northgate IT", "Southbank Systems", "Northgate IT"]


def test_a_strangers_row_is_not_found_by_its_id(mails: World) -> None:
    with everywhere():
        theirs = db.session.scalars(select(Mail.id).where(Mail.subject == "Southbank Systems")).one()
    db.session.rollback()
    with acting_for(mails.northgate.id):
        assert db.session.get(Mail, theirs) is None


@pytest.mark.parametrize(
    "statement",
    [update(Mail).values(subject="seen"), CHANGED_BARE, delete(Mail), delete(Mail).execution_options(**BY_KEY)],
)
def test_a_change_reaches_only_our_rows(mails: World, statement: object) -> None:
    with acting_for(mails.northgate.id), transaction() as session:
        session.execute(statement)  # type: ignore[call-overload]
    with acting_for(mails.southbank.id):
        assert READS["columns"]() == ["Southbank Systems"]


def test_a_row_of_a_stranger_can_not_be_written(mails: World) -> None:
    row = mail("forged")
    row.organisation_id = mails.southbank.id
    with acting_for(mails.northgate.id), pytest.raises(TenancyError, match="another organisation"), transaction() as s:
        s.add(row)


def test_a_row_can_not_be_moved_to_a_stranger(mails: World) -> None:
    with acting_for(mails.northgate.id), pytest.raises(TenancyError), transaction() as session:
        session.scalars(select(Mail)).one().organisation_id = mails.southbank.id


def test_a_row_on_behalf_of_nobody_can_not_be_written(mails: World) -> None:
    with pytest.raises(TenancyError), transaction() as session:
        session.add(mail("nobody's"))


def test_everywhere_sees_all_and_names_nobody(mails: World) -> None:
    with everywhere():
        assert READS["count of a table"]() == 2
        with pytest.raises(TenancyError):
            current_organisation()


def test_a_new_row_gets_the_organisation_we_act_for(mails: World) -> None:
    with acting_for(mails.northgate.id):
        assert db.session.scalars(select(Mail)).one().organisation_id == current_organisation()
