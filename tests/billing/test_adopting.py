"""Taking over a rounding or a tax that was computed elsewhere."""

from __future__ import annotations

from app.billing.adopting import adopt_total
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentStatus
from app.foundation.database import transaction
from tests.billing import firm as worlds
from tests.billing.firm import Firm, told
from tests.world import World


def test_the_same_total_writes_nothing(firm: Firm) -> None:
    invoice = firm.open()
    version = invoice.version
    with transaction():
        assert adopt_total(invoice, 12000, 2000, 1) == 0
    assert invoice.version == version


def test_a_penny_for_each_line_is_rounding_and_is_owed(firm: Firm) -> None:
    invoice = firm.open(firm.line(), firm.line())
    with transaction():
        assert adopt_total(invoice, 24002, 4002, 2) == 0
    assert (invoice.rounding_adjustment_pence, invoice.owed_pence) == (2, 24002)
    assert told(invoice.subject)[-1] == "The books round differently: £0.02 is added to what is owed."


def test_more_than_that_is_drift_and_changes_nothing(firm: Firm) -> None:
    invoice = firm.open()
    with transaction():
        assert adopt_total(invoice, 11998, 1998, 1) == -2
    assert invoice.owed_pence == 12000


def test_a_penny_more_before_tax_is_no_rounding(firm: Firm) -> None:
    invoice = firm.open(firm.line(), firm.line())
    with transaction():
        assert adopt_total(invoice, 24001, 4000, 2) == 1
    assert invoice.owed_pence == 24000


def test_a_rounding_decides_whether_an_invoice_is_paid(firm: Firm) -> None:
    invoice = firm.open()
    firm.learn(11999, (invoice, 11999))
    with transaction():
        adopt_total(invoice, 11999, 1999, 1)
    assert invoice.status is DocumentStatus.PAID


def test_under_automated_tax_theirs_is_taken_over(northgate: World) -> None:
    firm = worlds.build(TaxRegime.US_AUTOMATED)
    invoice = firm.open(firm.line(code="TAX"))
    assert (invoice.gross_pence, invoice.awaits_tax) == (10000, True)
    with transaction():
        assert adopt_total(invoice, 10825, 825, 1) == 0
    assert (invoice.tax_pence, invoice.gross_pence, invoice.rounding_adjustment_pence) == (825, 10825, 0)
    with transaction():
        adopt_total(invoice, 10825, 825, 1)
    assert len(told(invoice.subject)) == 3


def test_a_tax_on_other_amounts_than_ours_is_not_taken_over(northgate: World) -> None:
    firm = worlds.build(TaxRegime.US_AUTOMATED)
    invoice = firm.open(firm.line(code="TAX"))
    with transaction():
        assert adopt_total(invoice, 21650, 1650, 1) == 11650
    assert (invoice.tax_pence, invoice.awaits_tax) == (0, True)
