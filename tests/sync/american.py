"""Bay IT of San Mateo, connected to a company whose sales tax QuickBooks computes."""

from __future__ import annotations

from app.billing import catalogue
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.document import Document
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import TaxRegime
from app.billing.laying_out import lay_out_codes
from app.billing.usual_codes import TAXED_OR_NOT
from app.foundation.clock import now
from app.foundation.database import transaction
from app.sync.company import connecting
from app.sync.engine import Engine
from app.sync.records.mappings import Mapping, MappingKind
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.billing.firm import ANN, Firm
from tests.simulation import Simulation
from tests.sync.books import Books

AMERICAN = "9341450000000002"
"""The company in California."""


def connect(engine: Engine, simulation: Simulation) -> Books:
    """Write the firm and connect it, on behalf of the organisation we act for."""
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
            codes={name: code.id for name, code in lay_out_codes(TAXED_OR_NOT).items()},
        )
    told = simulation.grant(AMERICAN)
    grant = connecting.granted(told["access_token"], told["refresh_token"])
    connection_id = connecting.tie_without_browser(engine.quickbooks, firm.entity, AMERICAN, grant)
    with transaction() as session:
        policy_of(connection_id).service_missing = WhenServiceMissing.CREATE
        session.add(Mapping(connection_id=connection_id, kind=MappingKind.DEFAULT_INCOME, subject_id=0, remote_id="1",
                            remote_name="Services", chosen_by="Olivia", chosen_at=now()))  # fmt: skip
    return Books(firm, engine, simulation, connection_id)


def there(books: Books, kind: str = "Invoice") -> dict[str, tuple[int, int]]:
    """Total and tax of each document in QuickBooks, in cents, by number."""
    rows = books.simulation.look(f"companies/{AMERICAN}/records/{kind}")["records"]
    assert len(rows) == len({row["DocNumber"] for row in rows})
    return {row["DocNumber"]: (_cents(row["TotalAmt"]), _cents(row["TxnTaxDetail"]["TotalTax"])) for row in rows}


def parts(document: Document) -> list[int | None]:
    """What tax lies on each line, in cents."""
    return [line.tax_pence for line in document.lines]


def _cents(amount: float) -> int:
    return round(amount * 100)
