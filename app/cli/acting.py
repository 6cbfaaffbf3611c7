"""Who acts here, for which company, and how trouble is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.billing.entity import BillingEntity
from app.billing.timeline import Actor
from app.foundation.database import db
from app.foundation.errors import BadInputError, PortalError
from app.foundation.tenancy import everywhere
from app.quickbooks.models import Connection, ConnectionState

OPERATOR = Actor(None, "the operator")
_MOST_NAMED = 20
_NO_TABLES = "Where its tables are missing, flask db upgrade makes them."


@contextmanager
def told_in_words(**places: str) -> Iterator[None]:
    """What goes wrong is a sentence, and no traceback; the command ends with 1.

    `places` says where a field was entered on the line (password="--password"): what is refused of those is told with
    it, and the command ends with 2, as for any line that can't be understood.
    A database without tables is what an operator meets who forgot the migrations.
    """
    try:
        yield
    except PortalError as problem:
        if isinstance(problem, BadInputError) and problem.field in places:
            raise click.BadParameter(problem.message, param_hint=places[problem.field]) from problem
        raise click.ClickException(problem.message) from problem
    except (OperationalError, ProgrammingError) as problem:
        first_line = str(problem.orig).partition("\n")[0]
        raise click.ClickException(f"The database can't be used: {first_line}\n{_NO_TABLES}") from problem


def billing_entity(entity_id: int) -> BillingEntity:
    """The billing entity of this id, whosever it is. Raises BadParameter, which names those there are."""
    with everywhere():
        found = db.session.get(BillingEntity, entity_id)
        if found is not None:
            return found
        rows = db.session.scalars(select(BillingEntity).order_by(BillingEntity.id).limit(_MOST_NAMED))
        named = ", ".join(f"{row.id} ({row.name})" for row in rows)
    there = f"There are: {named}." if named else "There is none yet: begin with flask users create-owner."
    raise click.BadParameter(f"There is no billing entity {entity_id}. {there}", param_hint="--entity")


def connected(entity: int, mode: str) -> Connection:
    """The company that this billing entity is connected to in this mode. Raises ClickException where there is none."""
    name = billing_entity(entity).name
    wanted = (Connection.billing_entity_id == entity, Connection.mode == mode)
    with everywhere():
        found = db.session.scalar(select(Connection).where(*wanted, Connection.state == ConnectionState.ACTIVE))
    if found is None:
        raise click.ClickException(
            f"Billing entity {entity} ({name}) is connected to no company in mode {mode}."
            " Connect it, or connect it again, in its settings of QuickBooks."
        )
    return found
