"""Services: list and form."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from app.billing.service import Service
from app.foundation.database import db
from tests.billing.firm import Firm
from tests.web.walking import Walker, words

SEAT = {"code": "SEAT", "name": "Seat", "unit_price": "1,016.6000001", "unit": "month", "tax_code_id": ""}


def only(code: str) -> Service:
    return db.session.scalars(select(Service).where(Service.code == code)).one()


def test_a_service_is_added_with_all_decimals_of_its_price(firm: Firm, stella: Walker) -> None:
    assert "SEAT was added." in stella.follow("/services/new", **SEAT)
    assert only("SEAT").unit_price == Decimal("1016.6000001")


def test_a_code_that_is_taken_in_another_case_is_refused_beside_its_field(firm: Firm, stella: Walker) -> None:
    answer = stella.post("/services/new", **{**SEAT, "code": "sup"})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert "This is taken already" in answer.text


def test_a_price_that_is_no_number_stays_as_it_was_typed(firm: Firm, stella: Walker) -> None:
    answer = stella.post("/services/new", **{**SEAT, "unit_price": "ten"})
    assert 'value="ten"' in answer.text
    assert "&#39;ten&#39; is not a number." in answer.text


def test_a_service_is_changed(firm: Firm, stella: Walker) -> None:
    code = str(firm.codes["20.0% S"])
    stella.follow(f"/services/{firm.support.id}", **{**SEAT, "code": "SUP", "tax_code_id": code})
    assert "SUP Seat month £1,016.6000001 20.0% S" in words(stella.get("/services").text)


def test_the_list_is_searched_as_one_types(firm: Firm, rhea: Walker) -> None:
    assert "SUP" in rhea.fragment("/services?search=supp").text
    assert "Nothing matches" in rhea.fragment("/services?search=zzz").text


def test_a_service_is_deactivated(firm: Firm, stella: Walker) -> None:
    stella.follow(f"/services/{firm.support.id}/active", active="no")
    assert "SUP" in stella.get("/services?show=inactive").text
    assert "SUP" not in stella.fragment("/services/options?lines-0-service=sup").text


def test_a_reader_sees_the_list_and_no_form(firm: Firm, rhea: Walker) -> None:
    assert f"/services/{firm.support.id}" not in rhea.get("/services").text
    assert rhea.get(f"/services/{firm.support.id}").status_code == 403


def test_a_field_is_offered_the_services_it_may_mean(firm: Firm, stella: Walker) -> None:
    assert '<option value="SUP">Support</option>' in stella.fragment("/services/options?lines-3-service=sup").text
