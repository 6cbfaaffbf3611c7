"""What the ground's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.foundation import clock
from app.foundation.clock import HeldClock


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with clock.use(held_clock := HeldClock(datetime(2026, 3, 2, 9, tzinfo=UTC))):
        yield held_clock
