"""Structured log lines in which no secret travels."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

MASK = "••••"
_SECRET_NAMES = re.compile(r"(?<!sync_)(token|secret|password|authorization|verifier|cookie|signature)$", re.IGNORECASE)
_SECRET_TEXT = re.compile(
    # Not preceded by a letter, or "SyncToken" and "tax_code" would lose the very value a reader of the log needs.
    r"(?i)(?<![a-z_])(\"?(?:access_token|refresh_token|id_token|client_secret|token|password)\"?\s*[=:]\s*\"?|code=)"
    r"[^\"&\s,}]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")


def mask_text(text: str) -> str:
    """The same text with the values of tokens, secrets and codes replaced by dots."""
    return _BEARER.sub(r"\1 " + MASK, _SECRET_TEXT.sub(r"\1" + MASK, text))


def configure_logs(*, as_json: bool) -> None:
    """Send all log lines to standard output: JSON for machines, one readable line for people."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _mask,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def _mask(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in line.items():
        if _SECRET_NAMES.search(name):
            line[name] = MASK
        elif isinstance(value, str):
            line[name] = mask_text(value)
    return line


def logger() -> structlog.typing.FilteringBoundLogger:
    """The portal's logger."""
    return structlog.get_logger()  # type: ignore[no-any-return]  # structlog types its factory loosely
