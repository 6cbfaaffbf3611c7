"""What is handed out on paper."""

from __future__ import annotations

from dataclasses import replace

from app.billing import invoicing
from app.billing.adopting import adopt_total
from app.billing.entity import TaxRegime
from app.billing.statement import Entry, laid_out
from app.foundation.database import transaction
from app.outbox.models import Subject
from app.web.filters import NOTHING
from app.web.invoices.tax_summary import summary_of
from app.web.papers import document_paper, drawing, statement_paper
from tests.billing import firm as worlds
from tests.billing.firm import ANN, TODAY, Firm
from tests.web.walking import Walker
from tests.world import World


def pages(paper: bytes) -> int:
    return paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ")


def test_an_invoice_is_a_page_and_the_same_each_time(firm: Firm) -> None:
    invoice = firm.open(replace(firm.line("99.5", discount="10"), description="R&D <b>bold</b>\nsecond line"))
    firm.learn(5000, (invoice, 5000))
    paper = document_paper.drawn(invoice, summary_of(invoice))
    assert (pages(paper), paper == document_paper.drawn(invoice, summary_of(invoice))) == (1, True)


def test_a_draft_and_a_void_one_say_so(firm: Firm) -> None:
    draft, void = firm.draft(), firm.open()
    with transaction():
        invoicing.void(void, "", actor=ANN)
    drawn = [document_paper.drawn(document, []) for document in (draft, void)]
    assert [pages(paper) for paper in drawn] == [1, 1]


def test_a_paper_waits_for_a_tax_that_is_computed_elsewhere_and_then_shows_it(northgate: World) -> None:
    american = worlds.build(TaxRegime.US_AUTOMATED)
    invoice = american.open(american.line(code="TAX"))
    assert document_paper.mark(invoice) == "Not valid: the sales tax is still to come"
    assert ("Tax", NOTHING) in document_paper.sums(invoice, [])
    with transaction():
        adopt_total(invoice, 10825, 825, 1)
    assert document_paper.mark(invoice) == ""
    assert list(document_paper.sums(invoice, [])) == [("Net", "£100.00"), ("Tax", "£8.25"), ("Total", "£108.25")]


def test_a_long_statement_goes_over_several_pages(firm: Firm) -> None:
    entries = [Entry(TODAY, Subject("invoice", number), f"Invoice {number}", 100) for number in range(200)]
    paper = statement_paper.drawn(laid_out(entries, TODAY, TODAY), firm.acme, firm.entity, "EUR")
    assert pages(paper) > 3


def test_letters_that_the_font_lacks_spoil_nothing() -> None:
    assert pages(drawing.paper("Łódź 東京", [drawing.words("Łódź 東京 €")])) == 1


def test_a_document_is_handed_out_as_pdf(firm: Firm, rhea: Walker) -> None:
    invoice = firm.open()
    answer = rhea.get(f"/invoices/{invoice.id}/pdf")
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert f"/invoices/{invoice.id}/pdf" in rhea.get(f"/invoices/{invoice.id}").text
