"""Mails as rows: written with the fact they tell, sent by the worker afterwards, readable in the browser.

A mail that could not be sent stays, with the mail server's own words, and is tried again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from smtplib import SMTPException

from flask import current_app
from flask_mailman import EmailMessage
from sqlalchemy import ColumnElement, String, Text, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import clock
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, db, end_reading, rows_changed, transaction
from app.foundation.logs import MASK
from app.foundation.mailserver import KEPT
from app.foundation.tenancy import OrganisationRow, everywhere

MAX_TRIES = 12
_LONGEST_SUBJECT = 300
_FIRST_PAUSE = timedelta(minutes=1)
_BEING_SENT = timedelta(minutes=5)
"""While one process sends a mail, it is not due for the others; a process that died gives it back after this."""
_LONGEST_PAUSE = timedelta(days=1)
"""More than lies between two tries: what waits for longer was put off by a clock that was ahead and was put back."""
_ONE_TIME_LINK = re.compile(r"(/welcome/)[\w-]{20,}")


class MailState(StrEnum):
    """Where a mail is."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Mail(OrganisationRow, Base):
    """One mail to one person."""

    __tablename__ = "mail"
    __table_args__ = (UniqueConstraint("organisation_id", "occasion", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(_LONGEST_SUBJECT))
    body: Mapped[str] = mapped_column(Text)
    occasion: Mapped[str] = mapped_column(String(200))
    """What the mail is about; the same occasion is never told twice to the same person."""
    state: Mapped[MailState] = mapped_column(enum_of(MailState), default=MailState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    problem: Mapped[str | None] = mapped_column(Text)


def queue_mail(recipients: Sequence[str], subject: str, body: str, *, occasion: str) -> None:
    """Write one mail to each person in the caller's transaction, unless this occasion was told already.

    One that was given up told nobody: it is tried again from the beginning, for what it says still holds.
    A subject with names from elsewhere in it is made one line of at most 300 characters, as a header must be.
    """
    subject = " ".join(subject.split())[:_LONGEST_SUBJECT]
    known = {mail.recipient: mail for mail in db.session.scalars(select(Mail).where(Mail.occasion == occasion))}
    now = clock.now()
    for mail in known.values():
        if mail.state is MailState.FAILED and mail.recipient in recipients:
            mail.state, mail.tries, mail.due_at = MailState.WAITING, 0, now
    for recipient in sorted(set(recipients) - known.keys()):
        db.session.add(
            Mail(recipient=recipient, subject=subject, body=body, occasion=occasion, due_at=now, created_at=now)
        )


def without_links(body: str) -> str:
    """A mail's text in which no one-time link opens anything any more: whoever reads it could walk in."""
    return _ONE_TIME_LINK.sub(r"\1" + MASK, body)


def send_due_mail() -> int:
    """Send what is due, one mail at a time; returns how many went out. Needs an app context."""
    with everywhere():
        due = select(Mail.id).where(Mail.state == MailState.WAITING, _is_due(clock.now())).order_by(Mail.id)
        waiting = list(db.session.scalars(due.limit(50)))
        return sum(_send(mail_id) for mail_id in waiting if _claim(mail_id))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(Mail.due_at <= now, Mail.due_at > clock.latest(now) + _LONGEST_PAUSE)


def _claim(mail_id: int) -> bool:
    now = clock.now()
    with transaction() as session:
        claimed = session.execute(
            update(Mail)
            .where(Mail.id == mail_id, Mail.state == MailState.WAITING, _is_due(now))
            .values(due_at=now + _BEING_SENT, tries=Mail.tries + 1)
        )
        return rows_changed(claimed) == 1


def _send(mail_id: int) -> bool:
    mail = db.session.get_one(Mail, mail_id)
    message = EmailMessage(mail.subject, mail.body, to=[mail.recipient])
    end_reading()
    try:
        with message.get_connection() as connection:  # closed whatever the server says
            connection.send_messages([message])
    except (OSError, SMTPException, ValueError) as problem:  # a ValueError: an address that no header can carry
        _settle(mail_id, problem=str(problem))
        return False
    _settle(mail_id, problem=None)
    return True


def _settle(mail_id: int, *, problem: str | None) -> None:
    now = clock.now()
    with transaction() as session:
        mail = session.get_one(Mail, mail_id)
        mail.problem = problem
        if problem is None:
            mail.state, mail.sent_at = MailState.SENT, now
            if current_app.extensions["mailman"].backend != KEPT:
                mail.body = without_links(mail.body)  # who was to have it has it; elsewhere only its hash is kept
        elif mail.tries >= MAX_TRIES:
            mail.state = MailState.FAILED
        else:
            mail.due_at = now + _FIRST_PAUSE * 2 ** (mail.tries - 1)
