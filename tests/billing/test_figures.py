"""Counts and sums."""

from __future__ import annotations

from datetime import date, timedelta

from app.billing import aging, figures, invoicing
from app.billing.aging import Wanted
from app.billing.figures import Sums
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.queries import DocumentFilter
from app.foundation.database import transaction
from tests.billing.firm import ANN, TODAY, Firm


def test_credit_notes_count_down_and_drafts_and_void_documents_not_at_all(firm: Firm) -> None:
    firm.draft()
    firm.open()
    firm.open(firm.line("10"), kind=DocumentKind.CREDIT_NOTE)
    void = firm.open()
    with transaction():
        invoicing.void(void, "", actor=ANN)
    assert figures.sums(DocumentFilter()) == {"GBP": Sums(2, 9000, 1800, 10800, 10800)}


def test_what_is_open_is_what_is_still_to_come(firm: Firm) -> None:
    paid, part = firm.open(), firm.open()
    firm.learn(17000, (paid, 12000), (part, 5000))
    assert figures.sums(DocumentFilter(search="acme"))["GBP"].open_pence == 7000


def test_what_a_word_finds_is_summed_by_currency(firm: Firm) -> None:
    pounds, euros = firm.open(), firm.open(firm.line("50"))
    assert set(figures.sums(DocumentFilter(search="acme"))) == {"GBP"}
    with transaction():
        euros.currency = "EUR"
    found = figures.sums(DocumentFilter(search="acme"))
    assert {currency: sums.gross_pence for currency, sums in found.items()} == {"GBP": 12000, "EUR": 6000}
    assert set(figures.sums(DocumentFilter(search=pounds.number or ""))) == {"GBP"}


def test_each_status_is_counted_noughts_included(firm: Firm) -> None:
    firm.open()
    firm.draft()
    counts = figures.status_counts(DocumentFilter(kind=DocumentKind.INVOICE))
    assert counts == {**dict.fromkeys(DocumentStatus, 0), DocumentStatus.OPEN: 1, DocumentStatus.DRAFT: 1}


def test_overdue_is_what_was_due_before_today(firm: Firm) -> None:
    invoice = firm.open()
    with transaction():
        invoice.due_date = TODAY
    assert figures.overdue(TODAY) == {}
    assert figures.overdue(date(2026, 3, 3))["GBP"].open_pence == 12000


def test_an_invoice_without_a_due_day_is_overdue_by_its_issue_day_everywhere(firm: Firm) -> None:
    invoice, credit_note = firm.open(), firm.open(kind=DocumentKind.CREDIT_NOTE)
    with transaction():
        for document in (invoice, credit_note):
            document.due_date, document.issue_date = None, TODAY - timedelta(days=3)
    assert (invoice.is_overdue(TODAY), credit_note.is_overdue(TODAY)) == (True, False)
    (total,) = aging.totals(Wanted(TODAY, {}))
    assert figures.overdue(TODAY)["GBP"].open_pence == total.overdue_pence == 12000
