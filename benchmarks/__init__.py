"""Measurements of the portal against bounds and against simpler ways to do the same; run by `make bench`."""
