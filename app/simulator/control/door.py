"""The blueprint of the control API, and how its own mistakes are told: 400 and 404 with {"error": …}."""

from flask import Blueprint, Response

from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.refusals import Refusal
from app.simulator.bookkeeping.wire import Body
from app.simulator.companies.company import Company
from app.simulator.doors import as_json, world

control = Blueprint("control", __name__, url_prefix="/_simulator")


class Unknown(Exception):  # noqa: N818 - an answer, not a mistake
    """What was asked for is not there."""


def company(realm: str) -> Company:
    """A company by realm. Raises `Unknown`."""
    found = world().companies.get(realm)
    if found is None:
        raise Unknown(f"no company {realm[:40]}")
    return found


def books(realm: str) -> Books:
    """A company's books. Raises `Unknown`."""
    return world().books[company(realm).realm]


def text_of(sent: Body, name: str, default: str = "") -> str:
    """A string out of what was sent. Raises TypeError."""
    value = sent.get(name, default)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string")
    return value


@control.errorhandler(Unknown)
def _unknown(error: Unknown) -> Response:
    return as_json({"error": str(error)}, 404)


@control.errorhandler(ValueError)
@control.errorhandler(TypeError)
@control.errorhandler(KeyError)
def _wrong(error: Exception) -> Response:
    return as_json({"error": str(error)}, 400)


@control.errorhandler(Refusal)
def _refused(refusal: Refusal) -> Response:
    return as_json({"error": str(refusal), "Fault": refusal.body()}, 400)
