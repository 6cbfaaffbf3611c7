"""What the engine itself costs: against a responder that answers at once, beside a bare loop that posts the same bytes.

The bare loop only posts prepared batches and keeps id and SyncToken of each document, one durable commit a batch, in a
database of the same kind: no decision, no envelope, no proof of what was sent. A profile of one more run tells what the
engine spends its time on beside that.
"""

from __future__ import annotations

import cProfile
import pstats
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import create_engine, select

from app.foundation import sqlite
from app.foundation.database import db, end_reading
from app.quickbooks.calls import BATCH_LIMIT, Call
from app.sync.records.envelopes import Envelope
from benchmarks import responder
from benchmarks.ledger import REALM, Ledger, opened

DOCUMENTS = 3_000
_WARM = 300
_RUNS = 3
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Authorization": "Bearer canned"}
_STORE = "INSERT INTO sent VALUES (?, ?, ?)"
_STAGES = {
    ("lanes.py", "due"): "finding what is due",
    ("deciding.py", "decide"): "deciding: both sides read, readiness asked, bodies written",
    ("filling.py", "_sound"): "the envelope: bodies checked and encoded, messages claimed, members stored",
    ("loading.py", "load"): "the envelope: bodies checked and encoded, messages claimed, members stored",
    ("line.py", "send"): "the call itself",
    ("faults.py", "read_answer"): "reading the answer",
    ("ending.py", "_end_members"): "landing: links, totals, timelines, messages settled",
    ("recording.py", "sent"): "the attempts: what went over the wire, masked",
    ("default.py", "do_commit"): "commits",
}
"""The functions of the engine that hold each stage; none calls another."""


@dataclass(frozen=True)
class Speed:
    """Seconds of the clock and of this process's CPU for one document."""

    wall: float
    cpu: float


def measure(report: Callable[[str], None]) -> dict[str, float]:
    """Both, over 3,000 invoices of two lines for known clients, the better of three runs each."""
    with (
        tempfile.TemporaryDirectory() as folder,
        responder.running() as address,
        opened(Path(folder), address) as ledger,
    ):
        ledger.post(_WARM)
        ledger.drain()
        engine = _best([_timed(ledger.drain, before=lambda: ledger.post(DOCUMENTS)) for _run in range(_RUNS)])
        bodies = _frozen_bodies()
        profile = _profiled(ledger)
        bare = _best([_bare(Path(folder) / f"bare{run}.sqlite", address, bodies) for run in range(_RUNS)])
    report(f"engine     {1 / engine.wall:8,.0f} documents a second, {engine.cpu * 1000:.2f} ms of CPU each")
    report(f"bare loop  {1 / bare.wall:8,.0f} documents a second, {bare.cpu * 1000:.2f} ms of CPU each")
    for share, stage in profile:
        report(f"  {share:4.0%}  {stage}")
    return {"engine_vs_bare": round(bare.wall / engine.wall, 3), "cpu_ms_per_document": round(engine.cpu * 1000, 3)}


def _best(speeds: list[Speed]) -> Speed:
    return min(speeds, key=lambda speed: speed.wall)


def _timed(work: Callable[[], None], *, before: Callable[[], None] = lambda: None) -> Speed:
    before()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Speed((time.perf_counter() - wall) / DOCUMENTS, (time.process_time() - cpu) / DOCUMENTS)


def _frozen_bodies() -> list[bytes]:
    """What the engine has sent last: so many full batches, to the byte."""
    newest = select(Envelope.call).order_by(Envelope.id.desc()).limit(DOCUMENTS // BATCH_LIMIT)
    bodies = [Call.from_json(call).body for call in db.session.scalars(newest)]
    end_reading()
    return bodies


def _bare(file: Path, address: str, bodies: list[bytes]) -> Speed:
    engine = create_engine(f"sqlite:///{file}", module=sqlite.library)  # type: ignore[attr-defined]  # chosen there, once
    sqlite.prepare(engine)
    connection = engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE sent (id INTEGER PRIMARY KEY, remote_id TEXT, sync_token TEXT)")
    connection.commit()

    def post_all() -> None:
        with requests.Session() as session:
            for number, body in enumerate(bodies):
                where = f"{address}/v3/company/{REALM}/batch?requestid={number}"
                members = session.post(where, body, headers=_HEADERS).json()["BatchItemResponse"]
                seen = [member["Invoice"] for member in members]
                rows = [(number * 30 + at, one["Id"], one["SyncToken"]) for at, one in enumerate(seen)]
                cursor.execute("BEGIN IMMEDIATE")
                cursor.executemany(_STORE, rows)
                connection.commit()

    try:
        return _timed(post_all)
    finally:
        connection.close()
        engine.dispose()


def _profiled(ledger: Ledger) -> list[tuple[float, str]]:
    """(share of the time, stage) of one more run, the greatest first; the profile itself makes it slower."""
    ledger.post(DOCUMENTS)
    profile = cProfile.Profile()
    profile.runcall(ledger.drain)
    stats: Any = pstats.Stats(profile)
    seconds: Counter[str] = Counter()
    for (file, _line, function), (_calls, _all, _own, within, _callers) in stats.stats.items():
        if stage := _STAGES.get((Path(file).name, function)):
            seconds[stage] += within
    seconds["all the rest: lease, fence, governor, token, what the lane rests for"] = stats.total_tt - seconds.total()
    return [(spent / stats.total_tt, stage) for stage, spent in seconds.most_common()]


if __name__ == "__main__":
    print(measure(print))
