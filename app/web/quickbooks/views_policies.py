"""Policies: each a question with its answers, automatic push, go-live date, the default income account."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.quickbooks.models import Connection
from app.sync import choices, mapping, ruling
from app.sync.mappings import MappingKind, mapping_of
from app.sync.policies import policy_of
from app.web import htmx
from app.web.quickbooks import blueprint
from app.web.quickbooks.forms import PolicyForm, filled
from app.web.quickbooks.room import connection_here
from app.web.quickbooks.words import some
from app.web.session import me, signed_in


@blueprint.route("/policies", methods=["GET", "POST"])
@signed_in(Action.EDIT_SETTINGS)
def policies() -> ResponseReturnValue:
    """What is done when something is missing, taken, closed or changed."""
    connection = connection_here()
    form = _form(connection)
    if form.validate_on_submit():
        with transaction():
            released = ruling.rule(connection, form.ruling()) + _keep_income(connection, form.default_income.data)
        freed = f" {some(released, 'message was', 'messages were')} set free." if released else ""
        flash(f"The policies were saved.{freed}", "success")
        return htmx.go(url_for(".policies"))
    policy = policy_of(connection.id)
    page = render_template("quickbooks/policies.html", form=form, questions=ruling.QUESTIONS, policy=policy)
    return page, 422 if form.errors else 200


def _form(connection: Connection) -> PolicyForm:
    income = mapping_of(connection.id, MappingKind.DEFAULT_INCOME, mapping.DEFAULT_INCOME)
    form = PolicyForm(data=filled(policy_of(connection.id), income.remote_id if income else ""))
    accounts = choices.offered(connection.id, MappingKind.DEFAULT_INCOME)
    form.offer(accounts, choices.labels(accounts), (income.remote_id, income.remote_name) if income else None)
    return form


def _keep_income(connection: Connection, remote_id: str) -> int:
    """Keep the default income account where it was changed; returns how many messages that released."""
    kind, subject = MappingKind.DEFAULT_INCOME, mapping.DEFAULT_INCOME
    before = mapping_of(connection.id, kind, subject)
    if remote_id == (before.remote_id if before else ""):
        return 0
    if not remote_id:
        mapping.clear(connection, kind, subject)
        return 0
    return mapping.choose(connection, kind, subject, remote_id, by=me().name).released
