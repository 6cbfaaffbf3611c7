"""Whose turn it is: the lanes that wait, in the order in which they asked, and those that are being told right now.

However many threads serve it, a lane is served by one at a time, and nobody's lane waits for more than one envelope of
each lane before it: who is served goes to the end as soon as others wait. It lives in memory alone; what is lost with
the process is found again by the sweep.
"""

from __future__ import annotations

import threading

from app.outbox.models import Lane

Place = tuple[int, Lane]
"""An organisation's id and one of its lanes."""


class Rota:
    """Lanes and their turns, for the threads of one process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[Place, None] = {}
        self._served: dict[Place, bool] = {}
        """Those being told; True where somebody has asked again meanwhile."""
        self._closed = False

    def ask(self, place: Place) -> None:
        """Something was posted: this lane wants a turn, and another one if it is just having its own."""
        with self._changed:
            if place in self._served:
                self._served[place] = True
            else:
                self._enter(place)

    def offer(self, place: Place) -> None:
        """Something is due, as the sweep found: whoever serves the lane now will come upon it by himself."""
        with self._changed:
            if place not in self._served:
                self._enter(place)

    def take(self) -> Place | None:
        """The next lane, as soon as there is one; None when the day is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            place = next(iter(self._waiting))
            del self._waiting[place]
            self._served[place] = False
            return place

    def give_back(self, place: Place, *, more: bool) -> None:
        """The turn is over; a lane with more to tell queues behind those that wait."""
        with self._changed:
            asked_again = self._served.pop(place)
            if more or asked_again:
                self._enter(place)

    def may_go_on(self) -> bool:
        """Whether the lane that is served may send another envelope: nobody waits, and the day is not over."""
        with self._changed:
            return not self._waiting and not self._closed

    @property
    def is_closed(self) -> bool:
        """Whether the day is over."""
        return self._closed

    def close(self) -> None:
        """No turn begins any more; those that have begun end with the envelope on the line."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _enter(self, place: Place) -> None:
        self._waiting.setdefault(place)
        self._changed.notify()
