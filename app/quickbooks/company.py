"""What kind of company it is: the few preferences that decide how documents are written (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.quickbooks.answers import ref
from app.quickbooks.models import ClassTracking, SalesTax
from app.quickbooks.moments import day
from app.quickbooks.reading import flag, part, parts, said, text

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
    class_tracking: ClassTracking = ClassTracking.NONE
    tracks_locations: bool = False


def company_seen(info: Mapping[str, Any], preferences: Mapping[str, Any]) -> CompanySeen:
    """From the CompanyInfo and Preferences records."""
    currency, sales = part(preferences, "CurrencyPrefs"), part(preferences, "SalesFormsPrefs")
    accounting = part(preferences, "AccountingInfoPrefs")
    extras = {text(pair, "Name"): text(pair, "Value") for pair in parts(info, "NameValue")}
    country = text(info, "Country")
    return CompanySeen(
        name=text(info, "CompanyName"),
        legal_name=text(info, "LegalName"),
        country=country,
        home_currency=ref(currency, "HomeCurrency"),
        multi_currency=_choice(currency, "MultiCurrencyEnabled"),
        sales_tax=_sales_tax(country, part(preferences, "TaxPrefs")),
        custom_txn_numbers=_choice(sales, "CustomTxnNumbers"),
        book_close_date=day(said(accounting, "BookCloseDate")),
        auto_apply_credit=_choice(sales, "AutoApplyCredit"),
        subscription=extras.get("SubscriptionStatus", ""),
        class_tracking=_class_tracking(accounting),
        tracks_locations=flag(accounting, "TrackDepartments", otherwise=False),
    )


def _class_tracking(accounting: Mapping[str, Any]) -> ClassTracking:
    """Its screen lets a company choose one of both ways; should it ever say both, lines are the finer one."""
    if flag(accounting, "ClassTrackingPerTxnLine", otherwise=False):
        return ClassTracking.PER_LINE
    per_transaction = flag(accounting, "ClassTrackingPerTxn", otherwise=False)
    return ClassTracking.PER_TRANSACTION if per_transaction else ClassTracking.NONE


def _sales_tax(country: str, tax: Mapping[str, Any]) -> SalesTax:
    """PartnerTaxEnabled is absent without automated tax, true with it, false where it was never set up."""
    if not flag(tax, "UsingSalesTax", otherwise=False):
        return SalesTax.NONE
    if country != "US":
        return SalesTax.UK
    return SalesTax.US_AST if flag(tax, "PartnerTaxEnabled", otherwise=False) else SalesTax.US_MANUAL


def _choice(section: Mapping[str, Any], name: str) -> bool | None:
    """What the company chose; None where QuickBooks does not say."""
    return None if said(section, name) is None else flag(section, name, otherwise=False)
