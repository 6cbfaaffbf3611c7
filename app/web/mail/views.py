"""Mails as they were kept, and a test of the mail server."""

from __future__ import annotations

from smtplib import SMTPException

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_mailman import EmailMessage
from sqlalchemy import select

from app.accounts.permissions import Action
from app.foundation.database import db, end_reading, transaction
from app.foundation.house import house
from app.foundation.mail import Mail, without_links
from app.web import htmx
from app.web.mail.kept import keep_test_mail
from app.web.session import may_here, me, signed_in

blueprint = Blueprint("mail", __name__, url_prefix="/settings/mail")

_A_PAGE = 50


@blueprint.get("")
@signed_in(Action.SEE_MAIL)
def index() -> str:
    """All mails of the organisation, the newest first."""
    mails = select(Mail).order_by(Mail.id.desc()).limit(_A_PAGE + 1)
    if before := request.args.get("before", type=int):
        mails = mails.where(Mail.id < before)
    found = db.session.scalars(mails).all()
    older = found[_A_PAGE - 1].id if len(found) > _A_PAGE else None
    return render_template("mail/index.html", mails=found[:_A_PAGE], older=older, keeps=_keeps(), server=_server())


@blueprint.get("/<int:mail_id>")
@signed_in(Action.SEE_MAIL)
def show(mail_id: int) -> str:
    """One mail, readable; its one-time link only to owners, for others could make themselves one with it."""
    mail = db.session.get_one(Mail, mail_id)
    body = mail.body if may_here(Action.MANAGE_OWNERS) else without_links(mail.body)
    return render_template("mail/show.html", mail=mail, body=body, keeps=_keeps())


@blueprint.post("/test")
@signed_in(Action.SEE_MAIL)
def test() -> ResponseReturnValue:
    """Send a mail to whoever asks, now, and say in the server's own words what went wrong."""
    if _keeps():
        with transaction():
            keep_test_mail(me())
        flash("A test mail was kept. It can be read below.", "success")
    else:
        _send_now(me().email)
    return htmx.go(url_for("mail.index"))


def _send_now(recipient: str) -> None:
    message = EmailMessage("Counterfoil can send mail", "This is the test mail you asked for.\n", to=[recipient])
    end_reading()
    try:
        message.send()
    except (OSError, SMTPException) as problem:
        flash(f"{_server()} did not take the test mail: {problem}", "error")
    else:
        flash(f"{_server()} took the test mail to {recipient}.", "success")


def _keeps() -> bool:
    return house().settings.mail_url.startswith("keep:")


def _server() -> str:
    return house().settings.mail_url.rpartition("@")[2].rpartition("//")[2]
