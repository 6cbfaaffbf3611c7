"""Two organisations with documents and payments of every sort: what a migration that counts must count rightly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.billing import invoicing, receiving
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.billing.payment import PaymentState
from app.foundation.database import transaction
from app.foundation.tenancy import acting_for
from tests import world
from tests.billing import firm as firms
from tests.billing.firm import ANN, Firm


def write_it() -> None:
    """Into an empty database at its newest."""
    everybody = world.build()
    for organisation in (everybody.northgate, everybody.southbank):
        with acting_for(organisation.id):
            _busy(firms.build())


def _busy(firm: Firm) -> None:
    """Each state of a document and of a payment, two currencies, two months, a rounding, what is paid too much."""
    firm.draft(firm.line("77"))
    firm.open(firm.line("1"))
    invoices = [firm.open(firm.line(price)) for price in ("100", "250", "33.33", "19.99", "500")]
    _make_odd(firm, firm.open(), firm.open())
    credit = firm.open(firm.line("40"), kind=DocumentKind.CREDIT_NOTE)
    firm.draft(kind=DocumentKind.CREDIT_NOTE)
    _learn(firm, invoices, credit)
    _record(firm, invoices[4])


def _make_odd(firm: Firm, rounded: Document, foreign: Document) -> None:
    void = firm.open()
    with transaction():
        invoicing.void(void, "a slip", actor=ANN)
        rounded.rounding_adjustment_pence, rounded.issue_date = 1, date(2026, 1, 31)
        foreign.currency, foreign.issue_date = "EUR", date(2025, 12, 31)


def _learn(firm: Firm, invoices: list[Document], credit: Document) -> None:
    """Paid whole, in part, too much, by credit; taken back; more divided than was received."""
    firm.learn(12000, (invoices[0], 12000))
    firm.learn(20000, (invoices[1], 15000))
    firm.learn(9000, (invoices[2], 9000))
    firm.learn(0, (invoices[1], 4800), (credit, 4800))
    firm.learn(500, (invoices[3], 900))
    for state in (PaymentState.VOID, PaymentState.REMOVED):
        ended = firm.learn(700, (invoices[3], 300))
        with transaction():
            receiving.remove_learnt(ended.id, state)


def _record(firm: Firm, invoice: Document) -> None:
    with transaction():
        payment = receiving.record_here(firm.facts(30000, (invoice, 10000)), actor=ANN)
        receiving.record_here(replace(firm.facts(1234), reference="none"), actor=ANN)
    with transaction():
        receiving.divide_anew(payment, [(invoice.id, 25050)], actor=ANN)
