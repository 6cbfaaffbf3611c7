"""Whether a record that carries our mark can be ours at all. Pure.

A restore from backup gives ids and numbers anew. What carries the mark of one of ours and was made before ours was
opened here is not ours, but one that was lost with what came after the backup. Taken for ours it would be overwritten.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.foundation import clock

_CLOCKS_APART = timedelta(minutes=15)
"""More than our clock and QuickBooks' differ; who restores a database takes longer than that."""


def is_forerunner(made_there: datetime | None, ours_since: datetime | None) -> bool:
    """Whether it was made before ours was opened or recorded (`MetaData.CreateTime`, whole seconds, reference 2.3).

    Of ours that a clock which was ahead has dated nobody knows.
    """
    if made_there is None or ours_since is None or ours_since > clock.latest():
        return False
    return made_there < ours_since - _CLOCKS_APART
