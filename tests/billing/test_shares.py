"""What a payment is to each of its documents: said once for each, and never as money where none came."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from app.billing import receiving
from app.billing.document import Document
from app.billing.facts import LearntPayment
from app.billing.kinds import DocumentKind
from app.foundation.database import db, transaction
from tests.billing.firm import ANN, Firm, told


def test_a_use_of_credit_is_never_called_a_payment(firm: Firm) -> None:
    invoice, credit = firm.open(), firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    with transaction():
        payment = receiving.record_here(firm.facts(0, (invoice, 4000), (credit, 4000)), actor=ANN)
    with transaction():
        receiving.void_here(payment, actor=ANN)
    named = f"£40.00 on {invoice.title}, £40.00 from {credit.title}."
    first, last = told(payment.subject)
    assert first == f"Credit applied: £40.00 of 2 March 2026 (BACS 4711). {named}"
    assert last == "The use of a credit was taken back: £40.00 of 2 March 2026 (BACS 4711)."
    assert [line.partition(":")[0] for line in told(invoice.subject)[-2:]] == [
        "Credit applied",
        "The use of a credit was taken back",
    ]


def test_a_payment_over_many_invoices_reads_no_more_often_than_one_over_two(firm: Firm) -> None:
    invoices = [firm.open() for _each in range(12)]
    few, many = ([(invoice, 1000) for invoice in some] for some in (invoices[:2], invoices[2:]))
    facts = [firm.facts(10000, *parts) for parts in (few, many)]
    db.session.expunge_all()
    assert reads(facts[1]) == reads(facts[0])


def reads(facts: LearntPayment) -> int:
    """How many questions it takes to learn of a payment."""
    asked: list[str] = []
    listen = (db.engine, "before_cursor_execute", lambda _c, _k, sql, *_more: asked.append(sql))
    event.listen(*listen)
    try:
        with transaction():
            receiving.apply_learnt(facts)
    finally:
        event.remove(*listen)
    return sum(sql.startswith("SELECT") for sql in asked)


def test_each_document_of_a_payment_is_named_once_however_many_are_told(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    credit, invoices = firm.open(kind=DocumentKind.CREDIT_NOTE), [firm.open() for _each in range(4)]
    named: list[int] = []

    def title(document: Document) -> str:
        named.append(document.id)
        return "Invoice"

    monkeypatch.setattr(Document, "title", property(title))
    firm.learn(0, *((invoice, 1000) for invoice in invoices), (credit, 4000))
    own_line = 5
    assert len(named) == own_line + len([credit, *invoices])
