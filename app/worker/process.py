"""One worker process: Huey's consumer for hints, and threads that look at the rows and find what no hint told."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from flask import Flask

from app.foundation.settings import Settings
from app.sync.engine import Engine
from app.worker.bell import EXTENSION, Bell
from app.worker.tasks import Tasks

THREADS = 8
"""How many lanes are told at once; each waits for Intuit most of the time."""
_BEAT_SECONDS = 5.0


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


def run(app: Flask, engine: Engine, *, threads: int = THREADS) -> None:
    """Work until a signal ends the process; SIGTERM lets what is on the line finish first."""
    bell = cast("Bell", app.extensions[EXTENSION])
    tasks = Tasks(app, engine, bell)
    bell.listen(tasks.drain)
    chores = _chores(tasks, engine.settings)
    for chore in chores:
        chore.start()
    consumer = bell.huey.create_consumer(
        workers=threads,
        worker_type="thread",
        periodic=False,
        initial_delay=0.05,
        max_delay=0.25,
        graceful_signal="TERM",
    )
    try:
        consumer.run()
    finally:
        for chore in chores:
            chore.end()


def _chores(tasks: Tasks, settings: Settings) -> list[Chore]:
    pause = settings.scan_seconds
    return [
        Chore("heartbeat", _BEAT_SECONDS, tasks.beat),
        Chore("sweep", pause, tasks.sweep),
        Chore("listen", pause, tasks.listen),
        Chore("compare", max(pause, 1.0), tasks.compare),
        Chore("imports", pause, tasks.imports),
        Chore("mail", max(pause, 1.0), tasks.mail),
    ]


def worker_name() -> str:
    """Names this process in leases and heartbeats."""
    return f"{socket.gethostname()}:{os.getpid()}"
