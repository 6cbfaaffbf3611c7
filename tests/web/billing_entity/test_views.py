"""Billing entities: who sends the invoices."""

from __future__ import annotations

import re

import pytest

from app.billing.entities import entities
from tests.billing.firm import Firm
from tests.web.tied import tie
from tests.web.walking import Walker, words

NORTHGATE = {
    "name": "Northgate IT",
    "legal_name": "Northgate IT Limited",
    "address": "4 Mill Lane\nLeeds",
    "vat_number": "GB 123",
    "country": "GB",
    "home_currency": "GBP",
    "tax_regime": "uk",
    "time_zone": "Europe/London",
    "invoice_prefix": "NG-",
    "credit_note_prefix": "NC-",
    "number_digits": "4",
}


def test_the_first_one_is_set_up_with_terms_and_codes(adam: Walker) -> None:
    page = words(adam.follow("/settings/billing-entity/new", **NORTHGATE))
    assert "Northgate IT is ready" in page
    assert "NG-0001 · NC-0001" in page
    assert "20.0% S" in adam.get("/settings/tax-codes").text


@pytest.mark.parametrize(("country", "code"), [("IE", "23.0% S"), ("US", "TAX")])
def test_elsewhere_the_codes_are_those_of_the_country(adam: Walker, country: str, code: str) -> None:
    regime = "us_automated" if country == "US" else "uk"
    adam.follow("/settings/billing-entity/new", **{**NORTHGATE, "country": country, "tax_regime": regime})
    assert code in adam.get("/settings/tax-codes").text
    assert "20.0% S" not in adam.get("/settings/tax-codes").text


def test_where_the_rates_are_not_known_they_are_asked_for(adam: Walker) -> None:
    page = adam.follow("/settings/billing-entity/new", **{**NORTHGATE, "country": "DE", "home_currency": "EUR"})
    assert "Now enter the tax codes of its country: none were made up." in page
    assert "Enter a tax code" in page


def test_an_empty_page_says_the_next_step(adam: Walker, rhea: Walker) -> None:
    assert "Set up the billing entity" in adam.get("/settings/billing-entity").text
    assert "/settings/billing-entity/new" not in rhea.get("/settings/billing-entity").text


def test_another_one_begins_as_is_usual_in_the_country_that_is_chosen(firm: Firm, adam: Walker) -> None:
    page = adam.get("/settings/billing-entity/new?country=US").text
    chosen = re.findall(r'<option selected value="([^"]+)"', page)
    assert chosen == ["US", "USD", "us_automated", "America/New_York"]
    assert "Another company that issues invoices." in page


def test_the_tax_number_is_called_as_in_the_country_that_is_chosen(firm: Firm, adam: Walker) -> None:
    page = adam.get("/settings/billing-entity/new?country=AU&vat_number=51+824+753+556").text
    assert "ABN" in words(page.partition('id="vat_number-field"')[2].partition("</label>")[0])
    assert 'value="51 824 753 556"' in page
    refused = adam.post("/settings/billing-entity/new", **{**NORTHGATE, "name": "", "country": "US"})
    assert "Tax ID" in words(refused.text)


def test_another_one_is_offered_numbers_that_none_begins_with(firm: Firm, dublin: Firm, adam: Walker) -> None:
    page = adam.get("/settings/billing-entity/new").text
    assert re.findall(r'name="[a-z_]+_prefix"[^>]* value="([^"]+)"', page) == ["INV2-", "CN2-"]
    adam.follow("/settings/billing-entity/new", **{**NORTHGATE, "invoice_prefix": "inv2-"})
    page = adam.get("/settings/billing-entity/new?country=IE").text
    assert re.findall(r'name="[a-z_]+_prefix"[^>]* value="([^"]+)"', page) == ["INV3-", "CN2-"]


def test_each_says_its_company_and_what_its_invoices_lack(dublin: Firm, firm: Firm, adam: Walker, rhea: Walker) -> None:
    tie(firm.entity)
    page = adam.get("/settings/billing-entity").text
    ours, theirs = page.split("</section>")[:2]
    assert "Northgate books" in ours
    assert "Not entered yet" in ours
    assert "2 Quay Street" in theirs
    assert f'href="/settings/quickbooks?entity={dublin.entity.id}#company"' in theirs
    assert "Connect QuickBooks" not in rhea.get("/settings/billing-entity").text


def test_it_is_changed(firm: Firm, adam: Walker) -> None:
    adam.follow(f"/settings/billing-entity/{firm.entity.id}", **NORTHGATE)
    assert entities()[0].legal_name == "Northgate IT Limited"


def test_what_cannot_be_used_is_given_back(firm: Firm, adam: Walker) -> None:
    bad = {**NORTHGATE, "name": "", "number_digits": "40"}
    answer = adam.post(f"/settings/billing-entity/{firm.entity.id}", **bad)
    assert answer.status_code == 422
    assert 'value="40"' in answer.text
    assert "Enter a name." in answer.text


def test_staff_look_but_do_not_change(firm: Firm, stella: Walker) -> None:
    assert "Northgate IT Ltd" in stella.get("/settings/billing-entity").text
    assert stella.post(f"/settings/billing-entity/{firm.entity.id}", **NORTHGATE).status_code == 403
