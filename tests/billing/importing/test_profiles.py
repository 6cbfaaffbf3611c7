"""The standard profile on the small dirty file of an MSP, and the shop's on the real December."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from app.billing.client import Client
from app.billing.document import Document
from app.billing.importing import runs
from app.billing.importing.planning import Verdict, plan
from app.billing.importing.profiles import RETAIL
from app.billing.importing.run import ImportRefusal
from app.billing.importing.snapshot import settings_of, snapshot
from app.billing.kinds import DocumentKind, DocumentStatus
from app.foundation.database import db
from tests.billing.firm import Firm
from tests.billing.importing.files import DIRTY, counts, imported

DECEMBER = Path(__file__).parents[4] / "shared" / "data" / "online-retail-2010-12.csv.gz"


@pytest.fixture
def dirty(firm: Firm) -> dict[str, Document]:
    """The documents of the dirty file by number."""
    run = imported(firm, DIRTY.read_bytes(), "standard")
    assert counts(run) == (10, 0, 0, 15)
    return {str(document.number): document for document in db.session.scalars(select(Document))}


def test_seven_decimals_a_comment_and_late_lines_make_one_invoice(dirty: dict[str, Document]) -> None:
    invoice = dirty["MSP-1001"]
    assert [line.net_pence for line in invoice.lines] == [71050, 8195, 0, 8500, 8500]
    assert invoice.lines[0].unit_price == Decimal("16.9166667")
    assert invoice.lines[2].is_comment
    assert (invoice.gross_pence, str(invoice.due_date)) == (115494, "2026-03-03")


def test_discounts_five_percent_exempt_and_reverse_charge(dirty: dict[str, Document]) -> None:
    assert [line.net_pence for line in dirty["MSP-1002"].lines] == [48344, 25500]
    assert (dirty["MSP-1003"].net_pence, dirty["MSP-1003"].tax_pence) == (73997, 1800)
    assert (dirty["MSP-1004"].tax_pence, dirty["MSP-1004"].gross_pence) == (0, 85000)


def test_two_clients_of_one_name_a_colon_and_a_windows_letter_are_kept(dirty: dict[str, Document]) -> None:
    names = sorted(db.session.scalars(select(Client.name).where(Client.external_key.is_not(None))))
    assert names.count("J Smith") == 2
    assert "Dent: Dental Supplies" in names
    assert dirty["MSP-1010"].bill_to.name == "Café Rosa Ltd"


def test_a_long_number_is_kept_for_it_is_ours(dirty: dict[str, Document]) -> None:
    assert dirty["MSP-2026-02-000001-REV"].status is DocumentStatus.OPEN


def test_what_is_below_nought_is_a_credit_note_and_what_is_free_is_paid(dirty: dict[str, Document]) -> None:
    for number, gross in (("MSP-1007", 4061), ("MSP-1008", 9500)):
        assert (dirty[number].kind, dirty[number].gross_pence) == (DocumentKind.CREDIT_NOTE, gross)
    assert dirty["MSP-1009"].status is DocumentStatus.PAID


def test_every_refusal_names_its_line_and_its_reason(dirty: dict[str, Document]) -> None:
    refused = db.session.scalars(select(ImportRefusal).order_by(ImportRefusal.id))
    assert [(refusal.number, refusal.lines, refusal.code) for refusal in refused] == [
        ("MSP-1011", "16", "bad_issued"),
        ("MSP-1012", "17", "bad_issued"),
        ("MSP-1013", "18", "tax_code"),
        ("MSP-1014", "20", "negative_price"),
        ("MSP-1015", "21", "tax_code_id"),
        ("MSP-1016", "22", "service_id"),
        ("MSP-1017", "23", "client"),
        ("MSP-1018", "24", "unit_price"),
        ("MSP-1019", "25", "term"),
        ("MSP-1020", "27", "disagree"),
        ("MSP-1021", "28", "cells"),
        ("MSP-1021", "28", "bad_quantity"),
        ("MSP-1022", "29", "bad_quantity"),
        ("", "30", "number"),
        ("MSP-1023", "31", "bad_kind"),
        ("MSP-1024", "32", "discount_percent"),
    ]


def test_the_dirty_file_again_changes_nothing(dirty: dict[str, Document], firm: Firm) -> None:
    assert counts(imported(firm, DIRTY.read_bytes(), "standard")) == (0, 0, 10, 15)
    assert len(runs.recent_runs()) == 2


@pytest.mark.skipif(not DECEMBER.exists(), reason="the December file is not there: ../shared/data is missing")
def test_the_real_december_comes_to_its_known_totals(firm: Firm) -> None:
    here = snapshot(firm.entity, "retail", [], settings_of(firm.entity))
    december = plan(io.BytesIO(DECEMBER.read_bytes()), RETAIL, here)
    assert len(december.documents) == 2025
    assert december.counts()[Verdict.NEW] == 1559 + 326
    assert december.refused_by_code() == {"zero_total": 140}
    assert december.gross_pence(DocumentKind.INVOICE) == 97339986
    assert december.gross_pence(DocumentKind.CREDIT_NOTE) == 8909442
