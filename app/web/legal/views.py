"""The licence agreement and the privacy policy: the portal's own, or the way to those of whoever runs it.

Intuit asks for the addresses of both before it gives production keys; anybody must be able to read them.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from app.foundation.house import house
from app.web.legal import addresses

blueprint = Blueprint("legal", __name__, url_prefix="/legal")


@blueprint.get("/terms")
def terms() -> ResponseReturnValue:
    """What holds between whoever runs this installation and those who use it."""
    return _text("legal/terms.html", addresses.own(addresses.TERMS))


@blueprint.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept about people and companies, for how long, and who sees it."""
    return _text("legal/privacy.html", addresses.own(addresses.PRIVACY))


def _text(template: str, elsewhere: str) -> ResponseReturnValue:
    return redirect(elsewhere) if elsewhere else render_template(template, settings=house().settings)
