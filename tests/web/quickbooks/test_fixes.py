"""Where what holds a document back is mended."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_login import login_user

from app.web.quickbooks.fixes import Fix, fix_link
from tests.billing.firm import Firm
from tests.world import World


@pytest.fixture
def as_olivia(app: Flask, northgate: World) -> Iterator[None]:
    with app.test_request_context():
        login_user(northgate.olivia)
        yield


@pytest.mark.usefixtures("as_olivia")
@pytest.mark.parametrize(
    ("blocker", "fix", "url"),
    [
        ("service:42", "map_services", "/settings/quickbooks/mappings/services/42"),
        ("tax_code:7", "", "/settings/quickbooks/mappings/tax-codes/7"),
        ("default_income:0", "default_income", "/settings/quickbooks/policies#default_income"),
        ("client:9", "clients", "/clients/9/edit"),
        ("invoice:3", "document", "/invoices/3"),
        ("credit_note:3", "removed", "/credit-notes/3"),
        ("number_invoice:3", "", "/settings/quickbooks/numbers/invoice/3"),
        ("number_credit_note:3", "", "/settings/quickbooks/numbers/credit_note/3"),
        ("company_currency", "another_company", "/settings/quickbooks#company"),
        ("closed_books", "closed_books", "/settings/quickbooks/policies#closed_books"),
        ("connection", "connect", "/settings/quickbooks"),
        ("mode", "", "/settings/quickbooks/earlier-documents"),
        ("", "map_tax_codes", "/settings/quickbooks/mappings?kind=tax-codes"),
        ("", "old_documents", "/settings/quickbooks/earlier-documents"),
    ],
)
def test_each_blocker_and_fix_leads_somewhere(blocker: str, fix: str, url: str) -> None:
    found = fix_link(blocker, fix)
    assert isinstance(found, Fix)
    assert found.url == url


@pytest.mark.usefixtures("as_olivia")
@pytest.mark.parametrize(("blocker", "fix"), [("", ""), ("moon:1", "cheese"), ("service:", ""), ("", "opt_out")])
def test_what_has_no_page_has_no_link(blocker: str, fix: str) -> None:
    assert fix_link(blocker, fix) is None


def test_of_several_billing_entities_it_leads_to_the_company_of_the_one_at_hand(
    app: Flask, northgate: World, dublin: Firm
) -> None:
    with app.test_request_context():
        login_user(northgate.adam)
        found = [fix_link(fix="connect", entity_id=each) for each in (dublin.entity.id, dublin.entity.id - 1)]
        edited = fix_link(fix="billing_entity", entity_id=dublin.entity.id)
    home = "/settings/quickbooks"
    assert [each and each.url for each in found] == [f"{home}?entity={dublin.entity.id}#company", f"{home}#company"]
    assert edited
    assert edited.url == f"/settings/billing-entity/{dublin.entity.id}"


def test_nobody_is_led_to_a_page_that_is_closed_to_them(app: Flask, northgate: World) -> None:
    with app.test_request_context():
        login_user(northgate.rhea)
        assert fix_link("service:42", "map_services") is None
        assert fix_link(fix="connect") is None
