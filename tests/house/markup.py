"""Read a template as HTML: Jinja's own marks are taken out, its values become a letter."""

import re
from html.parser import HTMLParser
from pathlib import Path

from tests.house.sources import ROOT

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
REMARKS = re.compile(r"\{#.*?#\}", re.DOTALL)
STATEMENTS = re.compile(r"\{%.*?%\}", re.DOTALL)
VALUES = re.compile(r"\{\{.*?\}\}", re.DOTALL)
MACROS = re.compile(r"\{%-?\s*macro\b.*?\{%-?\s*endmacro\s*-?%\}", re.DOTALL)


class Roots(HTMLParser):
    """Collects the outermost elements, each with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[dict[str, str | None]] = []
        self.feed(VALUES.sub("x", STATEMENTS.sub("", MACROS.sub("", REMARKS.sub("", text)))))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.open:
            self.found.append(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.open:
            self.found.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if not self.open and data.strip():
            self.found.append({})


def templates() -> dict[str, str]:
    """Give each page and fragment of the portal, `invoices/show.html`, with its text."""
    folder = ROOT / "templates"
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*.html"))}


def sources() -> dict[str, str]:
    """Give all templates, the simulator's too."""
    inside = ROOT / "app" / "simulator" / "templates"
    return templates() | {f"simulator: {path.name}": path.read_text() for path in sorted(inside.rglob("*.html"))}


def is_fragment(name: str) -> bool:
    """Whether a template is a piece of a page, answered alone when it changes."""
    return Path(name).name.startswith("_")
