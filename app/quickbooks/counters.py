"""How much left for a company, minute by minute, and how much an app read in a month."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Update, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from app.foundation.database import bare, db, rows_changed, table_of
from app.quickbooks.calls import CallForm
from app.quickbooks.realm import CallMinute, ReadMonth, Realm

_KEPT = timedelta(hours=2)
_FORM_COLUMN = {CallForm.READ: "reads", CallForm.WRITE: "writes", CallForm.BATCH: "batches"}


def count_call(session: Session, realm: Realm, now: datetime, form: CallForm) -> None:
    """One call of this form has left. The company's governor row must be locked by this transaction."""
    _add(session, realm, now, "requests", _FORM_COLUMN[form])


def count_trouble(session: Session, realm: Realm, now: datetime, *, throttled: bool) -> None:
    """One call was throttled, or ended in an error. The governor row must be locked by this transaction."""
    _add(session, realm, now, "throttled" if throttled else "errors")


def count_metered_read(session: Session, client_id: str, now: datetime) -> None:
    """One successful read in production, which Intuit meters for the app and the calendar month."""
    # Companies share this row, and no lock of theirs covers it: the month's first two reads may be counted at once.
    insert = insert_postgresql if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    first = insert(ReadMonth).values(client_id=client_id, month=month_of(now), reads=1)
    more = {"reads": ReadMonth.reads + 1}
    session.execute(first.on_conflict_do_update(index_elements=["client_id", "month"], set_=more))


def reads_this_month(client_id: str, now: datetime) -> int:
    """Metered reads of an Intuit app in the month of `now`."""
    row = db.session.get(ReadMonth, (client_id, month_of(now)))
    return row.reads if row else 0


def readers(now: datetime) -> dict[str, int]:
    """{client id: metered reads} of every Intuit app in the month of `now`."""
    rows = db.session.scalars(select(ReadMonth).where(ReadMonth.month == month_of(now)))
    return {row.client_id: row.reads for row in rows}


def last_hour(realm: Realm, now: datetime) -> list[CallMinute]:
    """The minutes of the last hour in which something left, oldest first."""
    since = now - timedelta(hours=1)
    minutes = select(CallMinute).filter_by(realm_id=realm.realm_id, mode=realm.mode)
    return list(db.session.scalars(minutes.where(CallMinute.minute > since).order_by(CallMinute.minute)))


def month_of(now: datetime) -> str:
    """The month in which Intuit counts a read, as 2026-11."""
    return now.strftime("%Y-%m")


def _add(session: Session, realm: Realm, now: datetime, *columns: str) -> None:
    minute = now.replace(second=0, microsecond=0)
    asked = {"of_realm": realm.realm_id, "of_mode": realm.mode, "of_minute": minute}
    counted = bare(_one_more(*columns), asked, session)
    if rows_changed(counted):
        return
    ones = dict.fromkeys(columns, 1)
    session.add(CallMinute(realm_id=realm.realm_id, mode=realm.mode, minute=minute, **ones))
    old = delete(CallMinute).filter_by(realm_id=realm.realm_id, mode=realm.mode)
    session.execute(old.where(CallMinute.minute < now - _KEPT).execution_options(synchronize_session=False))


@cache
def _one_more(*columns: str) -> Update:
    row = table_of(CallMinute)
    of_minute = (
        row.c.realm_id == bindparam("of_realm"),
        row.c.mode == bindparam("of_mode"),
        row.c.minute == bindparam("of_minute"),
    )
    return update(row).where(*of_minute).values({column: row.c[column] + 1 for column in columns})
