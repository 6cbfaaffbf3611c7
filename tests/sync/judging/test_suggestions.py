"""What is suggested for what, and why."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from app.billing.entity import TaxRegime
from app.billing.tax import charged_percent
from app.billing.usual_codes import usual_codes
from app.sync.judging.suggestions import (
    Candidate,
    Shelf,
    Suggestion,
    Wanted,
    in_order,
    suggest_item,
    suggest_tax_code,
    suggest_term,
    treatment_of,
)

ITEMS = (
    Candidate(remote_id="1", name="SUP"),
    Candidate(remote_id="2", name="Managed support"),
    Candidate(remote_id="3", name="Licence", sku="M365-BP"),
    Candidate(remote_id="4", name="Hardware and parts"),
)
CODES = (
    Candidate(remote_id="4", name="0.0% Z", description="0% Zero rated", percent=Decimal(0)),
    Candidate(remote_id="6", name="20.0% S", percent=Decimal(20)),
    Candidate(remote_id="7", name="Exempt", percent=Decimal(0)),
    Candidate(remote_id="10", name="No VAT", percent=Decimal(0)),
    Candidate(remote_id="12", name="20.0% RC", description="20% Reverse charge", percent=Decimal(0)),
    Candidate(remote_id="13", name="Unknown"),
)


def found(suggestion: Suggestion | None) -> tuple[str, str, bool] | None:
    return (suggestion.candidate.remote_id, suggestion.reason, suggestion.exact) if suggestion else None


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("SUP", "Help", ("1", "Same code", True)),
        ("sup", "Help", ("1", "Same code, written differently", False)),
        ("M365-BP", "Microsoft", ("3", "Same SKU", True)),
        ("X", "Managed support", ("2", "Same name", True)),
        ("X", "managed  Support", ("2", "Same name, written differently", False)),
        ("X", "Support, managed", ("2", "Similar name, 97%", False)),
        ("X", "Something else", None),
    ],
)
def test_a_service_is_matched_by_code_then_name_then_likeness(
    code: str, name: str, expected: tuple[str, str, bool] | None
) -> None:
    assert found(suggest_item(Wanted(code=code, name=name), Shelf(ITEMS))) == expected


def test_between_twins_nothing_is_suggested() -> None:
    twins = Shelf([Candidate(remote_id="1", name="Managed suport"), Candidate(remote_id="2", name="Managed suppor")])
    assert suggest_item(Wanted(code="X", name="Managed support"), twins) is None


@pytest.mark.parametrize(
    ("treatment", "percent", "expected"),
    [
        ("standard", 20, "6"),
        ("zero", 0, "4"),
        ("exempt", 0, "7"),
        ("outside_scope", 0, "10"),
        ("reverse_charge", 0, "12"),
        ("reduced", 5, None),
    ],
)
def test_a_tax_code_is_matched_by_rate_and_treatment(treatment: str, percent: int, expected: str | None) -> None:
    wanted = Wanted(code="Ours", name="Ours too", percent=Decimal(percent), treatment=treatment)
    suggestion = suggest_tax_code(wanted, Shelf(CODES))
    assert (suggestion.candidate.remote_id if suggestion else None) == expected


def test_a_tax_code_is_never_matched_by_likeness() -> None:
    wanted = Wanted(code="20.0% SS", name="20.0% SS", percent=Decimal("17.5"), treatment="standard")
    assert suggest_tax_code(wanted, Shelf(CODES)) is None


def test_the_same_name_goes_before_treatment_but_not_before_the_rate() -> None:
    wanted = Wanted(code="Exempt", name="", percent=Decimal(0), treatment="outside_scope")
    assert found(suggest_tax_code(wanted, Shelf(CODES))) == ("7", "Same code", True)
    standard = Wanted(code="Exempt", name="", percent=Decimal(20), treatment="standard")
    assert found(suggest_tax_code(standard, Shelf(CODES))) == ("6", "Alike in kind and in what it adds", False)


def test_a_code_for_goods_from_the_eu_stands_for_none_of_ours() -> None:
    assert treatment_of(Candidate(remote_id="1", name="0.0% ECG", description="0% EC goods", percent=Decimal(0))) == ""


THEIRS = {
    "AU": ["GST 10", "GST free 0", "Input tax 0", "Out of Scope 0", "GST on capital -", "GST-free capital -"],
    "NZ": ["15% GST 15", "Zero Rated 0", "GST Exempt 0", "No VAT 0"],
    "CA": [
        *("Exempt 0", "Zero-rated 0", "Out of Scope 0", "GST 5", "GST/PST BC 12", "GST/QST QC - 9.975 14.975"),
        *("HST ON 13", "HST NS 15", "HST NS 2025 14", "HST NB 2016 15", "HST NL 2016 15", "HST PE 2016 15"),
    ],
}
"""What companies of these countries call their codes, and the percent of each on sales ("-": on purchases alone)."""


@pytest.mark.parametrize("country", THEIRS)
def test_each_code_a_firm_begins_with_is_found_among_those_of_a_company_of_its_country(country: str) -> None:
    named = [line.rpartition(" ")[::2] for line in THEIRS[country]]
    shelf = Shelf(
        Candidate(remote_id=name, name=name, percent=None if percent == "-" else Decimal(percent))
        for name, percent in named
    )
    for row in usual_codes(TaxRegime.UK, country):
        added = charged_percent(row.treatment, Decimal(row.percent))
        wanted = Wanted(code=row.code, name=row.name, percent=added, treatment=row.treatment.value)
        suggestion = suggest_tax_code(wanted, shelf)
        assert suggestion is not None, row.code
        assert suggestion.candidate.percent == added


def test_out_of_scope_and_input_taxed_are_not_taken_for_zero_rated() -> None:
    nothing = Decimal(0)
    named = {
        name: treatment_of(Candidate(remote_id="1", name=name, percent=nothing))
        for name in ("Input tax", "Out of Scope", "GST free", "Zero-rated")
    }
    assert named == {"Input tax": "exempt", "Out of Scope": "outside_scope", "GST free": "zero", "Zero-rated": "zero"}


def test_a_term_is_matched_by_name_or_by_the_only_one_with_its_days() -> None:
    terms = Shelf(
        [Candidate(remote_id="1", name="Net 30", days=30), Candidate(remote_id="2", name="Fortnight", days=14)]
    )
    assert found(suggest_term(Wanted(code="Net 30", name="Net 30", days=31), terms)) == ("1", "Same code", True)
    assert found(suggest_term(Wanted(code="N14", name="N14", days=14), terms)) == ("2", "Same number of days", False)


@given(st.text("ab c", max_size=12), st.text("ab c", max_size=12))
def test_names_in_order_are_as_alike_as_names_whose_order_counts_for_nothing(one: str, other: str) -> None:
    if one.strip() and other.strip():
        assert fuzz.ratio(in_order(one), in_order(other)) == pytest.approx(fuzz.token_sort_ratio(one, other))
