"""The help page."""

from __future__ import annotations

from flask import Blueprint, render_template
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.permissions import Action
from app.accounts.roles import Role
from app.foundation.database import db
from app.foundation.house import house
from app.web.session import signed_in

blueprint = Blueprint("help", __name__, url_prefix="/help")


@blueprint.get("")
@signed_in(Action.SEE)
def index() -> str:
    """What the words mean and whom to ask."""
    owners = select(User).where(User.role == Role.OWNER, User.active).order_by(User.name)
    settings = house().settings
    return render_template(
        "help/index.html",
        owners=db.session.scalars(owners).all(),
        operator_name=settings.operator_name,
        operator_email=settings.operator_email,
    )
