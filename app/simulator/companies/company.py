"""A company as a value: who it is and what its books hold on the first day."""

from dataclasses import dataclass

from app.simulator.bookkeeping.wire import Body


@dataclass(frozen=True)
class Company:
    """`records` are (kind, record without system fields but with Id); written in order when the books are opened."""

    realm: str
    environment: str
    name: str
    time_zone: str
    records: tuple[tuple[str, Body], ...]
    label: str = "uk"
    """uk, us or multi: the short word under which tools and the console know it."""
