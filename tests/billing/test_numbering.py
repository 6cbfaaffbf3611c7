"""Numbers without gaps or twins."""

from __future__ import annotations

import pytest

from app.billing import numbering
from app.billing.kinds import DocumentKind
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from tests.billing.firm import Firm


def test_each_kind_counts_by_itself(firm: Firm) -> None:
    numbers = [firm.open(kind=kind).number for kind in (*DocumentKind, *DocumentKind)]
    assert numbers == ["INV-00001", "CN-00001", "INV-00002", "CN-00002"]


def test_a_rolled_back_opening_leaves_no_gap(firm: Firm) -> None:
    with pytest.raises(ZeroDivisionError):
        draw_and_fail(firm)
    assert firm.open().number == "INV-00001"


def test_a_number_that_an_import_brought_is_stepped_over(firm: Firm) -> None:
    imported = firm.draft()
    with transaction():
        imported.number = "INV-00001"
    assert firm.open().number == "INV-00002"


def test_a_firm_may_go_on_from_a_higher_number_but_never_back(firm: Firm) -> None:
    with transaction():
        numbering.go_on_from(firm.entity, DocumentKind.INVOICE, 4711)
    assert firm.open().number == "INV-04711"
    with pytest.raises(BadInputError, match="only go up"), transaction():
        numbering.go_on_from(firm.entity, DocumentKind.INVOICE, 4711)


def test_two_entities_count_apart(firm: Firm) -> None:
    firm.open()
    with transaction():
        firm.entity.invoice_prefix = "2026/"
    assert firm.open().number == "2026/00002"
    assert numbering.next_number(firm.entity, DocumentKind.INVOICE) == 3


def draw_and_fail(firm: Firm) -> None:
    with transaction():
        numbering.draw_number(firm.entity, DocumentKind.INVOICE)
        raise ZeroDivisionError
