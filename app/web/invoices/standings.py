"""Where documents are with QuickBooks, for pages that show several entities' documents at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

from app.billing.document import Document
from app.sync.comparing.drifts import Drift
from app.sync.reconciling import comparisons
from app.sync.watching import standing
from app.sync.watching.standing import Place, Standing

TONES = {"quiet": "calm", "busy": "busy", "good": "good", "warning": "warn", "bad": "bad"}
_BUSY = (Place.WAITING, Place.SENDING)
_UNSENT = (Place.NOT_SENT, Place.STAYS, Place.SKIPPED, Place.HELD, Place.FAILED)


class Shown(NamedTuple):
    """A standing as a badge: its tone, its word, its reason, and whether it may change by itself in a moment."""

    tone: str
    word: str
    sentence: str
    moves: bool
    standing: Standing

    @property
    def wants_sending(self) -> bool:
        """Whether asking for it to be sent could change anything."""
        return self.standing.place in _UNSENT

    @property
    def revision(self) -> str:
        """Changes when what is shown changes."""
        said = f"{self.word} {self.sentence} {self.standing.remote_id} {self.standing.again_at}"
        return f"{crc32(said.encode()):x}"


def shown(document: Document) -> Shown:
    """The standing of one document."""
    return _shown(standing.of_document(document))


def shown_for(documents: Sequence[Document]) -> dict[int, Shown]:
    """The standings of a page of documents of one kind, by document's id; one question for each entity."""
    by_entity: dict[int, list[Document]] = defaultdict(list)
    for document in documents:
        by_entity[document.billing_entity_id].append(document)
    found: dict[int, Shown] = {}
    for rows in by_entity.values():
        found |= {id_: _shown(one) for id_, one in standing.of_documents(rows[0].entity, rows).items()}
    return found


def differences(document: Document, now: Shown) -> list[Drift]:
    """What comparisons found of a document that is in QuickBooks, as long as it wants a decision."""
    return comparisons.drifts_about(document.subject) if now.standing.remote_id else []


def _shown(one: Standing) -> Shown:
    tone = "wait" if one.place is Place.WAITING else TONES[one.tone]
    return Shown(tone, one.word, one.sentence, one.place in _BUSY, one)
