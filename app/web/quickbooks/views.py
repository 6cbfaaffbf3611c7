"""The QuickBooks settings page: what must be right before sending, what waits, and the company."""

from __future__ import annotations

from flask import render_template

from app.accounts.permissions import Action
from app.sync.company.connecting import connected
from app.sync.engine import engine
from app.sync.first_day import beginnings, preflight, preflight_facts
from app.sync.first_day.task import Status
from app.web.quickbooks import blueprint
from app.web.quickbooks.card import card_here
from app.web.quickbooks.room import entity_here
from app.web.session import may_here, signed_in


@blueprint.get("")
@signed_in(Action.SEE_SYNC)
def index() -> str:
    """The pre-flight check on top, the company beside it."""
    entity = entity_here()
    connection = connected(entity)
    return render_template(
        "quickbooks/index.html",
        tasks=preflight.tasks(preflight_facts.facts_of(engine(), entity)),
        Status=Status,
        obstacles=preflight_facts.obstacles(entity, connection) if connection else [],
        card=card_here(),
        can_connect=may_here(Action.CONNECT),
        can_change_mode=may_here(Action.CHANGE_MODE),
        steps_put_away=may_here(Action.EDIT_SETTINGS) and beginnings.LIST in beginnings.skipped(entity),
    )
