"""Tokens that are shown once and stored only as a hash."""

from __future__ import annotations

import hashlib
import secrets

_BYTES = 32


def new_token() -> str:
    """256 random bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str:
    """What is stored: SHA-256 in hex. A slow hash would add nothing, for nobody can guess 256 bits."""
    return hashlib.sha256(token.encode()).hexdigest()
