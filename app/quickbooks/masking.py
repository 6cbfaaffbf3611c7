"""Intuit's texts without the tokens that some of them quote (pure)."""

from __future__ import annotations

import re

from app.foundation.logs import MASK, mask_text

EXCERPT_CHARACTERS = 4000
# Access tokens are encrypted JWTs; refresh tokens begin with RT1- (since about 2025) or AB11 (before).
_TOKENS = re.compile(r"eyJ[\w-]{8,}[\w.-]*|\bRT1-[\w-]{8,}|\bAB11\w{16,}")
_TOKEN_HEADS = ("eyJ", "RT1-", "AB11")
_FAULT_HEADS = ("token expired", "bearer token")
_TOKEN_FAULT = re.compile(r"((?:Token expired|bearer token)\s*:\s*)[^\"<\s]+", re.IGNORECASE)


def mask(text: str) -> str:
    """The text with everything that looks like a token replaced by dots, and without what PostgreSQL can't store."""
    text = mask_text(text.replace("\0", ""))
    words = text.casefold()
    if any(head in words for head in _FAULT_HEADS):
        text = _TOKEN_FAULT.sub(r"\1" + MASK, text)
    return _TOKENS.sub(MASK, text) if any(head in text for head in _TOKEN_HEADS) else text


def excerpt(raw: bytes) -> str:
    """The first 4,000 characters of a body, masked; bytes that are no text are replaced."""
    return mask(raw[: 4 * EXCERPT_CHARACTERS].decode(errors="replace")[:EXCERPT_CHARACTERS])
