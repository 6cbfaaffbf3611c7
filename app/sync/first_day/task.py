"""A line of a list of things to do, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a task stands; the values are the words on screen."""

    DONE = "Completed"
    PROBLEM = "There is a problem"
    TO_DO = "To do"
    CANNOT_START = "Cannot start yet"
    NOT_NEEDED = "Not needed"
    BY_ITSELF = "Goes by itself"


@dataclass(frozen=True)
class Task:
    """One line: what is checked, how it stands, a sentence, whether documents wait for it, and the fix that mends it.

    `fix` is a name of the web's catalogue of fixes; empty where there is nothing to do.
    """

    title: str
    status: Status
    sentence: str
    fix: str = ""
    blocks: bool = False
