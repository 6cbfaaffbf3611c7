"""The people of the organisation."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import people
from app.accounts.models import User
from app.accounts.permissions import Action
from app.accounts.roles import Role
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.foundation.house import house
from app.foundation.mail import queue_mail
from app.web import htmx
from app.web.forms import choices
from app.web.session import me, signed_in
from app.web.users.forms import InviteForm
from app.web.users.rights import RIGHTS
from app.web.users.rows import roles_to_give, row

blueprint = Blueprint("users", __name__, url_prefix="/settings/users")


@blueprint.get("")
@signed_in(Action.MANAGE_USERS)
def index() -> str:
    """Everybody, open invitations, and what each role may do."""
    return _page(InviteForm())


@blueprint.post("/invite")
@signed_in(Action.MANAGE_USERS)
def invite() -> ResponseReturnValue:
    """Make an invitation; its link is shown once, and mailed."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        with transaction():
            link = people.invite(me(), form.email.data, Role(form.role.data))
            _mail_invitation(form.email.data, link)
    except BadInputError as problem:
        form.blame(problem)
        return _page(form), 422
    mail_kept = house().settings.mail_url.startswith("keep:")
    return render_template("users/invite.html", email=form.email.data, link=link, mail_kept=mail_kept)


@blueprint.post("/<int:user_id>/role")
@signed_in(Action.MANAGE_USERS)
def change_role(user_id: int) -> ResponseReturnValue:
    """Give somebody another role."""
    with transaction():
        user = db.session.get_one(User, user_id)
        people.change_role(me(), user, _chosen_role())
    flash(f"{user.name} is now {user.role.label}.", "success")
    return htmx.go(url_for("users.index"))


@blueprint.post("/<int:user_id>/deactivate")
@signed_in(Action.MANAGE_USERS)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Let somebody sign in no more."""
    with transaction():
        user = db.session.get_one(User, user_id)
        people.deactivate(me(), user)
    flash(f"{user.name} can no longer sign in, and was signed out everywhere.", "success")
    return htmx.go(url_for("users.index"))


@blueprint.post("/<int:user_id>/reactivate")
@signed_in(Action.MANAGE_USERS)
def reactivate(user_id: int) -> ResponseReturnValue:
    """Let somebody sign in again."""
    with transaction():
        user = db.session.get_one(User, user_id)
        people.reactivate(me(), user)
    flash(f"{user.name} can sign in again.", "success")
    return htmx.go(url_for("users.index"))


@blueprint.post("/<int:user_id>/password-link")
@signed_in(Action.MANAGE_USERS)
def password_link(user_id: int) -> ResponseReturnValue:
    """A link at which somebody who forgot their password chooses a new one."""
    with transaction():
        user = db.session.get_one(User, user_id)
        link = people.password_link(me(), user)
    return render_template("users/password_link.html", email=user.email, link=link)


@blueprint.post("/invitations/<int:link_id>/withdraw")
@signed_in(Action.MANAGE_USERS)
def withdraw(link_id: int) -> ResponseReturnValue:
    """Close an invitation nobody has accepted yet."""
    with transaction():
        email = people.withdraw_invitation(me(), link_id)
    flash(f"The invitation to {email} no longer opens.", "success")
    return htmx.go(url_for("users.index"))


def _chosen_role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError as problem:
        raise BadInputError("role", "Choose one of the four roles.") from problem


def _page(form: InviteForm) -> str:
    form.role.choices = choices(roles_to_give(me()))
    return render_template(
        "users/index.html",
        form=form,
        rows=[row(user, me()) for user in people.everybody()],
        invitations=people.open_invitations(me().organisation_id),
        given=roles_to_give(me()),
        rights=RIGHTS,
    )


def _mail_invitation(email: str, link: str) -> None:
    queue_mail(
        [email.strip().lower()],
        f"{me().name} invites you to Counterfoil",
        f"{me().name} invites you to the Counterfoil portal of {me().organisation.name}.\n\nJoin here within 7 days:\n"
        f"{link}\n\nThe link works once. If you did not expect it, ignore this mail.\n",
        occasion=f"invitation {link[-12:]}",
    )
