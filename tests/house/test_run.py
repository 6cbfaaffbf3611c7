"""`make run`: one at a time in a folder."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

MAKE = Path(__file__).parents[2] / ".make"


def test_a_second_run_in_the_same_folder_is_refused_and_touches_nothing(tmp_path: Path) -> None:
    """Two would write one simulator's books, and RESET=1 would take the files away under the first."""
    here = shutil.copytree(MAKE, tmp_path / ".make")
    (tmp_path / "instance").mkdir()
    with (here / "run.py").open() as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        command = [sys.executable, str(here / "run.py")]
        second = subprocess.run(command, env={"RESET": "1"}, capture_output=True, text=True, check=False)
    assert (second.returncode, (tmp_path / "instance").exists()) == (1, True)
    assert "It runs already" in second.stderr
