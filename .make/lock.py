"""Pin again what pyproject.toml asks for: versions and hashes for every platform, and no address of any registry."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMPILER = "uv==0.13.8"
RULES = [
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--annotation-style", "line"),
    *("--no-emit-index-url", "--no-emit-find-links", "--system-certs", "--quiet"),
]
# In this order: the tests take the versions that the product takes.
LOCKS = {
    "requirements.txt": ["--extra", "production"],
    "requirements-test.txt": ["--extra", "production", "--group", "test", "--constraints", "requirements.txt"],
    "requirements-assets.txt": ["--group", "assets", "--no-deps"],
    "requirements-servers.txt": ["--group", "servers", "--no-deps"],
}


def main() -> int:
    """Write all locks; 1 when one cannot be."""
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    subprocess.run([sys.executable, "-m", "pip", "--quiet", "install", COMPILER], check=True)
    return max(compile_lock(lock, [*what, *upgrade]) for lock, what in LOCKS.items())


def compile_lock(lock: str, what: list[str]) -> int:
    """Write one lock; the compiler's exit code. Groups stand alone, the product's own needs come with an extra."""
    source = ["pyproject.toml"] if "--extra" in what else []
    command = [sys.executable, "-m", "uv", "pip", "compile", *RULES, *source, *what, "--output-file", lock]
    print(lock)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
