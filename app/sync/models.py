"""Every table of this room, for migrations and tests."""

from __future__ import annotations

from app.sync.company import former_links
from app.sync.comparing import drifts, pictures
from app.sync.first_day import beginnings
from app.sync.importing import runs as importing_runs
from app.sync.listening import cursors, deliveries, heartbeats
from app.sync.mapping import skipped
from app.sync.reconciling import open_balances, run_totals
from app.sync.records import attempts, envelopes, links, mappings, numbers, policies
from app.sync.watching import retention

TABLES = (
    attempts,
    beginnings,
    cursors,
    deliveries,
    drifts,
    envelopes,
    former_links,
    heartbeats,
    importing_runs,
    links,
    mappings,
    numbers,
    open_balances,
    pictures,
    policies,
    retention,
    run_totals,
    skipped,
)
