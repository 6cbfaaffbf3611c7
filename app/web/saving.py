"""How a form's content is saved: in one transaction, by the person signed in, with refusals beside their fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.billing.timeline import Actor
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from app.web.forms import Form
from app.web.session import me

T = TypeVar("T")


def actor() -> Actor:
    """The signed-in person, as billing's timelines name them."""
    return Actor(me().id, me().name)


def created(form: Form, act: Callable[[], T]) -> T | None:
    """What `act` made, in one transaction; None where the form or billing refused, which the form then says."""
    if not form.validate_on_submit():
        return None
    try:
        with transaction():
            return act()
    except BadInputError as problem:
        form.blame(problem)
        return None


def changed(form: Form, act: Callable[[], object]) -> bool:
    """Whether `act` was done, in one transaction; where not, the form says why."""
    return created(form, lambda: (act(),)) is not None
