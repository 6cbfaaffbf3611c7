"""A tax that the accounting side computes: divided over the lines, held against what we had reckoned."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.billing import catalogue, invoicing, sales_tax
from app.billing.adopting import adopt_total
from app.billing.catalogue_fields import TaxCodeFields
from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentKind
from app.billing.tax import TaxCode, Treatment
from app.foundation.database import db, transaction
from tests.billing import firm as worlds
from tests.billing.firm import ANN, Firm, told
from tests.world import World


@pytest.fixture
def american(northgate: World) -> Firm:
    """A firm whose sales tax the accounting side computes."""
    return worlds.build(TaxRegime.US_AUTOMATED)


def answered(document: Document, tax_pence: int) -> Document:
    """The accounting side says this tax."""
    with transaction():
        assert adopt_total(document, document.net_pence + tax_pence, tax_pence, 1) == 0
    return document


def parts(document: Document) -> list[int | None]:
    return [line.tax_pence for line in document.lines]


def test_a_tax_is_divided_over_the_taxed_lines_to_the_penny(american: Firm) -> None:
    thirds = [american.line("10", code="TAX") for _ in range(3)]
    invoice = answered(american.open(*thirds, american.line("99", code="NON")), 100)
    assert parts(invoice) == [34, 33, 33, 0]
    assert (invoice.tax_pence, invoice.awaits_tax) == (100, False)


def test_a_credit_notes_tax_is_divided_likewise(american: Firm) -> None:
    lines = (american.line("10", code="TAX"), american.line("20", code="TAX"))
    assert parts(answered(american.open(*lines, kind=DocumentKind.CREDIT_NOTE), 248)) == [83, 165]


def test_what_is_taken_off_takes_its_tax_off(american: Firm) -> None:
    off = american.line("20", "-1", code="TAX")
    assert parts(answered(american.open(american.line("100", code="TAX"), off), 640)) == [800, -160]


def test_lines_that_cancel_out_still_bear_the_whole_tax(american: Firm) -> None:
    lines = (american.line("10", code="TAX"), american.line("10", "-1", code="TAX"))
    assert sum(part or 0 for part in parts(answered(american.open(*lines), 3))) == 3


def test_a_tax_on_exempt_lines_is_owed_and_laid_on_none(american: Firm) -> None:
    invoice = answered(american.open(american.line(code="NON")), 825)
    assert (parts(invoice), invoice.tax_pence, invoice.owed_pence) == ([0], 825, 10825)


def test_an_amended_document_waits_for_its_tax_again(american: Firm) -> None:
    invoice = answered(american.open(american.line(code="TAX")), 825)
    with transaction():
        invoicing.change(invoice, american.content(american.line("200", code="TAX")), actor=ANN)
    assert (invoice.awaits_tax, invoice.tax_pence, invoice.reckoned_tax_pence) == (True, 825, 1650)
    assert parts(answered(invoice, 1700)) == [1700]
    assert told(invoice.subject)[-1] == "The books computed tax of £17.00; we had reckoned £16.50."


def test_a_client_is_expected_to_be_taxed_as_last_time(american: Firm) -> None:
    first = answered(american.open(american.line(code="TAX")), 825)
    assert american.draft(american.line("50", code="TAX"), american.line(code="NON")).reckoned_tax_pence == 413
    assert american.draft(american.line(code="TAX"), client=american.bolt).reckoned_tax_pence is None
    assert sales_tax.last_charged(american.acme.id, american.entity.id) == (first.number, 825, 10000)


def test_without_a_last_time_the_rate_of_the_tax_code_counts(american: Firm) -> None:
    code = db.session.get_one(TaxCode, american.codes["TAX"])
    fields = TaxCodeFields("TAX", "Taxable", Decimal("8.25"), Treatment.STANDARD)
    with transaction():
        catalogue.change_tax_code(code, fields, actor=ANN)
    assert american.draft(american.line(code="TAX")).reckoned_tax_pence == 825


def test_nothing_is_expected_on_what_is_exempt(american: Firm) -> None:
    assert american.draft(american.line(code="NON")).reckoned_tax_pence == 0


def test_where_we_compute_the_tax_nothing_is_awaited(firm: Firm) -> None:
    invoice = firm.open()
    assert (invoice.awaits_tax, invoice.reckoned_tax_pence, parts(invoice)) == (False, None, [None])
