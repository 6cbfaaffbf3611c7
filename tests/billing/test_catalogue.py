"""Clients, services, tax codes and terms."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.billing import catalogue
from app.billing.catalogue_fields import ClientFields, ServiceFields, TaxCodeFields, TermFields
from app.billing.entities import EntityFields, found_entity
from app.billing.entity import TaxRegime
from app.billing.tax import TaxCode, Treatment
from app.billing.terms import PaymentTerm
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.outbox.models import Message, MessageState, Subject
from tests.billing.firm import ANN, Firm, build, messages, told
from tests.world import World


def test_two_clients_may_have_one_name(firm: Firm) -> None:
    with transaction():
        twin = catalogue.create_client(ClientFields(name="Acme"), actor=ANN)
    assert twin.id != firm.acme.id


def test_a_changed_client_is_posted_and_its_timeline_says_what_changed(firm: Firm) -> None:
    with transaction():
        catalogue.change_client(firm.acme, ClientFields(name="Acme Ltd", city="Leeds"), actor=ANN)
    subject = Subject("client", firm.acme.id)
    assert messages(subject) == [MessageState.WAITING]
    assert told(subject) == ["Created.", "Changed: city, name."]


def test_a_client_of_another_entity_is_no_news_for_this_one(firm: Firm) -> None:
    with transaction():
        dublin = found_entity(EntityFields(name="Northgate IT Ireland", home_currency="EUR", tax_regime=TaxRegime.NONE))
        catalogue.change_client(firm.acme, ClientFields(name="Acme", billing_entity_id=dublin.id), actor=ANN)
    lanes = db.session.scalars(select(Message.billing_entity_id).where(Message.kind == "client"))
    assert list(lanes) == [dublin.id]


@pytest.mark.parametrize("code", ["SUP", "sup", " Sup "])
def test_a_service_code_is_unique_whatever_its_case(firm: Firm, code: str) -> None:
    with pytest.raises(BadInputError, match="taken already"), transaction():
        catalogue.create_service(ServiceFields(code=code, name="Another"), actor=ANN)


def test_a_changed_service_keeps_its_own_code_and_is_posted(firm: Firm) -> None:
    with transaction():
        fields = ServiceFields(code="sup", name="Help desk", unit_price=Decimal("0.0000001"))
        catalogue.change_service(firm.support, fields, actor=ANN)
    assert (firm.support.code, firm.support.code_folded) == ("sup", "sup")
    assert messages(Subject("service", firm.support.id)) == [MessageState.WAITING]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (ServiceFields(code="", name="x"), "code"),
        (ServiceFields(code="x", name="x", unit_price=Decimal(-1)), "unit_price"),
        (ServiceFields(code="x", name="x", unit_price=Decimal("0.00000001")), "unit_price"),
        (ServiceFields(code="x", name="x", tax_code_id=4711), "tax_code_id"),
    ],
)
def test_a_service_that_makes_no_sense_is_refused(firm: Firm, fields: ServiceFields, field: str) -> None:
    with pytest.raises(BadInputError) as refused, transaction():
        catalogue.create_service(fields, actor=ANN)
    assert refused.value.field == field


def test_a_client_needs_a_name(firm: Firm) -> None:
    with pytest.raises(BadInputError, match="name"), transaction():
        catalogue.change_client(firm.acme, ClientFields(name=" "), actor=ANN)


def test_a_tax_code_is_made_changed_and_held_to_sense(firm: Firm) -> None:
    fields = TaxCodeFields("12.5% X", "Hospitality", Decimal("12.5"), Treatment.REDUCED)
    with transaction():
        code = catalogue.create_tax_code(fields, actor=ANN)
        catalogue.change_tax_code(code, fields, actor=ANN)
    assert code.charged_percent == Decimal("12.5")
    for bad in (("", "x", "20"), ("12.5% X", "x", "20"), ("x", "x", "101")):
        with pytest.raises(BadInputError), transaction():
            catalogue.create_tax_code(TaxCodeFields(bad[0], bad[1], Decimal(bad[2]), Treatment.STANDARD), actor=ANN)


def changed_to(firm: Firm, code: str, percent: str, treatment: Treatment) -> None:
    row = db.session.get_one(TaxCode, firm.codes[code])
    with transaction():
        catalogue.change_tax_code(row, TaxCodeFields(row.code, "Anew", Decimal(percent), treatment), actor=ANN)


@pytest.mark.parametrize(("percent", "treatment"), [("21", Treatment.STANDARD), ("20", Treatment.REVERSE_CHARGE)])
def test_what_was_issued_at_one_rate_is_never_printed_at_another(
    firm: Firm, percent: str, treatment: Treatment
) -> None:
    firm.draft()
    changed_to(firm, "20.0% S", "19", Treatment.STANDARD)
    changed_to(firm, "20.0% S", "20", Treatment.STANDARD)
    firm.open()
    with pytest.raises(BadInputError) as refused:
        changed_to(firm, "20.0% S", percent, treatment)
    db.session.rollback()
    assert "Documents were issued under this code at 20%" in refused.value.message
    changed_to(firm, "20.0% S", "20", Treatment.STANDARD)
    changed_to(firm, "5.0% R", "6", Treatment.REDUCED)


def test_where_somebody_else_computes_the_tax_a_rate_is_a_guess_and_changes(northgate: World) -> None:
    firm = build(TaxRegime.US_AUTOMATED)
    firm.open(firm.line(code="TAX"))
    changed_to(firm, "TAX", "8.25", Treatment.STANDARD)
    assert db.session.get_one(TaxCode, firm.codes["TAX"]).rate_percent == Decimal("8.25")


def test_a_term_is_made_changed_and_held_to_sense(firm: Firm) -> None:
    with transaction():
        term = catalogue.create_term(TermFields("Net 7", 7), actor=ANN)
        catalogue.change_term(term, TermFields("Net 10", 10), actor=ANN)
    assert db.session.get_one(PaymentTerm, term.id).due_days == 10
    for bad in (TermFields("", 7), TermFields("Net 8", -1), TermFields("Net 30", 30)):
        with pytest.raises(BadInputError), transaction():
            catalogue.create_term(bad, actor=ANN)


def test_what_is_no_longer_offered_stays_where_it_is(firm: Firm) -> None:
    with transaction():
        catalogue.set_active(firm.support, active=False, actor=ANN)
    assert not firm.support.active
    assert told(Subject("service", firm.support.id))[-1] == "Deactivated."
