"""The lists of invoices and credit notes: search, filters, sums, and one step for many."""

from __future__ import annotations

import pytest

from app.billing import queries
from app.billing import words as of_a_search
from app.billing.adopting import adopt_total
from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.foundation import clock
from app.foundation.database import db, transaction
from app.web.invoices import files
from tests.billing.firm import Firm
from tests.web.tied import tie
from tests.web.walking import Walker, words


@pytest.fixture
def documents(firm: Firm) -> dict[str, Document]:
    """A draft and an open invoice of Acme, an open one of Bolt, a credit note."""
    return {
        "draft": firm.draft(firm.line("10")),
        "acme": firm.open(firm.line("100")),
        "bolt": firm.open(firm.line("200"), client=firm.bolt),
        "credit": firm.open(firm.line("30"), kind=DocumentKind.CREDIT_NOTE),
    }


def test_a_list_shows_its_own_kind_with_both_states(documents: dict[str, Document], rhea: Walker) -> None:
    page = words(rhea.get("/invoices").text)
    assert "INV-00001" in page
    assert "CN-00001" not in page
    assert "Open Not sent yet £120.00" in page


def test_an_invoice_without_a_due_day_is_due_on_receipt(documents: dict[str, Document], rhea: Walker) -> None:
    assert words(rhea.get("/invoices").text).count("On receipt") == len(["acme", "bolt"])
    assert "Due On receipt" in words(rhea.get(f"/invoices/{documents['acme'].id}").text)


def test_what_a_list_finds_is_a_file(documents: dict[str, Document], rhea: Walker) -> None:
    assert "/invoices/list.csv?search=acme" in rhea.get("/invoices?search=acme&page=1").text
    heads, *rows = rhea.get("/invoices/list.csv?search=acme").text.splitlines()
    assert heads.endswith("Number,Client,Issued,Due,Status,Currency,Net,Tax,Total,Settled,Still open")
    assert rows == [
        ",Acme,2026-03-02,,Draft,GBP,10.00,2.00,12.00,0.00,0.00",
        "INV-00001,Acme,2026-03-02,,Open,GBP,100.00,20.00,120.00,0.00,120.00",
    ]
    assert "CN-00001,Acme" in rhea.get("/credit-notes/list.csv").text


def test_net_and_tax_come_to_the_total_where_the_books_round(firm: Firm, rhea: Walker) -> None:
    invoice = firm.open(firm.line("10.01"))
    with transaction():
        adopt_total(invoice, 1202, 201, 1)
    assert ",GBP,10.01,2.01,12.02,0.00,12.02" in rhea.get("/invoices/list.csv").text


def test_a_file_is_read_slice_by_slice(
    documents: dict[str, Document], rhea: Walker, xavier: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "AT_ONCE", 1)
    assert len(rhea.get("/invoices/list.csv").text.splitlines()) == 1 + 3
    assert len(xavier.get("/invoices/list.csv").text.splitlines()) == 1


def test_credit_notes_count_up_in_their_own_list(documents: dict[str, Document], rhea: Walker) -> None:
    assert "Total £36.00 Still open £36.00" in words(rhea.get("/credit-notes").text)


def test_the_sums_are_those_of_what_was_found(documents: dict[str, Document], rhea: Walker) -> None:
    assert "Total £360.00" in words(rhea.get("/invoices").text)
    assert "Total £240.00" in words(rhea.get("/invoices?search=bolt").text)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("search=inv-00001", {"INV-00001"}),
        ("search=bolt", {"INV-00002"}),
        ("status=open", {"INV-00001", "INV-00002"}),
        ("status=paid", set()),
        ("status=nonsense", {"INV-00001", "INV-00002"}),
        ("from=2026-03-03", set()),
        ("to=2026-03-02", {"INV-00001", "INV-00002"}),
        ("from=never", {"INV-00001", "INV-00002"}),
        ("page=99", {"INV-00001", "INV-00002"}),
        ("sort=-total", {"INV-00001", "INV-00002"}),
        ("sort=nonsense", {"INV-00001", "INV-00002"}),
    ],
)
def test_the_address_holds_the_filters(
    documents: dict[str, Document], rhea: Walker, query: str, shown: set[str]
) -> None:
    page = rhea.get(f"/invoices?{query}").text
    assert {number for number in ("INV-00001", "INV-00002") if f">{number}</a>" in page} == shown


def test_one_clients_documents_are_a_filter_that_can_be_taken_away(
    documents: dict[str, Document], firm: Firm, rhea: Walker
) -> None:
    page = rhea.get(f"/invoices?client={firm.bolt.id}&status=open").text
    assert "Only Bolt" in page
    assert 'href="/invoices?status=open"' in page


