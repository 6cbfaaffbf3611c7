"""Everything the web hangs on the application, in the order in which it looks at a request."""

from __future__ import annotations

from flask import Flask

from app.web import (
    addresses,
    blueprints,
    books,
    columns,
    compression,
    errors,
    filters,
    forms,
    headers,
    htmx,
    navigation,
    request_log,
    ribbon,
    security,
    session,
    subjects,
    theme,
    vendor,
    voice,
    wire_texts,
)
from app.web.webhooks import door as webhooks

_ALL = (
    request_log,
    session,
    security,
    htmx,
    headers,
    compression,
    addresses,
    columns,
    filters,
    forms,
    vendor,
    theme,
    navigation,
    ribbon,
    subjects,
    books,
    voice,
    wire_texts,
    errors,
    blueprints,
    webhooks,
)


def init_app(app: Flask) -> None:
    """Hang them."""
    for door in _ALL:
        door.init_app(app)
