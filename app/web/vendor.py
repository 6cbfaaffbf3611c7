"""Files of the browser: ours with their version in the address, others' also with the hash of their manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, g, request, url_for
from markupsafe import Markup

_MISSING = """Counterfoil is running, but the files of its pages have not been fetched yet.

    make assets

fetches them (it needs pip, no Node), then load this page again.
"""
_WITHOUT_PAGES = ("static", "health.", "api.")


@dataclass(frozen=True)
class Asset:
    """The address of a file and what its content must hash to."""

    url: str
    integrity: str


def init_app(app: Flask) -> None:
    """Give templates `asset`, `own` and `icon`; without the files, say so on a plain page."""
    app.jinja_env.globals.update(asset=asset, own=own, icon=icon)
    app.before_request(_say_what_is_missing)


def asset(name: str) -> Asset:
    """A file of static/vendor as its manifest describes it."""
    return _assets(str(_folder() / "vendor"))(name)


def own(path: str) -> str:
    """The address of a file of ours, which changes when its content does."""
    return url_for("static", filename=path, v=_digest(str(_folder() / path)))


def icon(name: str, *, css: str = "") -> Markup:
    """An icon of the sprite, hidden from screen readers: a word always stands beside it."""
    return Markup('<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        css, _sprite(), name
    )


def _sprite() -> str:
    """The address of the sprite, found once for a page: it shows some fifty icons."""
    if "sprite" not in g:
        g.sprite = asset("icons.svg").url
    return str(g.sprite)


def _say_what_is_missing() -> Response | None:
    if (request.endpoint or "").startswith(_WITHOUT_PAGES) or (_folder() / "vendor" / "manifest.json").is_file():
        return None
    return Response(_MISSING, status=503, mimetype="text/plain")


def _folder() -> Path:
    return Path(str(current_app.static_folder))


@cache
def _manifest(folder: str, _changed: float) -> dict[str, dict[str, str]]:
    manifest: dict[str, dict[str, str]] = json.loads((Path(folder) / "manifest.json").read_text())
    return manifest


def _assets(folder: str) -> Callable[[str], Asset]:
    manifest = _manifest(folder, (Path(folder) / "manifest.json").stat().st_mtime)

    def described(name: str) -> Asset:
        integrity = manifest[name]["integrity"]
        version = integrity.removeprefix("sha384-")[:10]
        return Asset(url_for("static", filename=f"vendor/{name}", v=version), integrity)

    return described


@cache
def _digest_at(path: str, _changed: float) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10]


def _digest(path: str) -> str:
    return _digest_at(path, Path(path).stat().st_mtime)
