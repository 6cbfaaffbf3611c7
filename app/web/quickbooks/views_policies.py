"""Policies: each a question with its answers, automatic push, go-live date, the default income account."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Action
from app.foundation.database import transaction
from app.quickbooks.models import Connection
from app.sync.company import ruling
from app.sync.judging import choices
from app.sync.mapping import choosing
from app.sync.records.mappings import MappingKind, mapping_of
from app.sync.records.policies import policy_of
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
            released = ruling.rule(connection, form.ruling())
            released += sum(_keep(connection, kind, form[name].data) for name, kind in _ACCOUNTS.items())
        freed = f" {some(released, 'message was', 'messages were')} set free." if released else ""
        flash(f"The policies were saved.{freed}", "success")
        return htmx.go(url_for(".policies"))
    policy = policy_of(connection.id)
    page = render_template("quickbooks/policies.html", form=form, questions=ruling.QUESTIONS, policy=policy)
    return page, 422 if form.errors else 200


_ACCOUNTS = {"default_income": MappingKind.DEFAULT_INCOME, "deposit_account": MappingKind.DEPOSIT_ACCOUNT}
"""The accounts that are chosen on this page, by their fields."""
_ONLY = 0
"""The subject id of either: there is one of each."""


def _form(connection: Connection) -> PolicyForm:
    chosen = {name: mapping_of(connection.id, kind, _ONLY) for name, kind in _ACCOUNTS.items()}
    accounts = {name: row.remote_id if row else "" for name, row in chosen.items()}
    form = PolicyForm(data=filled(policy_of(connection.id), accounts))
    for name, kind in _ACCOUNTS.items():
        row = chosen[name]
        form.offer(name, choices.offered(connection.id, kind), (row.remote_id, row.remote_name) if row else None)
    return form


def _keep(connection: Connection, kind: MappingKind, remote_id: str) -> int:
    """Keep an account where another was chosen; returns how many messages that released."""
    before = mapping_of(connection.id, kind, _ONLY)
    if remote_id == (before.remote_id if before else ""):
        return 0
    if not remote_id:
        choosing.clear(connection, kind, _ONLY)
        return 0
    return choosing.choose(connection, kind, _ONLY, remote_id, by=me().name).released
