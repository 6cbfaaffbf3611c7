"""In the United States QuickBooks computes the tax: the engine takes it over whichever way §11 has it."""

from __future__ import annotations

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import transaction
from app.simulator.bookkeeping.switches import SwitchValue
from app.sync.engine import Engine
from tests.billing.firm import ANN
from tests.simulation import Simulation
from tests.sync import american as bay_it
from tests.sync import weather
from tests.sync.american import parts, there
from tests.sync.books import Books
from tests.world import World

ALTERNATIVES: list[tuple[str, SwitchValue]] = [
    ("us_tax_calculation", "fault"), ("us_absent_tax_code", "taxable"),
    ("tax_rounding", "per_line"), ("total_tax_alone", "honoured"), ("tax_line_override", "ignored"),
]  # fmt: skip


@pytest.fixture
def american(northgate: World, engine: Engine, simulation: Simulation) -> Books:
    """A firm in California, connected to the company whose sales tax QuickBooks computes."""
    return bay_it.connect(engine, simulation)


def here(books: Books, *documents: Document) -> dict[str, tuple[int, int]]:
    rows = [books.fresh(document) for document in documents]
    return {str(row.number): (row.owed_pence, row.tax_pence) for row in rows}


def test_the_tax_of_quickbooks_is_taken_over(american: Books) -> None:
    play(american, "us_tax_calculation", "fault")


@pytest.mark.prove(weight=0)
@pytest.mark.parametrize(("name", "value"), ALTERNATIVES)
def test_the_tax_of_quickbooks_is_taken_over_under_each_alternative(
    american: Books, name: str, value: SwitchValue
) -> None:
    play(american, name, value)


def play(american: Books, name: str, value: SwitchValue) -> None:
    american.simulation.control("switches", {name: value})
    firm = american.firm
    taxed = firm.open(*[firm.line("0.33", code="TAX") for _ in range(9)])
    mixed = firm.open(firm.line("10", code="TAX"), firm.line("5", code="NON"))
    free = firm.open(firm.line("7", code="NON"))
    weather.settle_all(american)
    with transaction():
        invoicing.change(american.fresh(mixed), firm.content(firm.line("20", code="TAX")), actor=ANN)
    weather.settle_all(american)
    assert here(american, taxed, mixed, free) == there(american)
    for document in (taxed, mixed, free):
        assert sum(part or 0 for part in parts(document)) == document.tax_pence
    assert there(american)[str(free.number)] == (700, 0)
    assert there(american)[str(mixed.number)][1] > 0
    assert american.drifts() == []
