"""From the click on Open until the invoice's request arrives at QuickBooks, while nothing else goes on.

The clock starts as the browser's POST leaves and ends as the simulator takes the call in: the portal's own work on the
click is part of it. How much of it comes after the commit is told beside it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from app.accounts.models import Organisation
from app.accounts.roles import Role
from app.accounts.signup import add_user
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.foundation.tenancy import acting_for, everywhere
from benchmarks import firm as firms
from benchmarks import servers
from benchmarks.browser import Browser
from benchmarks.figures import percentile
from benchmarks.firm import Firm
from benchmarks.installation import Installation, running, wait_until
from tests.servers import Missing

CLICKS = 120
_WARMING = 5
_EMAIL, _PASSWORD = "ann@benchmark.example", "correct horse battery"
_SEED = 7


def measure(report: Callable[[str], None]) -> dict[str, float]:
    """On SQLite, then on PostgreSQL and Redis where they can be had."""
    with running() as installation:
        clicks = _clicks(installation, "SQLite", report)
    found = {"open_p50_ms": percentile(clicks, 0.5), "open_p99_ms": percentile(clicks, 0.99)}
    try:
        with servers.running() as addresses, running(**addresses) as installation:
            clicks = _clicks(installation, "PostgreSQL and Redis", report)
    except Missing as missing:
        report(str(missing))
        return found
    return found | {"open_p50_ms_pg": percentile(clicks, 0.5), "open_p99_ms_pg": percentile(clicks, 0.99)}


def _clicks(installation: Installation, name: str, report: Callable[[str], None]) -> list[float]:
    """Milliseconds from each click to its request's arrival."""
    firm = firms.found(installation, clients=10)
    browser = _ann(installation, firm)
    drafts = firm.draft(_WARMING + CLICKS)
    installation.start_worker()
    _open_one_by_one(installation, browser, drafts[:_WARMING])
    report(f"{CLICKS} clicks on Open, {name}")
    clicked = _open_one_by_one(installation, browser, drafts[_WARMING:])
    arrived = _arrivals(installation)
    opened = _opened(firm, list(clicked))
    waits = [1000 * (arrived[opened[one][0]] - moment) for one, moment in clicked.items()]
    later = [1000 * (arrived[number] - moment) for number, moment in opened.values()]
    report(f"{name}: {_told(waits)}; after the commit {_told(later)}")
    return waits


def _ann(installation: Installation, firm: Firm) -> Browser:
    """Somebody of the firm at her browser."""
    with everywhere(), transaction() as session:
        organisation = session.get_one(Organisation, firm.organisation_id)
        add_user(organisation, _EMAIL, "Ann", role=Role.OWNER, password=_PASSWORD)
    return Browser.signed_in(installation.portal, _EMAIL, _PASSWORD)


def _open_one_by_one(installation: Installation, browser: Browser, drafts: Sequence[int]) -> dict[int, float]:
    """{draft: when Open was clicked}; each waits for the one before, and for chance, so that no beat is met always."""
    lot = random.Random(_SEED)
    clicked = {}
    wanted = installation.invoices()
    for draft in drafts:
        time.sleep(lot.uniform(0.2, 1.2))
        clicked[draft] = time.time()
        browser.click(f"/invoices/{draft}/open")
        wanted += 1
        wait_until(lambda wanted=wanted: installation.invoices() == wanted)  # type: ignore[misc]
    return clicked


def _arrivals(installation: Installation) -> dict[str, float]:
    """{invoice number: when its request arrived}."""
    calls = [call for call in installation.calls() if call["operation"] == "create"]
    return {_number(call["sent"]): datetime.fromisoformat(call["at"]).timestamp() for call in calls}


def _number(sent: str) -> str:
    return sent.partition('"DocNumber":"')[2].partition('"')[0]


def _opened(firm: Firm, ids: list[int]) -> dict[int, tuple[str, float]]:
    """{document: (its number, when it was opened)}: a moment before the commit."""
    with acting_for(firm.organisation_id):
        rows = db.session.scalars(select(Document).where(Document.id.in_(ids)))
        return {row.id: (row.number or "", row.opened_at.timestamp()) for row in rows if row.opened_at}


def _told(milliseconds: Sequence[float]) -> str:
    return f"median {percentile(milliseconds, 0.5):.0f} ms, 99th percentile {percentile(milliseconds, 0.99):.0f} ms"
