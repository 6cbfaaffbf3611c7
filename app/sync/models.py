"""Every table of this room, for migrations and tests."""

from __future__ import annotations

from app.sync import (
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
    pictures,
    policies,
    retention,
    run_totals,
    skipped,
)

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
    pictures,
    policies,
    retention,
    run_totals,
    skipped,
)
