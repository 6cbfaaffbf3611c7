"""Time as the simulator sees it: the machine's, moved by an offset, shown in Intuit's zone (§2.3)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
_EARLIEST, _LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class SimulatorClock:
    """The machine's clock plus an offset in seconds that a test or a person may move."""

    def __init__(self, offset_seconds: float = 0.0) -> None:
        self.offset_seconds = offset_seconds

    def now(self) -> datetime:
        """Simulated now, aware, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_seconds)

    def move_to(self, moment: datetime) -> None:
        """Set simulated now; from there the clock goes on at its usual pace. Raises ValueError as `shift` does."""
        self.shift((moment - datetime.now(UTC)).total_seconds())

    def shift(self, offset_seconds: float) -> None:
        """Set the offset. Raises ValueError where now would lie before 1990 or after 2199, `nan` where it is none."""
        earliest, latest = ((end - datetime.now(UTC)).total_seconds() for end in (_EARLIEST, _LATEST))
        if not earliest <= offset_seconds <= latest:
            raise ValueError("the clock goes from 1990 to 2199")
        self.offset_seconds = offset_seconds

    def today(self, zone: str) -> date:
        """The calendar day in a company's own time zone."""
        return self.now().astimezone(ZoneInfo(zone)).date()


def stamp(moment: datetime) -> str:
    """As in `MetaData`: whole seconds, Pacific offset (§2.3)."""
    return moment.astimezone(PACIFIC).isoformat(timespec="seconds")


def stamp_with_milliseconds(moment: datetime) -> str:
    """As in an answer's `time`: milliseconds, Pacific offset (§2.3)."""
    return moment.astimezone(PACIFIC).isoformat(timespec="milliseconds")


def moment_from(text: str) -> datetime:
    """An ISO moment; without an offset it is Pacific (§5). Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)
