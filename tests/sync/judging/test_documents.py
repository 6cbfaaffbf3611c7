"""Our records in QuickBooks' words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.outbox.models import Subject
from app.quickbooks import documents as rules
from app.sync.judging import documents
from app.sync.records.policies import WhenClosed
from tests.sync.facts import BOOKS, CLIENT, DOCUMENT, LINK, SERVICE, books, document, line


def body(**changed: Any) -> dict[str, Any]:
    return documents.sales_document(document(**changed), BOOKS)


def test_an_invoice_keeps_intuits_documented_rules() -> None:
    rules.check("Invoice", body())


def test_each_line_names_its_tax_code_and_nothing_names_the_tax() -> None:
    made = body()
    assert made["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "6"}
    assert (made["GlobalTaxCalculation"], "TxnTaxDetail" in made) == ("TaxExcluded", False)


@pytest.mark.parametrize("link", [None, LINK])
def test_what_is_printed_as_the_address_is_left_to_quickbooks(link: object) -> None:
    assert not {"BillAddr", "ShipAddr"} & body(link=link).keys()


def test_a_company_without_sales_tax_is_told_no_code() -> None:
    made = documents.sales_document(document(), books(taxes_per_line=False))
    assert "TaxCodeRef" not in made["Line"][0]["SalesItemLineDetail"]
    assert "GlobalTaxCalculation" not in made


@pytest.mark.parametrize(("is_taxed", "code"), [(True, "TAX"), (False, "NON")])
def test_under_automated_tax_a_line_says_tax_or_non(code: str, *, is_taxed: bool) -> None:
    made = documents.sales_document(
        document(lines=(line(is_taxed=is_taxed),)), books(taxes_per_line=False, country="US")
    )
    assert made["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"] == {"value": code}
    assert "GlobalTaxCalculation" not in made


def test_a_discount_is_a_negative_line_of_its_own_with_the_same_item_and_code() -> None:
    sold, discount = body(lines=(line(discount_pence=1000, discount_percent=Decimal("10.00")),))["Line"]
    assert (sold["Amount"], discount["Amount"]) == (Decimal("100.00"), Decimal("-10.00"))
    assert discount["Description"] == "Discount 10%: Support"
    assert "Qty" not in discount["SalesItemLineDetail"]
    assert discount["SalesItemLineDetail"]["ItemRef"] == sold["SalesItemLineDetail"]["ItemRef"]


def test_a_comment_line_carries_words_alone() -> None:
    (made,) = body(lines=(line(is_comment=True, description="Thank you"),))["Line"]
    assert (made["DetailType"], made["Description"], "Amount" in made) == ("DescriptionOnly", "Thank you", False)


@pytest.mark.parametrize(("kind", "has"), [("invoice", True), ("credit_note", False)])
def test_only_an_invoice_is_due_some_day(kind: str, *, has: bool) -> None:
    made = body(subject=Subject(kind, 9), term_remote_id="3")
    assert ("DueDate" in made, "SalesTermRef" in made) == (has, has)


@pytest.mark.parametrize(("link", "day"), [(None, "2026-03-11"), (LINK, None)])
def test_only_a_new_document_moves_behind_the_closing_date(link: Any, day: str | None) -> None:
    company = replace(BOOKS, closed_until=date(2026, 3, 10), when_closed=WhenClosed.FIRST_OPEN_DAY)
    assert documents.sales_document(document(link=link), company).get("TxnDate") == day


def test_a_currency_is_named_where_there_are_several() -> None:
    assert "CurrencyRef" not in body()
    assert documents.sales_document(DOCUMENT, books(multi_currency=True))["CurrencyRef"] == {"value": "GBP"}


@given(st.text(max_size=700))
def test_any_name_becomes_one_that_quickbooks_takes(name: str) -> None:
    for made, longest in ((documents.display_name(name), 500), (documents.item_name(name), 100)):
        assert len(made) <= longest
        assert not set(made) & set(":\t\n\r")


def test_a_customer_keeps_the_documented_rules_and_leaves_out_what_is_empty() -> None:
    made = documents.customer(CLIENT, BOOKS)
    rules.check("Customer", made)
    assert made == {"DisplayName": "Acme"}


def test_a_customer_with_everything() -> None:
    client = replace(
        CLIENT, company_name="Acme Ltd", email="a@b.example", phone="1", note="n", address=("Mill", ""), city="York"
    )
    made = documents.customer(client, books(multi_currency=True))
    rules.check("Customer", made)
    assert made["BillAddr"] == {"Line1": "Mill", "City": "York", "Country": "GB"}
    assert made["PrimaryEmailAddr"] == {"Address": "a@b.example"}


def test_without_a_state_an_address_is_told_to_the_letter_as_ever() -> None:
    client = replace(CLIENT, address=("Mill", "Quay"), city="York", postcode="YO1 7HH")
    assert json.dumps(documents.customer(client, BOOKS)) == (
        '{"DisplayName": "Acme", "BillAddr": {"Line1": "Mill", "Line2": "Quay", "City": "York",'
        ' "PostalCode": "YO1 7HH", "Country": "GB"}}'
    )


def test_a_state_stands_in_the_address_between_city_and_postcode() -> None:
    made = documents.customer(replace(CLIENT, city="Austin", region="TX", postcode="78701", country="US"), BOOKS)
    rules.check("Customer", made)
    assert list(made["BillAddr"].items()) == [
        ("City", "Austin"), ("CountrySubDivisionCode", "TX"), ("PostalCode", "78701"), ("Country", "US")
    ]  # fmt: skip


def test_a_state_alone_is_an_address_and_is_cut_where_quickbooks_would_refuse_it() -> None:
    made = documents.customer(replace(CLIENT, region="x" * 300, country=""), BOOKS)
    rules.check("Customer", made)
    assert made["BillAddr"] == {"CountrySubDivisionCode": "x" * 255}


@pytest.mark.parametrize("email", ["none", "a@b", "x" * 100 + "@b.example"])
def test_an_address_that_quickbooks_would_refuse_is_left_out(email: str) -> None:
    assert "PrimaryEmailAddr" not in documents.customer(replace(CLIENT, email=email), BOOKS)


@pytest.mark.parametrize(("price", "told"), [(None, False), (Decimal(0), False), (Decimal("9.99"), True)])
def test_an_item_is_a_service_on_the_income_account(price: Decimal | None, *, told: bool) -> None:
    made = documents.item(replace(SERVICE, unit_price=price), BOOKS)
    rules.check("Item", made)
    assert (made["IncomeAccountRef"], "UnitPrice" in made) == ({"value": "1"}, told)
