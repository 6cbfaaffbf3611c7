"""One among many: what fails is undone by itself and the others go on; the database's own trouble is everybody's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from app.foundation.database import db, end_reading


@contextmanager
def apart() -> Iterator[None]:
    """What this block does is undone when it fails, and that alone: the transaction around it goes on.

    PostgreSQL takes no statement behind one that failed. While only reading, the reading ends and may begin anew.
    """
    if db.session().info.get("writing"):
        with db.session.begin_nested():
            yield
        return
    try:
        yield
    except Exception:
        end_reading()
        raise


def is_everybodys(problem: Exception) -> bool:
    """Whether the database is busy, away, full, or takes nothing more: no fault of the row that met it.

    A row's own are a value that no column takes, one that is there already, and one that is missing.
    """
    if isinstance(problem, exc.DBAPIError) and problem.connection_invalidated:
        return True
    return isinstance(problem, exc.OperationalError | exc.InternalError | exc.TimeoutError)
