"""One document: its page, and the steps that its state and the role allow."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.billing import invoicing
from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.foundation.database import db, transaction
from tests.billing.firm import ANN, Firm
from tests.web.tied import tie
from tests.web.walking import Walker, words


def again(document: Document) -> Document:
    """The document as it is now."""
    db.session.rollback()
    return db.session.get_one(Document, document.id)


def test_the_page_tells_amounts_tax_payments_and_the_timeline(firm: Firm, rhea: Walker) -> None:
    document = firm.open(firm.line("100"), firm.line("50", code="0.0% Z"))
    firm.learn(5000, (document, 5000))
    page = words(rhea.get(f"/invoices/{document.id}").text)
    assert "Invoice INV-00001 Partially paid" in page
    assert "VAT 20% on £100.00 £20.00 Zero-rated on £50.00 £0.00 Total £170.00" in page
    assert "BACS 4711" in page
    assert page.index("Payment received") < page.index("Opened as INV-00001")


def test_credit_that_settles_an_invoice_names_both_documents_and_is_not_called_paid(firm: Firm, rhea: Walker) -> None:
    invoice, credit = firm.open(), firm.open(kind=DocumentKind.CREDIT_NOTE)
    firm.learn(0, (invoice, 5000), (credit, 5000))
    page = words(rhea.get(f"/invoices/{invoice.id}").text)
    assert "from credit note CN-00001, BACS 4711 £50.00" in page
    assert "Paid and credited" in page
    assert "on invoice INV-00001, BACS 4711 £50.00" in words(rhea.get(f"/credit-notes/{credit.id}").text)


def test_what_was_paid_too_much_is_shown(firm: Firm, rhea: Walker) -> None:
    document = firm.open()
    firm.learn(5000, (document, 5000))
    firm.learn(12000, (document, 12000))
    assert "Paid too much £50.00 Balance £0.00" in words(rhea.get(f"/invoices/{document.id}").text)


def test_a_credit_note_is_no_invoice(firm: Firm, rhea: Walker) -> None:
    credit = firm.open(kind=DocumentKind.CREDIT_NOTE)
    assert rhea.get(f"/credit-notes/{credit.id}").status_code == 200
    assert rhea.get(f"/invoices/{credit.id}").status_code == 404


@pytest.mark.parametrize(
    ("who", "there", "missing"),
    [
        ("rhea", ["print"], ["edit", "duplicate", "void"]),
        ("stella", ["edit", "keep-back"], ["void"]),
        ("adam", ["void"], []),
    ],
)
def test_only_what_the_role_allows_is_offered(
    firm: Firm, request: pytest.FixtureRequest, *, who: str, there: list[str], missing: list[str]
) -> None:
    document = firm.open()
    page = request.getfixturevalue(who).get(f"/invoices/{document.id}").text
    assert [step for step in there if f"/invoices/{document.id}/{step}" not in page] == []
    assert [step for step in missing if f"/invoices/{document.id}/{step}" in page] == []


def test_a_draft_lists_what_stands_against_opening_it(firm: Firm, rhea: Walker) -> None:
    draft = firm.draft(firm.line(code="none"))
    assert "Line 1: choose a tax code." in rhea.get(f"/invoices/{draft.id}").text


def test_a_draft_is_opened_from_its_page(firm: Firm, stella: Walker) -> None:
    draft = firm.draft()
    assert "INV-00001 is open." in stella.follow(f"/invoices/{draft.id}/open")
    assert again(draft).opened_by == "Stella"


def test_a_draft_that_is_not_ready_stays_one_and_says_why(firm: Firm, stella: Walker) -> None:
    draft = firm.draft(firm.line(code="none"))
    assert "choose a tax code" in stella.follow(f"/invoices/{draft.id}/open")
    assert again(draft).status is DocumentStatus.DRAFT


def test_opening_twice_is_refused_with_a_sentence(firm: Firm, stella: Walker) -> None:
    answer = stella.post(f"/invoices/{firm.open().id}/open")
    assert answer.status_code == 409
    assert "this can&#39;t be done now" in answer.text


def test_voiding_tells_what_it_does_and_keeps_the_reason(firm: Firm, adam: Walker) -> None:
    document = firm.open()
    assert "marked void, and keeps its number INV-00001" in adam.get(f"/invoices/{document.id}/void").text
    assert "Billed twice" in adam.follow(f"/invoices/{document.id}/void", reason="Billed twice")
    assert again(document).status is DocumentStatus.VOID


def test_voiding_is_for_admins(firm: Firm, stella: Walker) -> None:
    assert stella.post(f"/invoices/{firm.open().id}/void").status_code == 403


def test_voiding_is_refused_with_the_list_while_payments_are_applied(firm: Firm, adam: Walker) -> None:
    document = firm.open()
    firm.learn(5000, (document, 5000))
    page = adam.get(f"/invoices/{document.id}/void").text
    assert "BACS 4711" in page
    assert "btn-danger" not in page
    assert adam.post(f"/invoices/{document.id}/void").status_code == 409


def test_too_long_a_reason_is_given_back(firm: Firm, adam: Walker) -> None:
    answer = adam.post(f"/invoices/{firm.open().id}/void", reason="x" * 501)
    assert answer.status_code == 422
    assert "x" * 501 in answer.text


def test_opting_out_and_its_undo_are_told_with_the_name(firm: Firm, stella: Walker) -> None:
    document = firm.open()
    assert "is taken back" in stella.get(f"/invoices/{document.id}/keep-back").text
    page = stella.follow(f"/invoices/{document.id}/keep-back")
    assert "Kept out of QuickBooks by Stella" in page
    assert "Nothing is sent by itself" in stella.get(f"/invoices/{document.id}/let-go").text
    assert "It isn&#39;t sent by itself" in stella.follow(f"/invoices/{document.id}/let-go")


def test_a_draft_is_deleted_after_a_page_that_asks(firm: Firm, stella: Walker) -> None:
    draft = firm.draft()
    assert "is gone for good" in stella.get(f"/invoices/{draft.id}/delete").text
    stella.follow(f"/invoices/{draft.id}/delete")
    assert db.session.scalar(select(Document.id)) is None


def test_an_open_invoice_is_not_deleted(firm: Firm, stella: Walker) -> None:
    assert stella.post(f"/invoices/{firm.open().id}/delete").status_code == 409


def test_a_copy_is_a_draft_of_today(firm: Firm, stella: Walker) -> None:
    assert "This is the copy" in stella.follow(f"/invoices/{firm.open().id}/duplicate")


def test_an_invoice_below_nought_becomes_a_credit_note(firm: Firm, stella: Walker) -> None:
    draft = firm.draft(firm.line("50", quantity="-2"))
    assert f"/invoices/{draft.id}/turn" in stella.get(f"/invoices/{draft.id}").text
    assert "Draft credit note" in stella.follow(f"/invoices/{draft.id}/turn")


def test_a_document_is_sent_when_somebody_asks(firm: Firm, stella: Walker) -> None:
    document = firm.open()
    assert stella.post(f"/invoices/{document.id}/send").status_code == 409
    tie(firm.entity)
    with transaction():
        invoicing.keep_back(document, actor=ANN)
        invoicing.let_go(document, actor=ANN)
    assert f"/invoices/{document.id}/send" in stella.get(f"/invoices/{document.id}").text
    assert "was handed over for QuickBooks" in stella.follow(f"/invoices/{document.id}/send")


def test_the_standing_is_asked_for_again_and_again_but_of_a_draft(firm: Firm, rhea: Walker) -> None:
    tie(firm.entity)
    moving, draft = firm.open(), firm.draft()
    first = rhea.fragment(f"/invoices/{moving.id}/quickbooks")
    revision = first.text.split("revision=")[1].split('"')[0]
    assert first.status_code == 200
    assert rhea.fragment(f"/invoices/{moving.id}/quickbooks?revision={revision}").status_code == 204
    assert rhea.fragment(f"/invoices/{draft.id}/quickbooks").status_code == 286


def test_the_paper_has_what_the_law_wants(firm: Firm, rhea: Walker) -> None:
    page = words(rhea.get(f"/invoices/{firm.open().id}/print").text)
    assert "Number INV-00001" in page
    assert "VAT 20% on £100.00" in page


def test_a_draft_on_paper_says_that_it_is_one(firm: Firm, rhea: Walker) -> None:
    assert "Draft: not valid as an invoice" in rhea.get(f"/invoices/{firm.draft().id}/print").text
