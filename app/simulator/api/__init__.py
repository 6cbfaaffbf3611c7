"""The Accounting API (§2, §5, §6): gateway, single calls, query, batch, change data capture."""
