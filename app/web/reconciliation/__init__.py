"""Reconciliation: runs and their totals, open differences with both values, rounding; and what a person decides."""
