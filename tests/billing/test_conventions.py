"""How countries write."""

from __future__ import annotations

import pytest
from babel import Locale

from app.billing.conventions import COUNTRIES, conventions_of, title_of_invoice
from app.billing.entity import BillingEntity, TaxRegime


@pytest.mark.parametrize(
    ("country", "tax", "number", "locale"),
    [
        ("GB", "VAT", "VAT number", "en_GB"),
        ("IE", "VAT", "VAT number", "en_IE"),
        ("DE", "VAT", "VAT number", "en_IE"),
        ("US", "sales tax", "Tax ID", "en_US"),
        ("AU", "GST", "ABN", "en_AU"),
        ("CA", "GST/HST", "GST/HST number", "en_CA"),
        ("BR", "tax", "Tax number", "en_IE"),
        ("", "tax", "Tax number", "en_IE"),
    ],
)
def test_each_country_has_its_words(country: str, tax: str, number: str, locale: str) -> None:
    told = conventions_of(country)
    assert (told.tax, told.tax_number, told.locale) == (tax, number, locale)


@pytest.mark.parametrize(
    ("countries", "word"),
    [
        (("US", "AU"), "State"),
        (("CA",), "Province"),
        (("GB", "IM", "IE"), "County"),
        (("DE", "BR", ""), "State or region"),
    ],
)
def test_what_lies_between_town_and_country_has_its_own_word(countries: tuple[str, ...], word: str) -> None:
    assert {conventions_of(country).region for country in countries} == {word}


@pytest.mark.parametrize("country", COUNTRIES)
def test_numbers_are_shown_as_forms_read_them(country: str) -> None:
    locale = Locale.parse(conventions_of(country).locale)
    signs = locale.number_symbols["latn"]
    assert (signs["group"], signs["decimal"], locale.currency_formats["standard"].pattern) == (",", ".", "¤#,##0.00")


def test_only_who_charges_tax_issues_tax_invoices() -> None:
    titles = [
        title_of_invoice(BillingEntity(country=country, tax_regime=regime))
        for country, regime in [("AU", TaxRegime.UK), ("AU", TaxRegime.NONE), ("GB", TaxRegime.UK)]
    ]
    assert titles == ["Tax invoice", "Invoice", "Invoice"]
