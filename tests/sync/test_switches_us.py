"""In the United States QuickBooks computes the tax: the engine takes it over whichever way §11 has it."""

from __future__ import annotations

import pytest

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.document import Document
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import TaxRegime
from app.billing.us_codes import lay_out_us_codes
from app.foundation.clock import now
from app.foundation.database import transaction
from app.simulator.bookkeeping.switches import SwitchValue
from app.sync import connecting
from app.sync.engine import Engine
from app.sync.mappings import Mapping, MappingKind
from app.sync.policies import WhenServiceMissing, policy_of
from tests.billing.firm import ANN, Firm
from tests.simulation import Simulation
from tests.sync import weather
from tests.sync.books import Books
from tests.world import World

AMERICAN = "9341450000000002"
ALTERNATIVES: list[tuple[str, SwitchValue]] = [
    ("us_tax_calculation", "fault"), ("us_absent_tax_code", "taxable"),
    ("tax_rounding", "per_line"), ("total_tax_alone", "honoured"), ("tax_line_override", "ignored"),
]  # fmt: skip


@pytest.fixture
def american(northgate: World, engine: Engine, simulation: Simulation) -> Books:
    """A firm in California, connected to the company whose sales tax QuickBooks computes."""
    fields = EntityFields(
        name="Bay IT Inc", country="US", home_currency="USD", tax_regime=TaxRegime.US_AUTOMATED,
        time_zone="America/Los_Angeles",
    )  # fmt: skip
    with transaction():
        entity = found_entity(fields)
        firm = Firm(
            entity=entity,
            acme=catalogue.create_client(ClientFields(name="Acme Inc", currency="USD"), actor=ANN),
            bolt=catalogue.create_client(ClientFields(name="Bolt Inc", currency="USD"), actor=ANN),
            support=catalogue.create_service(ServiceFields(code="SUP", name="Support"), actor=ANN),
            codes={name: code.id for name, code in lay_out_us_codes().items()},
        )
    told = simulation.grant(AMERICAN)
    grant = connecting.granted(told["access_token"], told["refresh_token"])
    connection_id = connecting.tie_without_browser(engine.quickbooks, firm.entity, AMERICAN, grant)
    with transaction() as session:
        policy_of(connection_id).service_missing = WhenServiceMissing.CREATE
        session.add(Mapping(connection_id=connection_id, kind=MappingKind.DEFAULT_INCOME, subject_id=0, remote_id="1",
                            remote_name="Services", chosen_by="Olivia", chosen_at=now()))  # fmt: skip
    return Books(firm, engine, simulation, connection_id)


def there(books: Books) -> dict[str, tuple[int, int]]:
    """Total and tax of each invoice in QuickBooks, in cents, by number."""
    rows = books.simulation.look(f"companies/{AMERICAN}/records/Invoice")["records"]
    assert len(rows) == len({row["DocNumber"] for row in rows})
    return {row["DocNumber"]: (cents(row["TotalAmt"]), cents(row["TxnTaxDetail"]["TotalTax"])) for row in rows}


def cents(amount: float) -> int:
    return round(amount * 100)


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
    assert there(american)[str(free.number)] == (700, 0)
    assert there(american)[str(mixed.number)][1] > 0
    assert american.drifts() == []
