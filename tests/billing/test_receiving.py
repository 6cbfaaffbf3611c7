"""Payments: by allocations, idempotent, reversed and applied again on a change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from app.billing import receiving
from app.billing.document import Document
from app.billing.facts import PaymentFacts
from app.billing.invoicing import payments_applied, void
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.payment import Payment, PaymentOrigin, PaymentState
from app.foundation.database import transaction
from app.foundation.errors import BadInputError, ConflictError
from app.foundation.tenancy import current_organisation
from app.outbox.models import MessageState
from tests.billing.firm import ANN, Firm, messages, told
from tests.quickbooks import crowd

OPEN, PART, PAID = DocumentStatus.OPEN, DocumentStatus.PARTIALLY_PAID, DocumentStatus.PAID


def test_a_full_payment_makes_the_invoice_paid_and_is_not_told_back(firm: Firm) -> None:
    invoice = firm.open()
    payment = firm.learn(12000, (invoice, 12000))
    assert (invoice.status, invoice.settled_pence, invoice.balance_pence) == (PAID, 12000, 0)
    assert messages(payment.subject) == []
    assert told(invoice.subject)[-1] == (
        "Payment received: £120.00 of 2 March 2026 (BACS 4711). Nothing is owed any more."
    )


def test_a_part_is_a_part(firm: Firm) -> None:
    invoice = firm.open()
    firm.learn(5000, (invoice, 5000))
    assert (invoice.status, invoice.balance_pence) == (PART, 7000)
    assert told(invoice.subject)[-1].endswith("£70.00 is still owed.")


def test_one_payment_over_several_invoices_settles_each_by_its_own_part(firm: Firm) -> None:
    first, second, third = firm.open(), firm.open(), firm.open()
    payment = firm.learn(20000, (first, 12000), (second, 6000))
    assert [row.status for row in (first, second, third)] == [PAID, PART, OPEN]
    assert payment.unapplied_pence == 2000


def test_each_document_is_told_of_its_own_part(firm: Firm) -> None:
    first, second = firm.open(), firm.open()
    firm.learn(15000, (first, 12000), (second, 3000))
    assert told(second.subject)[-1] == (
        "Payment received: £30.00, part of £150.00 of 2 March 2026 (BACS 4711). £90.00 is still owed."
    )


def test_an_invoice_that_a_credit_note_settles_is_told_of_the_credit_and_of_no_money(firm: Firm) -> None:
    invoice, credit = firm.open(), firm.open(kind=DocumentKind.CREDIT_NOTE)
    firm.learn(0, (invoice, 5000), (credit, 5000))
    said = "Credit applied: £50.00 {}, 2 March 2026 (BACS 4711). £70.00 {}."
    assert told(invoice.subject)[-1] == said.format(f"from credit note {credit.number}", "is still owed")
    assert told(credit.subject)[-1] == said.format(f"on invoice {invoice.number}", "of credit is left")


def test_money_and_a_credit_that_settle_an_invoice_together_are_both_named(firm: Firm) -> None:
    invoice, credit = firm.open(), firm.open(kind=DocumentKind.CREDIT_NOTE)
    firm.learn(3000, (invoice, 5000), (credit, 2000))
    assert f"£50.00 from £30.00 and credit note {credit.number}, 2 March 2026" in told(invoice.subject)[-1]


def test_more_than_is_owed_is_said(firm: Firm) -> None:
    invoice = firm.open()
    firm.learn(5000, (invoice, 5000))
    firm.learn(12000, (invoice, 12000))
    assert told(invoice.subject)[-1].endswith("£50.00 more than is owed.")


def test_the_same_told_again_changes_nothing(firm: Firm) -> None:
    invoice = firm.open()
    payment = firm.learn(5000, (invoice, 5000))
    before = told(invoice.subject), payment.version
    firm.learn(5000, (invoice, 2000), (invoice, 3000), payment_id=payment.id)
    assert (told(invoice.subject), payment.version) == before


def test_a_change_takes_the_old_parts_back_and_applies_the_new_ones(firm: Firm) -> None:
    wrong, right = firm.open(), firm.open()
    payment = firm.learn(12000, (wrong, 12000))
    firm.learn(12000, (right, 12000), payment_id=payment.id)
    assert (wrong.status, wrong.settled_pence, right.status) == (OPEN, 0, PAID)
    assert told(wrong.subject)[-1].startswith("The payment changed: £120.00")


@pytest.mark.parametrize("state", [PaymentState.VOID, PaymentState.REMOVED])
def test_a_payment_that_is_gone_counts_no_more_however_often_it_is_told(firm: Firm, state: PaymentState) -> None:
    invoice = firm.open()
    payment = firm.learn(12000, (invoice, 12000))
    for _again in range(2):
        with transaction():
            receiving.remove_learnt(payment.id, state)
    assert (invoice.status, payment.state, payments_applied(invoice)) == (OPEN, state, [])
    assert len(told(invoice.subject)) == 4


def test_a_payment_that_was_gone_and_is_told_again_counts_again(firm: Firm) -> None:
    invoice = firm.open()
    payment = firm.learn(12000, (invoice, 12000))
    with transaction():
        receiving.remove_learnt(payment.id, PaymentState.VOID)
    firm.learn(12000, (invoice, 12000), payment_id=payment.id)
    assert (invoice.status, payment.state) == (PAID, PaymentState.LIVE)


def test_more_than_is_owed_is_kept_as_the_books_tell_it(firm: Firm) -> None:
    invoice = firm.open()
    firm.learn(15000, (invoice, 15000))
    assert (invoice.status, invoice.settled_pence, invoice.balance_pence) == (PAID, 15000, 0)


def test_a_credit_is_used_up_by_a_payment_of_nought(firm: Firm) -> None:
    invoice, credit = firm.open(), firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    payment = firm.learn(0, (invoice, 4000), (credit, 4000))
    assert (invoice.balance_pence, credit.balance_pence, payment.unapplied_pence) == (8000, 2000, 0)
    assert told(credit.subject)[-1].endswith("£20.00 of credit is left.")
    firm.learn(0, (invoice, 6000), (credit, 6000), payment_id=payment.id)
    assert told(credit.subject)[-1].endswith("The credit is used up.")


def test_a_payment_recorded_here_is_posted(firm: Firm) -> None:
    invoice = firm.open()
    with transaction():
        payment = receiving.record_here(firm.facts(12000, (invoice, 12000)), actor=ANN, note_text="cheque")
    assert (payment.origin, invoice.status) == (PaymentOrigin.HERE, PAID)
    assert messages(payment.subject) == [MessageState.WAITING]


def test_a_payment_recorded_here_can_be_taken_back_a_learnt_one_only_there(firm: Firm) -> None:
    first, second = firm.open(), firm.open()
    learnt = firm.learn(12000, (second, 12000))
    with transaction():
        payment = receiving.record_here(firm.facts(12000, (first, 12000)), actor=ANN)
        receiving.void_here(payment, actor=ANN)
    assert (first.status, payment.state) == (OPEN, PaymentState.VOID)
    with pytest.raises(ConflictError, match="void it there"), transaction():
        receiving.void_here(learnt, actor=ANN)


def refused(firm: Firm, facts: PaymentFacts, reason: str) -> None:
    with pytest.raises(BadInputError, match=reason), transaction():
        receiving.record_here(facts, actor=ANN)


def test_what_is_recorded_here_is_never_more_than_is_owed_or_was_received(firm: Firm) -> None:
    invoice = firm.open()
    refused(firm, firm.facts(13000, (invoice, 13000)), r"Only £120\.00 is open on Invoice INV-00001")
    refused(firm, firm.facts(5000, (invoice, 6000)), r"Only £50\.00 can be allocated")
    refused(firm, firm.facts(0), "Give the amount")
    refused(firm, firm.facts(-100), "positive")


def test_what_is_owed_is_their_total_where_they_round_otherwise(firm: Firm) -> None:
    more, less = firm.open(), firm.open()
    with transaction():
        more.rounding_adjustment_pence, less.rounding_adjustment_pence = 1, -1
    refused(firm, firm.facts(12002, (more, 12002)), r"Only £120\.01 is open")
    refused(firm, firm.facts(12000, (less, 12000)), r"Only £119\.99 is open")
    with transaction():
        receiving.record_here(firm.facts(24000, (more, 12001), (less, 11999)), actor=ANN)
    assert (more.status, less.status) == (DocumentStatus.PAID, DocumentStatus.PAID)


def test_two_who_record_at_once_do_not_pay_an_invoice_twice(firm: Firm, app: Flask) -> None:
    facts = firm.facts(12000, (firm.open(), 12000))

    def record() -> str:
        try:
            with transaction():
                receiving.record_here(facts, actor=ANN)
        except BadInputError as refusal:
            return refusal.message
        return ""

    said = crowd.at_once(app, current_organisation(), [record, record])
    assert sorted(said) == ["", "Only £0.00 is open on Invoice INV-00001."]


def test_a_part_for_another_clients_invoice_a_draft_or_a_credit_note_is_refused(firm: Firm) -> None:
    foreign, draft = firm.open(client=firm.bolt), firm.draft()
    credit = firm.open(kind=DocumentKind.CREDIT_NOTE)
    refused(firm, firm.facts(100, (foreign, 100)), "can't take a part")
    refused(firm, firm.facts(100, (draft, 100)), r"Only £0\.00 is open")
    refused(firm, replace(firm.facts(100), allocations=((credit.id, 100),)), "can't take a part")


def test_a_payment_on_a_void_invoice_is_kept_and_leaves_it_void(firm: Firm) -> None:
    invoice = firm.open()
    with transaction():
        void(invoice, "", actor=ANN)
    firm.learn(12000, (invoice, 12000))
    assert (invoice.status, invoice.settled_pence) == (DocumentStatus.VOID, 12000)


def test_a_new_reference_alone_is_no_news_for_the_invoice(firm: Firm) -> None:
    invoice = firm.open()
    payment = firm.learn(12000, (invoice, 12000))
    with transaction():
        facts = replace(firm.facts(12000, (invoice, 12000), payment_id=payment.id), reference="BACS 4712")
        receiving.apply_learnt(facts)
    assert payment.reference == "BACS 4712"
    assert len(told(invoice.subject)) == 3
    assert told(payment.subject)[-1] == (
        "The payment changed: £120.00 of 2 March 2026 (BACS 4712). £120.00 on Invoice INV-00001."
    )


def recorded(firm: Firm, pence: int, *parts: tuple[Document, int]) -> Payment:
    with transaction():
        return receiving.record_here(firm.facts(pence, *parts), actor=ANN)


def test_what_is_left_of_a_payment_goes_to_another_invoice_later(firm: Firm) -> None:
    first, second = firm.open(), firm.open()
    payment = recorded(firm, 15000, (first, 12000))
    with transaction():
        receiving.divide_anew(payment, [(first.id, 12000), (second.id, 3000)], actor=ANN)
    assert (first.status, second.balance_pence, payment.unapplied_pence, payment.revision) == (PAID, 9000, 0, 2)
    assert told(second.subject)[-1].startswith("The payment was divided anew: £30.00, part of £150.00")


def test_a_part_that_is_moved_opens_the_invoice_it_leaves(firm: Firm) -> None:
    wrong, right = firm.open(), firm.open()
    payment = recorded(firm, 12000, (wrong, 12000))
    with transaction():
        receiving.divide_anew(payment, [(right.id, 12000)], actor=ANN)
    assert (wrong.status, right.status, messages(payment.subject)) == (OPEN, PAID, [MessageState.WAITING])


def test_the_same_division_again_changes_nothing(firm: Firm) -> None:
    invoice = firm.open()
    payment = recorded(firm, 12000, (invoice, 12000))
    with transaction():
        receiving.divide_anew(payment, [(invoice.id, 12000)], actor=ANN)
    assert payment.revision == 1


def test_dividing_anew_never_puts_more_on_an_invoice_than_is_owed(firm: Firm) -> None:
    invoice = firm.open()
    payment = recorded(firm, 30000, (invoice, 5000))
    with pytest.raises(BadInputError, match=r"Only £120.00 is open"), transaction():
        receiving.divide_anew(payment, [(invoice.id, 12001)], actor=ANN)


def test_a_learnt_payment_is_divided_in_the_books_alone(firm: Firm) -> None:
    payment, invoice = firm.learn(12000), firm.open()
    with pytest.raises(ConflictError), transaction():
        receiving.divide_anew(payment, [(invoice.id, 100)], actor=ANN)
    with pytest.raises(ConflictError), transaction():
        receiving.ask_to_send(payment, actor=ANN)


def test_a_person_may_ask_for_a_payment_to_be_told(firm: Firm) -> None:
    payment = recorded(firm, 500)
    with transaction():
        receiving.ask_to_send(payment, actor=ANN)
    assert told(payment.subject)[-1] == "Asked for it to be sent."


def test_what_is_left_of_a_payment_is_always_what_its_parts_leave(firm: Firm) -> None:
    invoice, other = firm.open(), firm.open()
    credit = firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    payment = firm.learn(20000, (invoice, 12000))
    for parts in ([(invoice, 12000), (other, 5000)], [], [(other, 14000), (credit, 6000)], [(other, 12000)]):
        firm.learn(20000, *parts, payment_id=payment.id)
        taken = sum(part.signed_pence for part in payment.allocations)
        assert payment.unapplied_pence == payment.amount_pence - taken == 20000 - taken
