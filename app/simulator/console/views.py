"""The console's pages, gathered: importing this hangs them all on the blueprint."""

from app.simulator.console import bookkeeping, browsing, weather
from app.simulator.console.door import console

PARTS = (bookkeeping, browsing, weather)

__all__ = ["PARTS", "console"]
