"""Addresses of the running page with something changed, so that a list keeps all its filters; and reading them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask, request, url_for


def init_app(app: Flask) -> None:
    """Give templates `here`, `filtered` and `page_numbers`."""
    app.jinja_env.globals.update(here=here, filtered=filtered, page_numbers=page_numbers)


def here(**changes: Any) -> str:
    """This page's address with these parameters changed; None takes one out. A new filter begins at page one."""
    query = _filters()
    query.update({name: value for name, value in changes.items() if value is not None})
    for name in (name for name, value in changes.items() if value is None):
        query.pop(name, None)
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **query})


def filtered(endpoint: str) -> str:
    """The address of something else that reads the filters of this page: the list as a file."""
    return url_for(endpoint, **{**(request.view_args or {}), **_filters()})


def _filters() -> dict[str, Any]:
    return {name: values for name, values in request.args.lists() if name not in {"revision", "page"}}


def number_in(text: str | None) -> int | None:
    """A number of an address; None for what is none, or larger than any id."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def day_in(text: str | None) -> date | None:
    """A day of an address; None for what is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def page_numbers(number: int, pages: int) -> list[int | None]:
    """The numbers worth a link: first, last and the neighbours; None where some are left out."""
    wanted = sorted({1, pages, *range(max(number - 1, 1), min(number + 2, pages + 1))})
    shown: list[int | None] = []
    for previous, page in zip([0, *wanted], wanted, strict=False):
        if page - previous > 1:
            shown.append(None)
        shown.append(page)
    return shown
