"""A worker process: chores that go on, and an end that is asked for."""

from __future__ import annotations

import errno
import os
import threading

from app.worker.process import Chore, worker_name


def test_a_chore_works_again_and_again_until_it_is_ended() -> None:
    thrice = threading.Event()
    turns: list[int] = []

    def work() -> None:
        turns.append(1)
        if len(turns) == 3:
            thrice.set()

    chore = Chore("sweep", 0.001, work)
    chore.start()
    assert thrice.wait(10)
    chore.end()
    chore.join(10)
    assert not chore.is_alive()


def test_a_chore_survives_a_disk_too_full_for_the_line_that_says_so() -> None:
    again = threading.Event()
    turns: list[int] = []

    def work() -> None:
        turns.append(1)
        if len(turns) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        again.set()

    chore = Chore("sweep", 0.001, work)
    chore.start()
    assert again.wait(10)
    chore.end()


def test_a_worker_is_named_by_host_and_process() -> None:
    assert worker_name().endswith(f":{os.getpid()}")
