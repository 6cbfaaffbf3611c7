"""What becomes of a document that only QuickBooks has, judged over what is known here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentKind
from app.quickbooks import answers
from app.quickbooks.answers import DocumentSeen
from app.quickbooks.sold_lines import LineSeen
from app.sync.comparing.their_lines import Words
from app.sync.importing.verdicts import Known, Payer, Verdict

KEY = ("Invoice", "145")
CARE = LineSeen("Care", 10000, "2", "6", Decimal(1), Decimal(100))


def seen(*lines: LineSeen, total: int = 12000, tax: int = 2000) -> DocumentSeen:
    """Invoice 1001 over £120 for the customer 7, unless told otherwise."""
    bare = answers.document({"Id": "145", "SyncToken": "0", "DocNumber": "1001", "CustomerRef": {"value": "7"}})
    told = replace(bare, txn_date=date(2026, 2, 3), total_pence=total, tax_pence=tax, currency="GBP")
    return replace(told, lines=lines or (CARE,))


def known(regime: TaxRegime = TaxRegime.UK, taken: str = "") -> Known:
    """Service 20 is their item 2, tax code 60 their code 6 of 20%, client 70 their customer 7."""
    return Known(
        regime=regime,
        home_currency="GBP",
        payers={"7": Payer(70, "GBP")},
        words=Words({"2": [20]}, {"6": [60]}, {"TAX": [61], "NON": [62]}),
        percents={60: Decimal(20)} if regime is TaxRegime.UK else {},
        perhaps_ours={},
        taken={kind: {taken} for kind in DocumentKind},
    )


def judged(record: DocumentSeen, here: Known | None = None) -> Verdict:
    return (here or known()).judge(KEY, DocumentKind.INVOICE, record)


def test_what_is_all_known_gets_its_own_number_or_one_with_the_id_behind_it() -> None:
    assert judged(seen()).number == "1001"
    assert judged(seen(), known(taken="1001")).number == "1001-145"


def test_a_line_that_says_nothing_is_not_taken_along() -> None:
    content = judged(seen(CARE, LineSeen("", 0, is_comment=True), LineSeen("Thanks", 0, is_comment=True))).content
    assert content is not None
    assert [line.description for line in content.lines] == ["Care", "Thanks"]


def test_lines_that_say_whether_they_are_taxable_get_codes_that_say_so_again() -> None:
    lines = (CARE._replace(tax_code_id="TAX"), CARE._replace(tax_code_id="NON"))
    content = judged(seen(*lines, total=20825, tax=825), known(TaxRegime.US_AUTOMATED)).content
    assert content is not None
    assert [line.tax_code_id for line in content.lines] == [61, 62]


def test_a_rounding_of_the_tax_is_no_obstacle() -> None:
    assert judged(seen(total=12001, tax=2001)).content is not None


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (seen(total=11900, tax=1900), "Its lines come to £120.00 here, and to £119.00 in QuickBooks."),
        (seen(CARE, LineSeen("10% off", -1000)), "(10% off, -10.00) has no item"),
        (seen(CARE._replace(item_id="77")), "(Care, 100.00) has an item that is mapped to no service here."),
        (seen(CARE._replace(tax_code_id="77")), "(Care, 100.00) has a tax code that is mapped to none here."),
        (replace(seen(), txn_date=None), "It has no date in QuickBooks."),
        (replace(seen(), doc_number=""), "It has no number in QuickBooks."),
        (replace(seen(), due_date=date(2026, 1, 1)), "The due date lies before the issue date."),
        (replace(seen(), lines=()), "Add at least one line with a service."),
    ],
)
def test_what_would_not_be_the_same_here_is_left_out_with_the_reason(record: DocumentSeen, reason: str) -> None:
    verdict = judged(record)
    assert (verdict.content, reason in verdict.reason) == (None, True)
