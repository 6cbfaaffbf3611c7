"""What the tour writes fits the company it is made in."""

from typing import Any

import pytest

from app.quickbooks.recorder.natures import Nature, learnt, nature
from app.quickbooks.recorder.writes import writes


def heads(kind: Nature, name: str = "new invoice") -> dict[str, Any]:
    (step,) = (one for one in writes(kind) if one.name == name)
    assert isinstance(step.body, dict)
    return step.body


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        (Nature.UK, {"GlobalTaxCalculation"}),
        (Nature.US, set()),
        (Nature.MULTI, {"GlobalTaxCalculation", "CurrencyRef"}),
    ],
)
def test_a_document_has_the_head_its_company_asks_for(kind: Nature, shown: set[str]) -> None:
    assert heads(kind).keys() & {"GlobalTaxCalculation", "CurrencyRef"} == shown


def test_an_american_company_is_asked_the_british_way_once_and_on_purpose() -> None:
    assert heads(Nature.US, "the British way")["GlobalTaxCalculation"] == "TaxInclusive"


def told(country: str, several: object) -> dict[str, Any]:
    """What both records of a company teach."""
    info = learnt({"QueryResponse": {"CompanyInfo": [{"Country": country}]}})
    money = {"MultiCurrencyEnabled": several, "HomeCurrency": {"value": "GBP"}}
    return info | learnt({"Preferences": {"CurrencyPrefs": money}})


def test_a_company_s_own_records_tell_its_nature() -> None:
    assert [nature(told(*one)) for one in (("GB", False), ("GB", True), ("US", False))] == [
        Nature.UK,
        Nature.MULTI,
        Nature.US,
    ]
    assert told("US", several=False)["vat.Id"] == "NON"


def test_a_company_that_does_not_say_who_it_is_has_no_nature() -> None:
    assert nature(learnt({"Fault": {"Error": []}})) is None
