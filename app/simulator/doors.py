"""What all doors share: the world behind them, the methods they answer, the JSON they speak."""

from flask import Response, current_app, request

from app.simulator.bookkeeping import wire
from app.simulator.bookkeeping.wire import Body
from app.simulator.world import World

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
EXTENSION = "simulator"
_MOST_ROWS = 2**63


def world() -> World:
    """The world of the application that answers this request."""
    found = current_app.extensions[EXTENSION]
    if not isinstance(found, World):
        msg = "this application is no simulator"
        raise TypeError(msg)
    return found


def as_json(body: object, status: int = 200) -> Response:
    """A JSON answer that may hold Decimals."""
    return Response(wire.encode(body), status, content_type="application/json")


def row_number(value: object) -> int:
    """A number that counts rows or names one. Raises ValueError for any other, and for more than SQLite can count."""
    number = int(str(value))
    if not 0 <= number < _MOST_ROWS:
        raise ValueError(f"out of range: {number}")
    return number


def sent_object() -> Body:
    """The JSON object in the request's body; no body counts as an empty one. Raises ValueError."""
    raw = request.get_data()
    value = wire.decode(raw) if raw else {}
    if not isinstance(value, dict):
        raise TypeError("expected a JSON object")
    return value
