"""What may be chosen, and what a person reads."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.quickbooks.models import CatalogueRow
from app.sync.judging import choices
from app.sync.records.mappings import MappingKind


def row(remote_id: str, name: str, *, active: bool = True, **data: Any) -> CatalogueRow:
    return CatalogueRow(remote_id=remote_id, name=name, active=active, vanished=False, data=data)


def test_folders_bundles_and_inactive_items_are_not_offered() -> None:
    assert choices.is_offered(MappingKind.SERVICE, row("1", "Hours", type="Service"))
    assert not choices.is_offered(MappingKind.SERVICE, row("1", "All services", type="Category"))
    assert not choices.is_offered(MappingKind.SERVICE, row("1", "Hours", active=False, type="Service"))


def test_hidden_tax_codes_are_not_offered() -> None:
    assert not choices.is_offered(MappingKind.TAX_CODE, row("1", "Old", hidden=True))


def test_only_income_accounts_are_offered() -> None:
    assert choices.is_offered(MappingKind.DEFAULT_INCOME, row("1", "Sales", type="Income"))
    assert not choices.is_offered(MappingKind.DEFAULT_INCOME, row("1", "Bank", type="Bank"))


def test_payments_are_taken_in_by_banks_and_undeposited_funds_and_never_by_stock() -> None:
    asset = "Other Current Asset"
    assert choices.is_offered(MappingKind.DEPOSIT_ACCOUNT, row("1", "Current", type="Bank"))
    undeposited = row("2", "Undeposited Funds", type=asset, sub_type="UndepositedFunds")
    assert choices.is_offered(MappingKind.DEPOSIT_ACCOUNT, undeposited)
    assert not choices.is_offered(MappingKind.DEPOSIT_ACCOUNT, row("3", "Stock", type=asset, sub_type="Inventory"))


def test_an_id_is_shown_only_where_two_read_the_same() -> None:
    rows = [row("1", "VAT", rate="20"), row("2", "VAT", rate="20"), row("3", "VAT", rate="5"), row("4", "Hours")]
    assert choices.labels(rows) == {
        "1": "VAT (20%) · ID 1",
        "2": "VAT (20%) · ID 2",
        "3": "VAT (5%)",
        "4": "Hours",
    }


def test_a_rate_is_written_without_needless_noughts() -> None:
    assert choices.label("VAT", Decimal("20.00")) == "VAT (20%)"
    assert choices.label("VAT", Decimal("17.5")) == "VAT (17.5%)"
