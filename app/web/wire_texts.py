"""What went over the wire, laid out for reading."""

from __future__ import annotations

import json

from flask import Flask

_LONGEST = 20_000


def init_app(app: Flask) -> None:
    """Give every template the filter `laid_out`."""
    app.jinja_env.filters.update(laid_out=laid_out)


def laid_out(text: str | None) -> str:
    """JSON with one property a line, a first line before it as it is; anything else unchanged."""
    if not text:
        return ""
    head, newline, body = text.partition("\n") if not text.startswith(("{", "[")) else ("", "", text)
    try:
        pretty = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return text[:_LONGEST]
    return f"{head}{newline}{pretty}"[:_LONGEST]
