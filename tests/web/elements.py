"""The elements of an answer as a browser reads them, each with its attributes and what it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

from tests.house.markup import VOID


@dataclass(frozen=True)
class Element:
    """A tag; `within` names the element around it."""

    tag: str
    attributes: dict[str, str | None]
    within: Element | None = None

    def get(self, name: str) -> str:
        """An attribute; empty where there is none."""
        return self.attributes.get(name) or ""

    def around(self, tag: str) -> Element | None:
        """The nearest element of this tag that it stands in."""
        found = self.within
        while found is not None and found.tag != tag:
            found = found.within
        return found

    @property
    def sends_form(self) -> bool:
        """Whether a button sends a form without any script."""
        return self.get("type") != "button" and bool(self.around("form") or self.get("form"))

    @property
    def asks_by_itself(self) -> bool:
        """Whether htmx asks for something on its behalf."""
        return bool({"hx-get", "hx-post"} & set(self.attributes))


class Reading(HTMLParser):
    """Reads a page or a fragment."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.title = ""
        self._open: list[Element] = []
        self.feed(text)

    @property
    def roots(self) -> list[Element]:
        """What stands in nothing."""
        return [element for element in self.elements if element.within is None]

    @property
    def ids(self) -> set[str]:
        """Every id."""
        return {element.get("id") for element in self.elements} - {""}

    def all(self, tag: str) -> list[Element]:
        """Every element of this tag."""
        return [element for element in self.elements if element.tag == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), self._open[-1] if self._open else None)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].tag == "title":
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        while tag in [element.tag for element in self._open]:
            if self._open.pop().tag == tag:
                break
