"""The page on tax: the company's regime with its meaning, and a test calculation."""

from __future__ import annotations

import pytest

from app.billing.entity import TaxRegime
from app.foundation.database import transaction
from app.sync.engine import Engine
from tests.simulation import Simulation
from tests.sync import american as bay_it
from tests.sync.books import Books
from tests.web.walking import Walker, words
from tests.world import World

PAGE = "/settings/quickbooks/tax"


def test_the_regime_is_shown_with_what_it_means(books: Books, stella: Walker) -> None:
    said = words(stella.get(PAGE).text)
    assert "A tax code on each line United Kingdom, GBP As here" in said
    assert "Northgate IT Ltd computes the tax by a tax code on each line" in said
    assert "must be exactly the same" in said


def test_a_firm_that_taxes_otherwise_is_told_and_led_to_its_settings(books: Books, olivia: Walker) -> None:
    with transaction():
        books.firm.entity.tax_regime = TaxRegime.US_AUTOMATED
    page = olivia.get(PAGE).text
    assert "Both sides tax differently" in page
    assert 'href="/settings/billing-entity"' in page


def test_a_sale_is_reckoned_for_both_sides(books: Books, stella: Walker) -> None:
    code = books.firm.codes["20.0% S"]
    said = words(stella.get(f"{PAGE}?amount=0.33&lines=9&code={code}&client=acme").text)
    assert "Net £2.97 Tax here 20% by our tax code 20.0% S, on the sum of all lines. £0.59" in said
    assert "Tax in QuickBooks By its tax code 20.0% S (20%), on the sum of all lines. £0.59" in said
    assert "Total in QuickBooks £3.56" in said
    assert "Both sides agree" in said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("amount=much", "The amount:"),
        ("amount=1", "Choose a tax code."),
        ("amount=1&client=Nobody", "There is no client “Nobody”"),
        ("amount=1&lines=501&code={code}", "Enter a number of lines from 1 to 500."),
    ],
)
def test_what_cannot_be_read_is_told_beside_its_field(books: Books, stella: Walker, asked: str, told: str) -> None:
    page = stella.get(f"{PAGE}?{asked.format(code=books.firm.codes['20.0% S'])}").text
    assert told in page
    assert "Error: Tax" in page


def test_in_the_united_states_a_place_may_be_chosen(
    northgate: World, engine: Engine, simulation: Simulation, stella: Walker
) -> None:
    books = bay_it.connect(engine, simulation)
    page = stella.get(f"{PAGE}?amount=100&code={books.firm.codes['TAX']}").text
    assert "Automated sales tax" in page
    assert "California (9.375%)" in page
    assert "choose a place" in page
    locked = stella.get("/settings/quickbooks/mappings?kind=tax-codes").text
    assert "Nothing is to be mapped here" in locked
    assert "QuickBooks computes the tax." in locked
    assert "Which tax codes" not in locked
