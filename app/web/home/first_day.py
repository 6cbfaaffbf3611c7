"""The list of first steps on the dashboard: whose it is, what is next, and who may skip."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.permissions import Action
from app.billing.entities import entities
from app.billing.entity import BillingEntity
from app.sync.engine import engine
from app.sync.first_day import beginnings, onboarding
from app.sync.first_day.onboarding import Step
from app.web.session import may_here


@dataclass(frozen=True)
class FirstDay:
    """The steps of one billing entity, the one that is next, and whether whoever looks may skip any."""

    entity: BillingEntity
    steps: list[Step]
    next: Step | None
    may_skip: bool
    several: bool


def first_day() -> FirstDay | None:
    """That of the oldest billing entity whose list was not put away; None where there is none."""
    ours = entities()
    entity = next((one for one in ours if beginnings.LIST not in beginnings.skipped(one)), None)
    if entity is None:
        return None
    steps = beginnings.steps_of(engine(), entity)
    may_skip = may_here(Action.EDIT_SETTINGS)
    return FirstDay(entity, steps, onboarding.next_step(steps), may_skip=may_skip, several=len(ours) > 1)
