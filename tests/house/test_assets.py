"""The front end's files are those of the manifest, and the sprite holds every icon that a page shows."""

import base64
import hashlib
import json
import re

from tests.house.markup import templates
from tests.house.sources import ROOT

VENDOR = ROOT / "static" / "vendor"


def test_each_file_is_what_the_manifest_says() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    assert set(manifest) == {"htmx.min.js", "tabler.min.css", "tabler.min.js", "icons.svg"}
    assert {name: described(name) for name in manifest} == {
        name: (entry["integrity"], entry["bytes"]) for name, entry in manifest.items()
    }


def test_each_icon_that_a_page_shows_is_in_the_sprite() -> None:
    shown = {name for text in templates().values() for name in re.findall(r"""\bicon\(["']([a-z0-9-]+)["']""", text)}
    listed = {line.split("#")[0].strip() for line in (ROOT / ".make" / "icons.txt").read_text().splitlines()}
    there = set(re.findall(r'id="([a-z0-9-]+)"', (VENDOR / "icons.svg").read_text()))
    assert (shown | listed) - there - {""} == set()


def described(name: str) -> tuple[str, int]:
    content = (VENDOR / name).read_bytes()
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode(), len(content)
