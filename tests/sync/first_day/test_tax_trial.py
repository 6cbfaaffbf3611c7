"""A test calculation says what both sides make of a sale, and what is not known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.billing import catalogue
from app.billing.catalogue_fields import TaxCodeFields
from app.billing.tax import TaxCode, Treatment
from app.foundation.database import db, transaction
from app.quickbooks.models import SalesTax
from app.sync.engine import Engine
from app.sync.first_day import tax_trial
from app.sync.first_day.tax_trial import Reckoned, Sale, Trial
from tests.billing.firm import ANN
from tests.simulation import Simulation
from tests.sync import american as bay_it
from tests.sync.books import Books, connection
from tests.world import World


@pytest.fixture
def american(northgate: World, engine: Engine, simulation: Simulation) -> Books:
    """A firm in California, connected to the company whose sales tax QuickBooks computes."""
    return bay_it.connect(engine, simulation)


def tried(
    books: Books, line_pence: int, code: str, *, lines: int = 1, client: int | None = None, place: str = ""
) -> Trial:
    sale = Sale(line_pence, lines, db.session.get_one(TaxCode, books.firm.codes[code]), client, place)
    return tax_trial.calculate(books.firm.entity, connection(books), sale)


def taxes(trial: Trial) -> tuple[int | None, int | None]:
    return trial.here.tax_pence, trial.there.tax_pence


def test_both_sides_compute_vat_on_the_sum_of_the_lines(books: Books) -> None:
    trial = tried(books, 33, "20.0% S", lines=9)
    assert (trial.net_pence, taxes(trial), trial.apart_pence) == (297, (59, 59), 0)
    assert "20.0% S (20%)" in trial.there.because


def test_a_code_that_is_not_mapped_leads_to_its_mapping(books: Books) -> None:
    with transaction():
        fields = TaxCodeFields("12.5", "Flat", Decimal("12.5"), Treatment.REDUCED)
        code = catalogue.create_tax_code(fields, actor=ANN)
    books.firm.codes["12.5"] = code.id
    trial = tried(books, 10000, "12.5")
    assert (taxes(trial), trial.there.blocker, trial.apart_pence) == ((1250, None), f"tax_code:{code.id}", 0)


def test_an_exempt_line_bears_nothing_under_automated_tax(american: Books) -> None:
    assert taxes(tried(american, 10000, "NON")) == (0, 0)


def test_of_a_client_that_was_never_taxed_a_place_tells_the_rate(american: Books) -> None:
    assert taxes(tried(american, 10000, "TAX")) == (None, None)
    (place,) = [row for row in tax_trial.places(connection(american)) if row.name == "California"]
    assert taxes(tried(american, 10000, "TAX", place=place.remote_id)) == (None, 938)
    names = [row.name for row in tax_trial.places(connection(american))]
    assert "TAX" not in names


def test_of_a_client_that_was_taxed_before_its_last_tax_tells_the_rate(american: Books) -> None:
    document = american.firm.open(american.firm.line("1000", code="TAX"))
    american.send()
    trial = tried(american, 20000, "TAX", client=american.firm.acme.id)
    assert taxes(trial) == (1875, 1875)
    assert f"QuickBooks said $93.75 on $1,000.00 of {document.number}" in trial.there.because


@pytest.mark.parametrize("theirs", [SalesTax.NONE, SalesTax.US_MANUAL])
def test_a_company_that_adds_no_tax_says_so(books: Books, theirs: SalesTax) -> None:
    with transaction():
        connection(books).sales_tax = theirs
    trial = tried(books, 10000, "20.0% S")
    assert trial.there == Reckoned(0, "QuickBooks adds no tax by itself in this company.")
    assert trial.apart_pence == -2000
