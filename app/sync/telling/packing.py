"""Packing: which ready messages share an envelope, and the call that tells them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.outbox.models import Priority
from app.quickbooks import calls, wire
from app.quickbooks.calls import BatchItem, Call, CallForm
from app.sync.judging.decisions import Tell, Write
from app.sync.judging.kinds import DOCUMENTS, KINDS
from app.sync.telling.deciding import digest

MOST_LINES = 500
"""Lines in one batch: it must be done well within the 120 s after which Intuit gives up (DESIGN 8)."""
A_PERSON_WAITS = 5
"""Members of a batch while a person waits: it is back sooner."""


def chosen(tells: Sequence[Tell], *, alone: bool = False) -> list[Tell]:
    """Which of the ready ones share the next envelope: persons first, then customers, items, documents.

    A void goes alone, for a batch has no documented way to say it; so does a document of very many lines, what failed
    in company before (it may be what spoils a batch for the others), and everything while `alone`.
    """
    ordered = sorted(tells, key=lambda tell: (tell.due.priority, KINDS[tell.due.subject.kind].tier, tell.due.id))
    limit = A_PERSON_WAITS if ordered and ordered[0].due.priority == Priority.PERSON else calls.BATCH_LIMIT
    limit = 1 if alone else limit
    together: list[Tell] = []
    lines = 0
    for tell in ordered:
        lines += tell.lines
        if together and (_goes_alone(tell) or lines > MOST_LINES or len(together) == limit):
            break
        together.append(tell)
        if _goes_alone(tell):
            break
    return together


def _goes_alone(tell: Tell) -> bool:
    return tell.write is Write.VOID or tell.due.tries > 0


def call_of(writes: Sequence[tuple[Tell, Call]]) -> Call:
    """A lone write goes as itself, several as a batch; with each goes its `single` call, whose body is used again."""
    if len(writes) == 1:
        return writes[0][1]
    return calls.batch(
        [
            BatchItem(_bid(number), tell.write, tell.entity, call.body)
            for number, (tell, call) in enumerate(writes, start=1)
        ]
    )


def single(tell: Tell) -> Call:
    """The call of one write by itself. Raises BadDocumentError when it breaks a documented rule."""
    if tell.write in {Write.VOID, Write.DELETE}:
        remove = calls.void if tell.write is Write.VOID else calls.delete
        return remove(tell.entity, tell.body["Id"], tell.body["SyncToken"])
    make = calls.create if tell.write is Write.CREATE else calls.update
    return make(tell.entity, tell.body)


def told_by(call: Call) -> dict[str, Mapping[str, Any]]:
    """{bId: the record that was told}, read back from the bytes of a call that `call_of` made."""
    said = wire.decode(call.body)
    if call.form is not CallForm.BATCH:
        return {_bid(1): said}
    items = said["BatchItemRequest"]
    return {item["bId"]: next(value for value in item.values() if isinstance(value, Mapping)) for item in items}


def member_of(number: int, tell: Tell) -> dict[str, Any]:
    """The row of an envelope's member for one write; `number` as in the call."""
    return {
        "message_id": tell.due.id,
        "bid": _bid(number),
        "step": tell.write.value,
        "revision": tell.revision,
        "digest": _digest(tell),
        "label": tell.label[:120],
    }


def _digest(tell: Tell) -> str:
    """Of a record of a list what it says; a document counts its revisions instead."""
    if tell.due.subject.kind in DOCUMENTS:
        return ""
    return digest({name: value for name, value in tell.body.items() if name not in {"Id", "SyncToken"}})


def _bid(number: int) -> str:
    return f"m{number}"
