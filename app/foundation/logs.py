"""Structured log lines in which no secret travels."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

MASK = "••••"
_SECRET_NAMES = re.compile(
    r"(?<!sync)(?<!sync_)(token|secret|password|authorization|verifier|cookie|signature|api_?key)$", re.IGNORECASE
)
_SECRET_TEXT = re.compile(
    # "SyncToken" and "tax_code" are no secrets: without them a reader of the log would lose the very value that counts.
    r"(?i)((?<![a-z_])(?!sync_?token)(?:[a-z]+_)*(?:token|secret|password)[\"']?\s*[=:]\s*[\"']?|(?<![a-z_])code=)"
    r"[^\"'&\s,}]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_SECRET_WORDS = ("token", "secret", "password", "code=")
_BEARER_WORDS = ("bearer", "basic")


def mask_text(text: str) -> str:
    """The same text with the values of tokens, secrets and codes replaced by dots."""
    # Looking for the bare words first costs a twentieth of the patterns; most texts hold none of them.
    words = text.casefold().replace("synctoken", "")
    if any(word in words for word in _SECRET_WORDS):
        text = _SECRET_TEXT.sub(r"\1" + MASK, text)
    if any(word in words for word in _BEARER_WORDS):
        text = _BEARER.sub(r"\1 " + MASK, text)
    return text


def configure_logs(*, as_json: bool) -> None:
    """Send all log lines to standard output: JSON for machines, one readable line for people."""
    # Errors reach the console as text that was masked before; one that formats them itself would show them in full.
    console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer() if as_json else console
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask,  # behind the line above: an error's own words may carry an address with a code in it
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def _mask(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in line.items():
        line[name] = _masked(name, value)
    return line


def _masked(name: str, value: Any) -> Any:
    if _SECRET_NAMES.search(name):
        return MASK
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {inner: _masked(str(inner), part) for inner, part in value.items()}
    if isinstance(value, list | tuple):
        return [_masked("", part) for part in value]
    return value


def logger() -> structlog.typing.FilteringBoundLogger:
    """The portal's logger."""
    return structlog.get_logger()  # type: ignore[no-any-return]  # structlog types its factory loosely
