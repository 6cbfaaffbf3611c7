"""What taking in something from QuickBooks came to. Pure."""

from __future__ import annotations

from typing import NamedTuple

from app.foundation.errors import ConflictError


class Effect(NamedTuple):
    """Whether anything changed here, and the sentence that the webhook log shows."""

    changed: bool
    sentence: str


class AnswerIsOutError(ConflictError):
    """It was changed in QuickBooks while it is being told; it is taken in once that is answered."""


NOT_OURS = Effect(changed=False, sentence="About nothing of ours.")
KNOWN = Effect(changed=False, sentence="Our own change, or one that is known already.")
OLDER = Effect(changed=False, sentence="Older than what is known already.")


def is_older(sync_token: str, known: str) -> bool:
    """Whether a picture with this SyncToken was overtaken by one with the other; they count upwards (reference 3.0)."""
    return _number(sync_token) < _number(known)


def _number(sync_token: str) -> int:
    return int(sync_token) if sync_token.isdigit() else 0
