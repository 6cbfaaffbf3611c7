"""How it becomes quiet: the weather clears, people mend what waits for them, and all has time to land."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tests.simulated.house import House
from tests.simulated.office import Office

_LONGEST_HOURS = 72
"""Longer than all tries of a message together."""


def become_quiet(house: House, offices: Sequence[Office]) -> None:
    """From now on no call fails and no webhook is lost; what is left to do is done."""
    house.weather.calm, house.post.lost = True, 0.0
    house.weather.ordered.clear()
    # Thrice: that a tie was cut is found only by using it, and what was held may need mending once more.
    for _round in range(3):
        for office in offices:
            house.hub.do(partial(_mend, office))
        _wait_for_silence(house, offices)


def _mend(office: Office) -> None:
    office.reconnect()
    for bookkeeper in office.bookkeepers:
        bookkeeper.reactivate_all()
    with office.company.inside():
        office.resume()
        office.map_all()
        office.retry_all()
        office.compare()


def _wait_for_silence(house: House, offices: Sequence[Office]) -> None:
    for _hour in range(_LONGEST_HOURS):
        house.run(hours=1)
        if all(office.is_quiet() for office in offices):
            return
