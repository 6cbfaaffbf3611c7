"""Drafting, opening, amending, voiding and keeping back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields, TermFields
from app.billing.content import LineContent, content_of
from app.billing.faults import NotReadyError
from app.billing.kinds import DocumentKind, DocumentStatus
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError, ChangedMeanwhileError, ConflictError
from app.foundation.tenancy import acting_for
from app.outbox.models import MessageState, Subject
from tests.billing import firm as worlds
from tests.billing.firm import ANN, Firm, messages, told
from tests.world import World

WAITING, CANCELLED = MessageState.WAITING, MessageState.CANCELLED


def test_a_draft_has_totals_but_no_number_and_nobody_hears_of_it(firm: Firm) -> None:
    draft = firm.draft(firm.line("9.99", "3"), firm.line("1", code="0.0% Z"))
    assert (draft.net_pence, draft.tax_pence, draft.gross_pence) == (3097, 599, 3696)
    assert draft.number is None
    assert messages(draft.subject) == []


def test_opening_gives_a_number_and_posts_to_the_entitys_lane(firm: Firm) -> None:
    invoice = firm.open()
    assert (invoice.number, invoice.status, invoice.opened_by) == ("INV-00001", DocumentStatus.OPEN, "Ann")
    assert messages(Subject("invoice", invoice.id)) == [WAITING]
    assert told(invoice.subject) == ["The draft was made.", "Opened as INV-00001 over £120.00."]


def test_a_credit_note_is_posted_as_one(firm: Firm) -> None:
    credit = firm.open(kind=DocumentKind.CREDIT_NOTE)
    assert credit.number == "CN-00001"
    assert messages(Subject("credit_note", credit.id)) == [WAITING]


def test_a_document_that_is_open_can_not_be_opened_again(firm: Firm) -> None:
    invoice = firm.open()
    with pytest.raises(ConflictError, match="open already"), transaction():
        invoicing.open_document(invoice, actor=ANN)


def test_a_failed_opening_uses_up_no_number(firm: Firm) -> None:
    bad = firm.draft(firm.line(code="none"))
    with pytest.raises(NotReadyError, match="Line 1: choose a tax code"), transaction():
        invoicing.open_document(bad, actor=ANN)
    assert firm.open().number == "INV-00001"


def test_an_invoice_over_nothing_is_paid_as_soon_as_it_is_open(firm: Firm) -> None:
    assert firm.open(firm.line("0")).status is DocumentStatus.PAID


def test_a_kept_back_document_is_posted_too_for_the_skip_is_to_be_recorded(firm: Firm) -> None:
    draft = firm.draft()
    with transaction():
        invoicing.keep_back(draft, actor=ANN)
        invoicing.open_document(draft, actor=ANN)
    assert draft.kept_back
    assert messages(draft.subject) == [WAITING]


def test_keeping_back_takes_back_what_waits_and_letting_go_sends_nothing(firm: Firm) -> None:
    invoice = firm.open()
    with transaction():
        invoicing.keep_back(invoice, actor=ANN)
    assert (invoice.kept_back_by, messages(invoice.subject)) == ("Ann", [CANCELLED])
    with transaction():
        invoicing.let_go(invoice, actor=ANN)
    assert (invoice.kept_back, messages(invoice.subject)) == (False, [CANCELLED])


def test_a_person_may_ask_for_what_was_not_sent_but_not_for_what_is_kept_back(firm: Firm) -> None:
    invoice, kept, draft = firm.open(), firm.open(), firm.draft()
    with transaction():
        invoicing.keep_back(kept, actor=ANN)
        assert invoicing.ask_to_send([invoice, kept, draft], actor=ANN) == 1
    assert messages(kept.subject) == [CANCELLED]
    assert told(invoice.subject)[-1] == "Asked for it to be sent."


def test_an_amended_invoice_is_a_new_revision_and_is_posted(firm: Firm) -> None:
    invoice = firm.open()
    with transaction():
        invoicing.change(invoice, firm.content(firm.line("50")), actor=ANN)
    assert (invoice.revision, invoice.gross_pence, invoice.number) == (2, 6000, "INV-00001")
    assert told(invoice.subject)[-1] == "Amended: the total went from £120.00 to £60.00."
    assert messages(invoice.subject) == [WAITING]


def test_an_amendment_forgets_the_rounding_of_the_old_total(firm: Firm) -> None:
    invoice = firm.open()
    with transaction():
        invoice.rounding_adjustment_pence = 1
        invoicing.change(invoice, firm.content(firm.line("50")), actor=ANN)
    assert invoice.owed_pence == 6000


def test_a_changed_draft_is_told_to_nobody(firm: Firm) -> None:
    draft = firm.draft()
    with transaction():
        invoicing.change(draft, firm.content(firm.line("50")), actor=ANN)
    assert (draft.gross_pence, messages(draft.subject)) == (6000, [])


def test_two_people_who_edit_at_once_are_told(firm: Firm) -> None:
    draft = firm.draft()
    seen = draft.version
    with transaction():
        invoicing.change(draft, firm.content(firm.line("50")), actor=ANN, expected_version=seen)
    with pytest.raises(ChangedMeanwhileError), transaction():
        invoicing.change(draft, firm.content(firm.line("70")), actor=ANN, expected_version=seen)


def test_an_open_invoice_can_not_be_amended_into_something_unfit(firm: Firm) -> None:
    invoice = firm.open()
    with pytest.raises(NotReadyError, match="at least one line"), transaction():
        invoicing.change(invoice, firm.content(LineContent("only words")), actor=ANN)
    assert db.session.get_one(type(invoice), invoice.id).gross_pence == 12000


def test_a_paid_or_void_invoice_can_not_be_amended(firm: Firm) -> None:
    paid, void = firm.open(), firm.open()
    firm.learn(12000, (paid, 12000))
    with transaction():
        invoicing.void(void, "twice", actor=ANN)
    for invoice, reason in ((paid, "is paid"), (void, "is void")):
        with pytest.raises(ConflictError, match=reason), transaction():
            invoicing.change(invoice, firm.content(), actor=ANN)


def test_a_total_can_not_fall_below_what_is_paid(firm: Firm) -> None:
    invoice = firm.open()
    firm.learn(7000, (invoice, 7000))
    with pytest.raises(BadInputError, match=r"£70\.00 is paid already"), transaction():
        invoicing.change(invoice, firm.content(firm.line("50")), actor=ANN)


def test_whoever_has_paid_stays_the_client(firm: Firm) -> None:
    invoice = firm.open()
    firm.learn(5000, (invoice, 5000))
    with pytest.raises(BadInputError, match="Payments are applied to it"), transaction():
        invoicing.change(invoice, firm.content(client=firm.bolt), actor=ANN)


def test_an_amendment_down_to_what_is_paid_makes_it_paid(firm: Firm) -> None:
    invoice = firm.open()
    firm.learn(6000, (invoice, 6000))
    with transaction():
        invoicing.change(invoice, firm.content(firm.line("50")), actor=ANN)
    assert invoice.status is DocumentStatus.PAID


def test_voiding_is_posted_and_told(firm: Firm) -> None:
    invoice = firm.open()
    with transaction():
        invoicing.void(invoice, "wrong client", actor=ANN)
    assert (invoice.status, invoice.void_reason, invoice.balance_pence) == (DocumentStatus.VOID, "wrong client", 0)
    assert told(invoice.subject)[-1] == "Voided: wrong client"


def test_voiding_is_refused_with_the_payments_that_stand_against_it(firm: Firm) -> None:
    invoice = firm.open()
    payment = firm.learn(5000, (invoice, 5000))
    with pytest.raises(invoicing.PaymentsAppliedError, match=r"£50\.00") as refused, transaction():
        invoicing.void(invoice, "", actor=ANN)
    assert [row.id for row in refused.value.payments] == [payment.id]


def test_a_draft_is_deleted_and_not_voided_and_an_open_one_the_other_way_round(firm: Firm) -> None:
    draft, invoice = firm.draft(), firm.open()
    with pytest.raises(ConflictError, match="draft is deleted"), transaction():
        invoicing.void(draft, "", actor=ANN)
    with pytest.raises(ConflictError, match="voided"), transaction():
        invoicing.delete_draft(invoice)
    with transaction():
        invoicing.delete_draft(draft)
    assert db.session.get(type(draft), draft.id) is None


def test_a_copy_says_the_same_under_todays_date(firm: Firm) -> None:
    invoice = firm.open(firm.line("33.3333333", "3", discount="10"))
    with transaction():
        copy = invoicing.duplicate(invoice, actor=ANN)
    assert content_of(copy).lines == content_of(invoice).lines
    assert (copy.number, copy.status) == (None, DocumentStatus.DRAFT)


def test_a_draft_below_nought_becomes_a_credit_note(firm: Firm) -> None:
    draft = firm.draft(firm.line("10", "-3"))
    with pytest.raises(NotReadyError, match="turn this into a credit note"), transaction():
        invoicing.open_document(draft, actor=ANN)
    with transaction():
        credit = invoicing.turn_into_credit_note(draft, actor=ANN)
    assert (credit.kind, credit.gross_pence, credit.lines[0].quantity) == (DocumentKind.CREDIT_NOTE, 3600, Decimal(3))


def test_the_currency_is_the_clients_where_it_has_one(firm: Firm) -> None:
    with transaction():
        catalogue.change_client(firm.acme, ClientFields(name="Acme", currency="EUR"), actor=ANN)
    assert firm.draft().currency == "EUR"
    assert firm.draft(client=firm.bolt).currency == "GBP"


def test_a_client_of_another_organisation_is_not_there(firm: Firm, world: World) -> None:
    with acting_for(world.southbank.id):
        stranger = worlds.build().acme.id
    foreign = replace(firm.content(), client_id=stranger)
    with pytest.raises(BadInputError, match="no such client"), transaction():
        invoicing.create_draft(firm.entity, DocumentKind.INVOICE, foreign, actor=ANN)


def test_only_a_draft_invoice_turns_into_a_credit_note(firm: Firm) -> None:
    invoice = firm.open()
    with pytest.raises(ConflictError, match="Only a draft invoice"), transaction():
        invoicing.turn_into_credit_note(invoice, actor=ANN)


def test_a_draft_without_client_has_nobody_to_bill(firm: Firm) -> None:
    draft = firm.draft()
    with transaction():
        invoicing.change(draft, replace(content_of(draft), client_id=None), actor=ANN)
    with pytest.raises(ConflictError, match="no client yet"):
        _ = draft.bill_to


def test_the_due_date_follows_from_the_term(firm: Firm) -> None:
    with transaction():
        term = catalogue.create_term(TermFields("Net 21", 21), actor=ANN)
        content = replace(firm.content(), term_id=term.id)
        draft = invoicing.create_draft(firm.entity, DocumentKind.INVOICE, content, actor=ANN)
        copy = invoicing.duplicate(draft, actor=ANN)
    assert str(draft.due_date) == str(copy.due_date) == "2026-03-23"
