"""How often a stranger may knock: sign-in and one-time links. Counted per process and address."""

from __future__ import annotations

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)

KNOCKING = "10 per minute; 60 per hour"
"""Argon2 makes each guess slow; this makes many guesses impossible."""
