"""One worker process: Huey's consumer for hints, and threads that look at the rows and find what no hint told."""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import cast

from flask import Flask

from app.foundation import chance, sqlite
from app.foundation.settings import Settings
from app.sync.engine import Engine
from app.worker.bell import EXTENSION, Bell
from app.worker.tasks import Tasks
from app.worker.watermark import Watermark

_BEAT_SECONDS = 5.0
_LOOK_AFTER_SECONDS = 3600.0
_LEARN_SECONDS = 3600.0
_CATCH_UP_SECONDS = 10.0
_WORKERS_NAME = re.compile(r"(?P<host>[^:]+):(?P<number>\d{1,9}):(?P<life>[^:]+)(?::|\Z)", re.ASCII)
"""As `worker_name` makes it; in a lease the name of the turn follows."""
_HINT_THREADS = 1
"""A hint only puts a lane into the rota, which takes no time."""


class Chore(threading.Thread):
    """One kind of work, looked for again and again in a thread of its own."""

    def __init__(self, name: str, every: float, work: Callable[[], None]) -> None:
        super().__init__(name=name, daemon=True)
        self._every, self._work = every, work
        self._over = threading.Event()

    def run(self) -> None:
        """Work, wait, work, until the worker ends."""
        self._once()
        while not self._over.wait(self._every):
            self._once()

    def _once(self) -> None:
        # A full disk takes no log line either: telling of a failure fails too, and must not end this thread for good.
        with suppress(Exception):
            self._work()

    def end(self) -> None:
        """Begin no more; what runs is left to finish."""
        self._over.set()


def run(app: Flask, engine: Engine, *, lanes: int | None = None) -> None:
    """Work until a signal ends the process; what is on the line then may finish, and nothing else begins.

    Whatever takes longer than one call may is given up as at a crash: the rows say what is left to do.
    """
    bell = cast("Bell", app.extensions[EXTENSION])
    tasks = Tasks(app, engine, Watermark(bell.huey))
    bell.listen(tasks.hear)
    tasks.notice_a_restore()
    chores = _chores(tasks, engine.settings)
    tellers = _tellers(tasks, lanes or engine.settings.lanes_at_once)
    sqlite.ask_less_often(len(tellers))
    threads = [*chores, *tellers]
    for thread in threads:
        thread.start()
    try:
        _wait_for_a_signal(bell)
    finally:
        tasks.close()
        for chore in chores:
            chore.end()
        _join(threads, engine.settings.batch_call_seconds + engine.settings.lease_margin_seconds)


def _wait_for_a_signal(bell: Bell) -> None:
    """Take hints meanwhile."""
    consumer = bell.huey.create_consumer(
        workers=_HINT_THREADS,
        worker_type="thread",
        periodic=False,
        initial_delay=0.05,
        max_delay=0.25,
        graceful_signal="TERM",
    )
    consumer.run()


def _join(threads: Sequence[threading.Thread], seconds: float) -> None:
    """Wait for all of them together, at most so many seconds."""
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0.0))


def _tellers(tasks: Tasks, number: int) -> list[threading.Thread]:
    """Many, for each waits for QuickBooks most of the time and holds no connection to the database meanwhile."""
    return [threading.Thread(target=tasks.serve, name=f"lane {one}", daemon=True) for one in range(1, number + 1)]


def _chores(tasks: Tasks, settings: Settings) -> list[Chore]:
    pause = settings.scan_seconds
    return [
        Chore("heartbeat", _BEAT_SECONDS, tasks.beat),
        Chore("sweep", pause, tasks.sweep),
        Chore("listen", pause, tasks.listen),
        Chore("catch up", max(pause, _CATCH_UP_SECONDS), tasks.catch_up),
        Chore("compare", max(pause, 1.0), tasks.compare),
        Chore("imports", pause, tasks.imports),
        Chore("look after", _LOOK_AFTER_SECONDS, tasks.look_after),
        Chore("mail", max(pause, 1.0), tasks.mail),
        Chore("learn sizes", _LEARN_SECONDS, tasks.learn_sizes),
        Chore("retention", max(pause, 1.0), tasks.retain),
    ]


def worker_name() -> str:
    """A name for this process in leases and heartbeats: host, number, and what tells it from an earlier one of both."""
    return f"{socket.gethostname()}:{os.getpid()}:{chance.token_hex(4)}"


def has_ended(holder: str, me: str) -> bool:
    """Whether the holder of a lease was a process of this machine that runs no more; `me` is our own name.

    What can't be seen from here, or is no worker's name (a command's, "tour:0badcafe"), counts as running: its lease
    runs out by itself. A container that is started again has the host and mostly the number of its former self.
    """
    named = _WORKERS_NAME.match(holder)
    my_host, my_number, my_life = me.split(":")
    if named is None or named["host"] != my_host:
        return False
    number = named["number"]
    return named["life"] != my_life if number == my_number else not _runs(int(number))


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
