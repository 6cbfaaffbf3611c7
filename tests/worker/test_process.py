"""A worker process: chores that go on, and an end that is asked for."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading

import pytest

from app.worker.process import Chore, has_ended, worker_name


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


def test_a_worker_is_named_by_host_and_process_and_unlike_any_before() -> None:
    assert f":{os.getpid()}:" in worker_name()
    assert worker_name() != worker_name()


def test_a_holder_that_was_killed_has_ended_and_one_that_runs_has_not() -> None:
    me = worker_name()
    host = me.split(":")[0]
    gone = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert not has_ended(f"{host}:{gone.pid}:abcd:turn", me)
    gone.communicate()
    assert has_ended(f"{host}:{gone.pid}:abcd:turn", me)


def test_a_holder_with_our_own_number_has_ended_unless_it_is_ourselves() -> None:
    me = worker_name()
    former = f"{me.rpartition(':')[0]}:abcd:turn"
    assert (has_ended(f"{me}:turn", me), has_ended(former, me)) == (False, True)


def test_nobody_knows_about_a_holder_on_another_machine() -> None:
    assert not has_ended("elsewhere:1:abcd:turn", worker_name())


@pytest.mark.parametrize(
    "holder", ["tour:0badcafe", "another", "", "{host}:cli:abcd:turn", "{host}:99999999999:abcd:turn"]
)
def test_a_holder_that_is_no_worker_counts_as_running(holder: str) -> None:
    me = worker_name()
    assert not has_ended(holder.format(host=me.split(":")[0]), me)
