"""Where processes are born: one that has imported everything and holds no connection forks a life for each order.

A life that is killed is told by its signal; one that is stopped waits there until it is let go on.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from typing import Any, NamedTuple

from flask import Flask

from app.factory import create_app
from tests import portal, simulation
from tests.crashes.life import Order, live
from tests.crashes.plays import SCENES

_GO_ON = "go on"
_DEFECT = 70


class End(NamedTuple):
    """How a life ended, or stopped: its signal (0: it lived to the end), its story, and what it complained of."""

    signal: int
    story: list[str]
    complaint: str = ""
    stopped: bool = False


class _Rehearsal(NamedTuple):
    order: Order


class Nursery:
    """The parent's side: orders a life and waits for its end."""

    def __init__(self, line: Pipe) -> None:
        self._line = line

    def live(self, order: Order) -> End:
        """Let a process live to its end, its death, or its stop. AssertionError for a defect of its own."""
        self._line.send(order)
        return self._end()

    def warm_up(self, order: Order) -> None:
        """Let the one that forks play a scene itself: what it compiled for that, every life inherits."""
        self._line.send(_Rehearsal(order))
        self._end()

    def go_on(self) -> End:
        """Wake the process that was stopped last."""
        self._line.send(_GO_ON)
        return self._end()

    def _end(self) -> End:
        end: End = self._line.recv()
        assert not end.complaint, end.complaint
        return end


@contextmanager
def opened(base: str, database_url: str) -> Iterator[Nursery]:
    """A nursery for the lives of one portal, for as long as the block lasts."""
    context: Any = get_context("forkserver")  # what forks must have no threads; the test process has some
    context.set_forkserver_preload([__name__])
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(base, database_url, theirs), daemon=False)
    process.start()
    theirs.close()
    try:
        yield Nursery(ours)
    finally:
        ours.close()
        process.join()


def _serve(base: str, database_url: str, line: Pipe) -> None:
    app = create_app(simulation.settings_at(base, database_url, log_format="json"))
    portal.make_light(app)
    stopped: list[tuple[int, int]] = []
    while (wish := _next(line)) is not None:
        if isinstance(wish, _Rehearsal):
            line.send(_rehearsed(app, wish.order))
            continue
        if wish == _GO_ON:
            pid, story = stopped.pop()
            os.kill(pid, signal.SIGCONT)
        else:
            pid, story = _born(app, wish)
        end = _wait(pid, story)
        if end.stopped:
            stopped.append((pid, story))
        line.send(end)


def _rehearsed(app: Flask, order: Order) -> End:
    """In a thread of its own, with which its line to the other side ends too: no life may inherit that."""
    with ThreadPoolExecutor(1) as thread:
        return End(0, thread.submit(live, app, order, SCENES).result())


def _next(line: Pipe) -> Any:
    try:
        return line.recv()
    except EOFError:
        return None


def _born(app: Flask, order: Order) -> tuple[int, int]:
    """Fork a life; returns its process id and where its story can be read."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(readable)
        os._exit(_live(app, order, writable))
    os.close(writable)
    return pid, readable


def _live(app: Flask, order: Order, writable: int) -> int:
    try:
        told, code = "\n".join(live(app, order, SCENES)), 0
    except BaseException:  # noqa: BLE001 - whatever it is, it is told in the test
        told, code = traceback.format_exc(), _DEFECT
    with os.fdopen(writable, "w") as pipe:
        pipe.write(told)
    return code


def _wait(pid: int, readable: int) -> End:
    _pid, status = os.waitpid(pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        return End(os.WSTOPSIG(status), [], stopped=True)
    with os.fdopen(readable) as pipe:
        told = pipe.read()
    if os.WIFSIGNALED(status):
        return End(os.WTERMSIG(status), [])
    complaint = told if os.WEXITSTATUS(status) else ""
    return End(0, told.splitlines(), complaint)
