"""Clients: list, one client, form."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.billing.client import Client
from app.billing.kinds import DocumentKind
from app.foundation.database import db
from tests.billing.firm import Firm
from tests.web.walking import Walker, words

BOLT = {"name": "Carter & Sons", "email": "pay@carter.example", "country": "GB", "currency": ""}


def test_the_list_tells_what_is_owed(firm: Firm, rhea: Walker) -> None:
    firm.open()
    assert "Acme \N{EN DASH} GB £120.00" in words(rhea.get("/clients").text)


def test_the_list_is_searched_as_one_types(firm: Firm, rhea: Walker) -> None:
    fragment = rhea.fragment("/clients?search=bol").text
    assert "Bolt" in fragment
    assert "Acme" not in fragment
    assert "Nobody matches" in rhea.fragment("/clients?search=zeus").text


def test_an_empty_list_offers_the_first_step_to_who_may_take_it(stella: Walker, rhea: Walker) -> None:
    assert "Add a client" in stella.get("/clients").text
    assert "Add a client" not in rhea.get("/clients").text


def test_a_client_is_shown_with_documents_and_payments(firm: Firm, rhea: Walker) -> None:
    document = firm.open()
    firm.open(firm.line("10"), kind=DocumentKind.CREDIT_NOTE)
    firm.learn(2000, (document, 2000))
    page = words(rhea.get(f"/clients/{firm.acme.id}").text)
    assert "Owes £88.00 £100.00 on open invoices, £12.00 in credit" in page
    assert "INV-00001" in page
    assert "CN-00001" in page
    assert "BACS 4711" in page


def test_money_on_no_invoice_is_said_to_be_in_credit(firm: Firm, rhea: Walker) -> None:
    firm.learn(15000, (firm.open(), 12000))
    page = words(rhea.get(f"/clients/{firm.acme.id}").text)
    assert "In credit £30.00 money and credit notes on no invoice yet" in page
    assert "Part applied £30.00 left" in page
    assert "Acme \N{EN DASH} GB £30.00 in credit Bolt" in words(rhea.get("/clients").text)


def test_a_client_is_added(firm: Firm, stella: Walker) -> None:
    assert "Carter &amp; Sons was added." in stella.follow("/clients/new", **BOLT)
    assert db.session.scalar(select(Client.email).where(Client.name == "Carter & Sons")) == "pay@carter.example"


def test_the_state_of_a_client_is_kept_and_shown(firm: Firm, stella: Walker) -> None:
    austin = {"country": "US", "city": "Austin", "region": " TX ", "postcode": "78701"}
    assert "Austin, TX 78701" in stella.follow("/clients/new", **{**BOLT, **austin})
    assert db.session.scalar(select(Client.region).where(Client.name == "Carter & Sons")) == "TX"


@pytest.mark.parametrize(
    ("country", "label"),
    [
        ("US", "State"),
        ("AU", "State"),
        ("CA", "Province"),
        ("GB", "County"),
        ("IE", "County"),
        ("BR", "State or region"),
    ],
)
def test_the_form_asks_for_it_in_the_clients_own_words(firm: Firm, stella: Walker, country: str, label: str) -> None:
    stella.follow(f"/clients/{firm.acme.id}/edit", **{**BOLT, "name": "Acme", "country": country})
    page = stella.get(f"/clients/{firm.acme.id}/edit").text
    assert f'<label class="form-label" for="region">{label} <' in page


def test_a_state_is_no_longer_than_quickbooks_takes_it(firm: Firm, stella: Walker) -> None:
    assert stella.post("/clients/new", **BOLT, region="x" * 256).status_code == 422
    assert stella.post("/clients/new", **BOLT, region="x" * 255).status_code == 303


def test_what_was_typed_stays_beside_what_is_wrong(firm: Firm, stella: Walker) -> None:
    answer = stella.post("/clients/new", **{**BOLT, "name": "", "email": "nowhere"})
    assert answer.status_code == 422
    assert 'value="nowhere"' in answer.text
    assert "Enter a name." in answer.text


def test_a_client_is_changed_without_losing_what_the_form_does_not_show(firm: Firm, stella: Walker) -> None:
    stella.follow(f"/clients/{firm.acme.id}/edit", **BOLT)
    assert "Carter &amp; Sons" in stella.get(f"/clients/{firm.acme.id}").text


def test_a_client_who_left_is_deactivated_and_may_come_back(firm: Firm, stella: Walker) -> None:
    assert "no longer offered" in stella.follow(f"/clients/{firm.acme.id}/active", active="no")
    assert "Acme" not in words(stella.get("/clients").text)
    assert "Acme" in stella.get("/clients?show=inactive").text
    assert "offered again" in stella.follow(f"/clients/{firm.acme.id}/active", active="yes")


def test_a_reader_changes_nothing(firm: Firm, rhea: Walker) -> None:
    assert rhea.post("/clients/new", **BOLT).status_code == 403
    assert f"/clients/{firm.acme.id}/edit" not in rhea.get(f"/clients/{firm.acme.id}").text


def test_a_field_is_offered_the_clients_it_may_mean(firm: Firm, stella: Walker) -> None:
    assert f'value="Acme #{firm.acme.id}"' in stella.fragment("/clients/options?client=ac").text
    assert "Acme" not in stella.fragment("/clients/options?client=bolt").text
