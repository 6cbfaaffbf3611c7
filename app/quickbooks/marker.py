"""Our marker in PrivateNote, by which a document of ours is known again when an answer was lost (pure)."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARKER = re.compile(r"\bCounterfoil (\d+)-([a-z_]+)-(\d+)\b")


class Marker(NamedTuple):
    """Whose document it is: organisation, kind ("invoice") and our id."""

    organisation_id: int
    kind: str
    record_id: int

    def __str__(self) -> str:
        return f"Counterfoil {self.organisation_id}-{self.kind}-{self.record_id}"


def find(note: str | None) -> Marker | None:
    """The marker in a note, whatever stands around it (a void puts "Voided" in front); None when there is none."""
    found = _MARKER.search(note or "")
    return Marker(int(found[1]), found[2], int(found[3])) if found else None
