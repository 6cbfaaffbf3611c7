"""Say whether the migrations make the tables that the models describe, on a new SQLite file that is taken away again.

Whatever database the environment names is left alone; the same is tested on PostgreSQL in `tests/house`.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
# The keys open nothing: no secret is ever sealed in this database.
KEYS = {"SECRET_KEY": "0" * 64, "SEALING_KEYS": "check:" + "A" * 43 + "="}


def main() -> int:
    """Upgrade, then compare; flask's exit code."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **KEYS, "DATABASE_URL": f"sqlite:///{folder}/check.sqlite"}
        return flask("upgrade", environment) or flask("check", environment)


def flask(command: str, environment: dict[str, str]) -> int:
    """Run `flask db <command>`, quiet unless it fails."""
    program = [sys.executable, "-m", "flask", "--app", "wsgi", "db", command]
    done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"flask db {command}:\n{done.stdout}{done.stderr}")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
