"""What kind of company it is: the few preferences that decide how documents are written (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.quickbooks.answers import ref
from app.quickbooks.models import SalesTax
from app.quickbooks.moments import day

READ_ONLY_STATES = frozenset({"EXPIRED", "CANCELLED", "CANCELED", "SUSPENDED"})
"""Subscription states in which writes fail with fault 6190; only PAID and TRIAL are known to be open."""


@dataclass(frozen=True)
class CompanySeen:
    """A company's info and preferences; None where QuickBooks does not say."""

    name: str
    legal_name: str
    country: str
    home_currency: str
    multi_currency: bool | None
    sales_tax: SalesTax
    custom_txn_numbers: bool | None
    book_close_date: date | None
    auto_apply_credit: bool | None
    subscription: str


def company_seen(info: Mapping[str, Any], preferences: Mapping[str, Any]) -> CompanySeen:
    """From the CompanyInfo and Preferences records."""
    currency, sales = _section(preferences, "CurrencyPrefs"), _section(preferences, "SalesFormsPrefs")
    extras = {str(pair.get("Name")): str(pair.get("Value")) for pair in info.get("NameValue") or []}
    country = str(info.get("Country") or "")
    return CompanySeen(
        name=str(info.get("CompanyName") or ""),
        legal_name=str(info.get("LegalName") or ""),
        country=country,
        home_currency=ref(currency, "HomeCurrency"),
        multi_currency=currency.get("MultiCurrencyEnabled"),
        sales_tax=_sales_tax(country, _section(preferences, "TaxPrefs")),
        custom_txn_numbers=sales.get("CustomTxnNumbers"),
        book_close_date=day(_section(preferences, "AccountingInfoPrefs").get("BookCloseDate")),
        auto_apply_credit=sales.get("AutoApplyCredit"),
        subscription=extras.get("SubscriptionStatus", ""),
    )


def _sales_tax(country: str, tax: Mapping[str, Any]) -> SalesTax:
    """PartnerTaxEnabled is absent without automated tax, true with it, false where it was never set up."""
    if not tax.get("UsingSalesTax"):
        return SalesTax.NONE
    if country != "US":
        return SalesTax.UK
    return SalesTax.US_AST if tax.get("PartnerTaxEnabled") else SalesTax.US_MANUAL


def _section(preferences: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = preferences.get(name)
    return section if isinstance(section, Mapping) else {}