def test_overdue_is_a_filter_of_its_own(documents: dict[str, Document], rhea: Walker) -> None:
    with transaction():
        late, early = (db.session.get_one(Document, documents[name].id) for name in ("bolt", "acme"))
        late.due_date, early.due_date = late.issue_date, clock.now().date()
    page = rhea.get("/invoices?status=overdue").text
    assert "INV-00002" in page
    assert "INV-00001" not in page
    assert "days overdue" in page


def test_scripts_get_the_list_alone(documents: dict[str, Document], rhea: Walker) -> None:
    fragment = rhea.fragment("/invoices?search=bolt").text.strip()
    assert fragment.startswith('<div id="documents">')
    assert fragment.endswith("</div>")


def test_an_empty_list_says_the_next_step(firm: Firm, stella: Walker, rhea: Walker) -> None:
    assert 'href="/invoices/new"' in stella.get("/invoices").text
    assert 'href="/invoices/new"' not in rhea.get("/invoices").text


def test_without_a_billing_entity_the_list_leads_to_it(adam: Walker) -> None:
    assert 'href="/settings/billing-entity/new"' in adam.get("/invoices").text


def test_many_are_opened_and_each_outcome_is_told(documents: dict[str, Document], firm: Firm, stella: Walker) -> None:
    nameless = firm.draft(firm.line(code="none"))
    ids = [str(documents["draft"].id), str(nameless.id), str(documents["acme"].id)]
    page = words(stella.post("/invoices/bulk", document=ids, do="open_invoices").text)
    assert "Invoice INV-00003 Done" in page
    assert "Draft invoice Not done Line 1: choose a tax code." in page
    assert "Invoice INV-00001 Not done Invoice INV-00001 is open already." in page


def test_what_failed_does_not_undo_what_was_done(documents: dict[str, Document], firm: Firm, stella: Walker) -> None:
    nameless = firm.draft(firm.line(code="none"))
    stella.post("/invoices/bulk", document=[str(nameless.id), str(documents["draft"].id)], do="open_invoices")
    assert db.session.get_one(Document, documents["draft"].id).status is DocumentStatus.OPEN


def test_many_are_kept_out(documents: dict[str, Document], stella: Walker) -> None:
    stella.post("/invoices/bulk", document=str(documents["acme"].id), do="opt_out")
    assert db.session.get_one(Document, documents["acme"].id).kept_back_by == "Stella"


def test_nothing_is_handed_over_where_there_is_nobody_to_take_it(
    documents: dict[str, Document], stella: Walker
) -> None:
    page = stella.post("/invoices/bulk", document=str(documents["acme"].id), do="retry").text
    assert "there is nowhere to send it" in page


def test_many_are_handed_over(documents: dict[str, Document], firm: Firm, stella: Walker) -> None:
    tie(firm.entity)
    ids = [str(documents["acme"].id), str(documents["draft"].id)]
    page = words(stella.post("/invoices/bulk", document=ids, do="retry").text)
    assert "1 of 2 invoices done" in page


def test_a_document_of_the_other_list_or_of_a_stranger_is_not_touched(
    documents: dict[str, Document], stella: Walker, xavier: Walker
) -> None:
    assert "Not done" in stella.post("/invoices/bulk", document=str(documents["credit"].id), do="opt_out").text
    assert "Not done" in xavier.post("/invoices/bulk", document=str(documents["acme"].id), do="opt_out").text


def test_nothing_ticked_says_so(firm: Firm, stella: Walker) -> None:
    assert "Nothing was ticked" in stella.post("/invoices/bulk", do="open_invoices").text


def test_an_unknown_step_and_a_reader_are_refused(firm: Firm, stella: Walker, rhea: Walker) -> None:
    assert stella.post("/invoices/bulk", do="everything").status_code == 422
    assert rhea.post("/invoices/bulk", do="open_invoices").status_code == 403


def test_a_search_that_finds_too_much_sums_nothing_and_says_so(
    documents: dict[str, Document], rhea: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (of_a_search, queries):
        monkeypatch.setattr(module, "MOST", 1)
    page = words(rhea.get("/invoices?search=inv").text)
    assert ("INV-00002" in page, "INV-00001" in page, "Total £" in page) == (True, False, False)
    assert "1 of more than 1 invoices: search for more words to see others" in page
    assert "All Draft Open" in page
    narrower = words(rhea.get("/invoices?search=acme&status=open").text)
    assert "Total £120.00" in narrower
    assert "1 of 1 invoice These" in narrower
