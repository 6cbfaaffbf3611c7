"""Every test of billing stands in the firm, on Monday 2 March 2026 at nine in the morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.foundation import clock
from app.foundation.clock import HeldClock
from tests.billing.firm import Firm, build
from tests.world import World


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with clock.use(held_clock := HeldClock(datetime(2026, 3, 2, 9, tzinfo=UTC))):
        yield held_clock


@pytest.fixture
def firm(northgate: World, held: HeldClock) -> Firm:
    return build()
