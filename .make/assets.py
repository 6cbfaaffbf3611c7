"""Cut the front end's files out of pinned, hashed wheels into `static/vendor/`.

The wheels of `requirements-assets.txt` are fetched by pip, which follows the machine's own settings and refuses a wheel
whose hash differs. `ASSETS_WHEELS=<folder>` takes them from a folder instead, without any network. None is installed.

Written beside the files: `manifest.json`, `{file: {"integrity": "sha384-…", "from": "<wheel>", "bytes": n}}`, and the
licences. A second run with the same wheels and icons does nothing.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
VENDOR = ROOT / "static" / "vendor"
LOCK = ROOT / "requirements-assets.txt"
SPRITE = "flask_bootstrap/static/bootstrap5/icons/bootstrap-icons.svg"

# Our name for a file: the start of its wheel's name, and its place inside.
WANTED = {
    "htmx.min.js": ("django_htmx-", "django_htmx/static/django_htmx/htmx-2.min.js"),
    "tabler.min.css": ("starlette_admin-", "starlette_admin/static/css/vendor/tabler.min.css"),
    "tabler.min.js": ("starlette_admin-", "starlette_admin/static/js/vendor/tabler.min.js"),
    "icons.svg": ("bootstrap_flask-", SPRITE),
}
ICON_CALL = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")


def main() -> int:
    """Write the files unless those that lie there were made from the same things; 1 when pip or an icon fails."""
    icons = used_icons()
    fingerprint = made_from(icons)
    stamp = VENDOR / ".made-from"
    if stamp.is_file() and stamp.read_text() == fingerprint and (VENDOR / "manifest.json").is_file():
        return 0
    with tempfile.TemporaryDirectory() as folder:
        if fetch(Path(folder)) != 0:
            print("assets: pip could not fetch the wheels (offline? give ASSETS_WHEELS=<folder with the wheels>)")
            return 1
        write({name: cut(Path(folder), name, icons) for name in WANTED})
    stamp.write_text(fingerprint)
    print(f"assets: {len(WANTED)} files in static/vendor, {len(icons)} icons")
    return 0


def used_icons() -> list[str]:
    """Each name in an `icon('…')` call of a template, and those that `icons.txt` lists because a table names them."""
    listed = (line.split("#")[0].strip() for line in (HERE / "icons.txt").read_text().splitlines())
    called = (name for page in (ROOT / "templates").rglob("*.html") for name in ICON_CALL.findall(page.read_text()))
    return sorted({*filter(None, listed), *called})


def made_from(icons: list[str]) -> str:
    """What the result depends on, in one line."""
    return hashlib.sha256(LOCK.read_bytes() + Path(__file__).read_bytes() + "\n".join(icons).encode()).hexdigest()


def fetch(folder: Path) -> int:
    """Give pip's exit code. A folder of wheels is checked against the same hashes."""
    wheels = os.environ.get("ASSETS_WHEELS")
    source = ["--no-index", "--find-links", wheels] if wheels else []
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download"]
    rules = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement", str(LOCK), "--dest", str(folder)]
    return subprocess.run([*pip, *rules, *source], check=False).returncode


def cut(folder: Path, name: str, icons: list[str]) -> tuple[bytes, str]:
    """One file's content, and the wheel it is from."""
    prefix, member = WANTED[name]
    wheel = next(folder.glob(f"{prefix}*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(member)
    return (small_sprite(content.decode(), icons).encode() if member == SPRITE else content), wheel.name


def small_sprite(sprite: str, icons: list[str]) -> str:
    """The sprite with only these symbols; an unknown name ends the run, for the page would show a hole."""
    symbols = dict(re.findall(r'(?s)<symbol [^>]*?id="([^"]+)"[^>]*>(.*?)</symbol>', sprite))
    unknown = [name for name in icons if name not in symbols]
    if unknown:
        sys.exit(f"assets: not among Bootstrap Icons: {', '.join(unknown)}")
    kept = "\n".join(f'<symbol viewBox="0 0 16 16" id="{name}">{symbols[name]}</symbol>' for name in icons)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{kept}\n</svg>\n'


def write(files: dict[str, tuple[bytes, str]]) -> None:
    """The files first and the manifest last, so that a manifest always speaks of files that are there."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, (content, _) in files.items():
        (VENDOR / name).write_bytes(content)
    shutil.copy(HERE / "licences.txt", VENDOR / "LICENCES.txt")
    manifest = {name: described(content, wheel) for name, (content, wheel) in files.items()}
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


def described(content: bytes, wheel: str) -> dict[str, str | int]:
    """One line of the manifest, as a page's `integrity` attribute wants it."""
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return {"integrity": f"sha384-{digest}", "from": wheel, "bytes": len(content)}


if __name__ == "__main__":
    sys.exit(main())
