"""How long a killed worker is felt: from `kill -9` until the next request arrives, another worker starting at once.

What flew may still be on its way to QuickBooks, so it is repeated only when it can't be any more; what did not fly has
nothing to wait for. Leases and time-outs are the real ones.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import select

from app.foundation.database import db, end_reading
from app.foundation.tenancy import everywhere
from app.sync.records.envelopes import Envelope, EnvelopeState
from benchmarks import firm as firms
from benchmarks.firm import Firm
from benchmarks.installation import Installation, running, wait_until

IDLE_KILLS = 3
RUN_KILLS = 3
_RUN = 300
_LONG_CALL = 15.0
"""Seconds for which the calls are on the line that their worker does not survive: less than the shortest cap."""
_SEED = 11


def measure(report: Callable[[str], None]) -> dict[str, float]:
    """The worst of several, for each way to die."""
    with running() as installation:
        waits = list(_idle(installation, report))
    with running() as installation:
        waits += _between_calls(installation, report)
    with running() as installation:
        single, batch = _in_flight(installation, report)
    return {"recover_idle_s": max(waits), "recover_single_s": single, "recover_batch_s": batch}


def _idle(installation: Installation, report: Callable[[str], None]) -> Iterator[float]:
    """An invoice is opened in the moment in which an idle worker is killed."""
    firm = firms.found(installation, clients=1)
    for draft in firm.draft(IDLE_KILLS):
        installation.start_worker()
        time.sleep(4)
        firm.open([draft])
        killed = _killed_and_replaced(installation)
        yield _until_sent(installation, firm, killed)
        report(f"killed as an invoice was opened: {_until_sent(installation, firm, killed):.1f} s")
        installation.kill_worker()


def _between_calls(installation: Installation, report: Callable[[str], None]) -> Iterator[float]:
    """It is killed somewhere in a run; where something flew in that moment, that kill does not count here."""
    lot = random.Random(_SEED)
    counted = 0
    for firm in _fresh_firms(installation):
        firms.hold([firm])
        firm.open(firm.draft(_RUN))
        installation.start_worker()
        time.sleep(4)
        firms.let_go([firm])
        wait_until(lambda firm=firm: installation.counts(firm.realm)["writes"] > 0, every=0.02)  # type: ignore[misc]
        time.sleep(lot.uniform(0.05, 0.5))
        wait_until(lambda firm=firm: not _flies(firm), every=0.002)  # type: ignore[misc]
        installation.kill_worker()
        killed = time.time()
        if not _flies(firm):
            installation.start_worker()
            counted += 1
            yield _until_sent(installation, firm, killed)
            report(f"killed between two calls of a run: {_until_sent(installation, firm, killed):.1f} s")
            installation.kill_worker()
        if counted == RUN_KILLS:
            return


def _in_flight(installation: Installation, report: Callable[[str], None]) -> tuple[float, float]:
    """One worker dies over two single calls and two batches of four companies."""
    found = _fresh_firms(installation)
    alone, together = [next(found), next(found)], [next(found), next(found)]
    firms.hold([*alone, *together])
    for firm in alone:
        firm.open(firm.draft(1))
    for firm in together:
        firm.open(firm.draft(30))
    installation.start_worker()
    time.sleep(4)
    installation.control("switches", {"request_seconds": _LONG_CALL})
    firms.let_go([*alone, *together])
    wait_until(lambda: all(installation.counts(firm.realm)["writes"] for firm in [*alone, *together]), every=0.02)
    killed = _killed_and_replaced(installation)
    installation.control("switches", {"request_seconds": 0})
    single = max(_until_sent(installation, firm, killed) for firm in alone)
    report(f"killed with a single call in flight: {single:.1f} s")
    batch = max(_until_sent(installation, firm, killed) for firm in together)
    report(f"killed with a batch in flight: {batch:.1f} s")
    return single, batch


def _fresh_firms(installation: Installation) -> Iterator[Firm]:
    """One firm after the other, each with a company of its own."""
    for number in range(1, 50):
        yield firms.found(installation, clients=10, realm=firms.founded_company(installation, number))


def _killed_and_replaced(installation: Installation) -> float:
    """Kill the worker and start another at once; when that was."""
    installation.kill_worker()
    killed = time.time()
    installation.start_worker()
    return killed


def _flies(firm: Firm) -> bool:
    """Whether an envelope of the firm had begun to leave and has no answer: only its worker knew how far it came."""
    begun = select(Envelope.id).where(
        Envelope.connection_id == firm.connection_id, Envelope.state == EnvelopeState.STORED, Envelope.sends > 0
    )
    with everywhere():
        flies = db.session.scalar(begun.limit(1)) is not None
    end_reading()
    return flies


def _until_sent(installation: Installation, firm: Firm, killed: float) -> float:
    """Seconds from the kill until the firm's next write arrived."""
    wait_until(lambda: bool(_writes_after(installation, firm, killed)), every=0.1)
    return min(_writes_after(installation, firm, killed)) - killed


def _writes_after(installation: Installation, firm: Firm, moment: float) -> list[float]:
    calls = [call for call in installation.calls(firm.realm, 500) if call["method"] == "POST"]
    arrived = (datetime.fromisoformat(call["at"]).timestamp() for call in calls)
    return [at for at in arrived if at > moment]
