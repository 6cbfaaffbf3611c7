"""The XML form of an answer (§2.3, §8.1): what a client gets that does not ask for JSON."""

import re
from decimal import Decimal
from xml.sax import saxutils

from app.simulator.bookkeeping.wire import Body

NAMESPACE = "http://schema.intuit.com/finance/v3"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
# Keys that stand as attributes of their element, as in recorded XML (§6.2, §8.1); the rest are elements.
_ATTRIBUTES = frozenset({
    "domain", "sparse", "status", "startPosition", "maxResults", "totalCount", "bId", "type", "code", "element",
})  # fmt: skip


# What no XML document may hold, not even written as a number.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: str) -> str:
    """A string as an element's text. Characters that XML cannot hold are left out (what Intuit does is not known)."""
    return saxutils.escape(_FORBIDDEN.sub("", value))


def _mark(value: str) -> str:
    return saxutils.quoteattr(_FORBIDDEN.sub("", value))


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _is_attribute(name: str, value: object) -> bool:
    return name in _ATTRIBUTES and value is not None and not isinstance(value, dict | list)


def _reference(name: str, value: Body) -> str:
    """`{"value": "1", "name": "A"}` is `<CustomerRef name="A">1</CustomerRef>`."""
    marks = "".join(f" {key}={_mark(str(shown))}" for key, shown in value.items() if key != "value")
    return f"<{name}{marks}>{text(str(value['value']))}</{name}>"


def _is_reference(value: object) -> bool:
    return isinstance(value, dict) and "value" in value and not isinstance(value["value"], dict | list)


def _object(name: str, value: Body) -> str:
    marks = "".join(f" {key}={_mark(_plain(one))}" for key, one in value.items() if _is_attribute(key, one))
    inside = "".join(_element(key, one) for key, one in value.items() if not _is_attribute(key, one))
    return f"<{name}{marks}>{inside}</{name}>"


def _element(name: str, value: object) -> str:
    """A property as an element; a list as one element after the other, nothing for null."""
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, dict):
        return _reference(name, value) if _is_reference(value) else _object(name, value)
    return "" if value is None else f"<{name}>{text(_plain(value))}</{name}>"


def response(body: Body, time: str) -> str:
    """An `IntuitResponse` document of what would have been a JSON answer."""
    inside = "".join(_element(name, value) for name, value in body.items() if name != "time")
    return f'{_HEAD}<IntuitResponse xmlns="{NAMESPACE}" time="{time}">{inside}</IntuitResponse>'
