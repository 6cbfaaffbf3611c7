"""How long the server takes for each page of a practice of five years, and of one that is a hundredth of it.

The pages are those of the tests' table of routes, asked for in this process as gunicorn would ask: no network, but all
of our work. Growth is the time of all pages together, for lists of a small practice
are shorter than a page.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app.accounts.models import Organisation, User
from app.accounts.roles import Role
from app.accounts.signup import add_user
from app.foundation import sqlite
from app.foundation.database import db, transaction
from benchmarks import practice, responder
from benchmarks.figures import median, percentile
from benchmarks.ledger import Ledger, opened
from tests import portal
from tests.web.routes_table import ROUTES
from tests.world import World

PART = 100
_TURNS = 20
_WARMING = 2
_SHOWN = (200, 286)
"""A page, or a fragment that need not be asked for again."""
_EMAIL, _PASSWORD = "ann@benchmark.example", "correct horse battery"
FURTHER: dict[str, tuple[str, dict[str, Any]]] = {
    "invoices.index: the last page": ("invoices.index", {"page": 1_000_000}),
    "invoices.index: paid ones": ("invoices.index", {"status": "paid"}),
    "invoices.index: of two years": ("invoices.index", {"from": "2024-01-01", "to": "2025-12-31"}),
    "invoices.index: of one client": ("invoices.index", {"client": 7}),
    "invoices.index: words": ("invoices.index", {"search": "client 49"}),
    "invoices.index: a word that nothing has": ("invoices.index", {"search": "zzz"}),
    "clients.index: the last page": ("clients.index", {"page": 1_000_000}),
    "clients.index: a name": ("clients.index", {"search": "client 7"}),
    "payments.index: the last page": ("payments.index", {"page": 1_000_000}),
    "payments.index: words": ("payments.index", {"search": "client 49"}),
    "payments.index: a word that nothing has": ("payments.index", {"search": "zzz"}),
    "debtors.index: the last page": ("debtors.index", {"page": 1_000_000}),
    "debtors.index: a name": ("debtors.index", {"search": "client 7"}),
    "search.index: a number": ("search.index", {"search": "C-2"}),
    "search.index: an amount": ("search.index", {"search": "£1,710.00"}),
    "quickbooks.clients: linked": ("quickbooks.clients", {"tab": "linked"}),
    "quickbooks.mappings: unmapped": ("quickbooks.mappings", {"tab": "unmapped"}),
    "sync_log.index: without errors": ("sync_log.index", {"show": "clean"}),
    "sync_log.index: done": ("sync_log.index", {"show": "done"}),
    "sync_log.index: a number": ("sync_log.index", {"search": "C-2"}),
    "sync_log.index: words that nothing has": ("sync_log.index", {"search": "zzz"}),
    "sync_log.index: words in what is earlier": ("sync_log.index", {"search": "zzz", "upto": 500_000}),
}
"""What an address asks of a page beside its first look."""
NO_PAGES = {
    # files
    *("debtors.download", "statements.download", "statements.pdf", "imports.refusals", "imports.sample"),
    *("invoices.export", "credit_notes.export", "payments.export"),
    *("invoices.pdf", "credit_notes.pdf", "sync_log.export", "sync_log.bundle", "sync_log.bundle_of"),
    *("reconciliation.totals", "reconciliation.open_on_both", "reconciliation.export", "reconciliation.history"),
    "quickbooks.export_mappings",
    "quickbooks.export_clients",
    "quickbooks.connect_button_picture",
    # leads to another page
    *("quickbooks.connect", "quickbooks.company", "quickbooks_door.callback"),
    # asks about what was ticked, or was recorded here, or asks QuickBooks first
    *("differences.act", "differences.ignore", "payments.divide", "payments.void", "quickbooks.same_number"),
}
"""Looked at, and not measured: what is no page, and what shows none of a practice's learnt payments and sent invoices.

What is neither here nor answers with a page ends the measurement, so that none is left out unnoticed.
"""
_OLD = {"client_id": 7, "service_id": 1, "payment_id": 3}
"""Rows with years behind them, where an address names one."""

Times = dict[str, list[float]]
"""{page: milliseconds of each turn}."""


def measure(report: Callable[[str], None]) -> dict[str, Any]:
    """The slowest page by its 95th percentile; and how much longer all pages take than in the small practice."""
    with responder.running() as address:
        young = _times(address, practice.FULL.shared_by(PART), report)
        old = _times(address, practice.FULL, report)
    slow = {page: percentile(times, 0.95) for page, times in old.items()}
    worst = sorted(slow, key=lambda page: -slow[page])
    for page in worst[:10]:
        report(f"{slow[page]:.0f} ms {page}, {percentile(young[page], 0.95):.0f} ms in the small practice")
    growth = sum(median(old[page]) for page in old) / sum(median(young[page]) for page in old)
    return {"worst_p95_ms": round(slow[worst[0]], 1), "worst_page": worst[0], "pages_growth": round(growth, 2)}


def _times(address: str, size: practice.Size, report: Callable[[str], None]) -> Times:
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder), address, clients=size.clients) as ledger:
        practice.grow(ledger, size, report)
        sqlite.learn_sizes(db.engine)
        report(f"asking for every page of {size.invoices:,} invoices")
        ann, pages = _ann(ledger), dict(_pages(ledger))
        return {page: _asked(ann, path) for page, path in pages.items()}


def _ann(ledger: Ledger) -> FlaskClient:
    with transaction() as session:
        organisation = session.get_one(Organisation, ledger.organisation_id)
        add_user(organisation, _EMAIL, "Ann", role=Role.OWNER, password=_PASSWORD)
    return portal.sign_in(ledger.app, _EMAIL, _PASSWORD)


def _pages(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """(what it is called, its address) of all that a signed-in person can look at."""
    for rule in pages_of(ledger.app):
        values = _values(rule, ledger)
        with ledger.app.test_request_context():
            yield rule.endpoint, ledger.app.url_for(rule.endpoint, **values)
    for name, (endpoint, asked) in FURTHER.items():
        with ledger.app.test_request_context():
            yield name, ledger.app.url_for(endpoint, **asked)


def pages_of(app: Flask) -> Iterator[Rule]:
    """The addresses that show a page to whoever is signed in."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint not in NO_PAGES and ROUTES[rule.endpoint].action is not None:
            yield rule


def _values(rule: Rule, ledger: Ledger) -> Mapping[str, Any]:
    ids = ROUTES[rule.endpoint].ids
    if ids is None:
        return {}
    with ledger.inside(), transaction() as session:
        ann = session.scalars(select(User)).one()
        made = ids(cast("World", SimpleNamespace(adam=ann, olivia=ann)))
        return {name: _OLD.get(name, value) for name, value in made.items()}


def _asked(browser: FlaskClient, path: str) -> list[float]:
    """Milliseconds of each turn. Raises RuntimeError for what is no page."""
    times = []
    for turn in range(_WARMING + _TURNS):
        began = time.perf_counter()
        answer = browser.get(path)
        times.append((time.perf_counter() - began) * 1000)
        if turn == 0 and (answer.status_code not in _SHOWN or answer.mimetype != "text/html"):
            raise RuntimeError(f"{path} answers {answer.status_code} {answer.mimetype}: is it a page?")
    return times[_WARMING:]
