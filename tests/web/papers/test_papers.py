"""What is handed out on paper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.billing import invoicing
from app.billing.adopting import adopt_total
from app.billing.client import Client
from app.billing.conventions import conventions_of
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentKind
from app.billing.statement import Entry, laid_out
from app.foundation.database import transaction
from app.outbox.models import Subject
from app.web.formats import NOTHING
from app.web.invoices.tax_summary import summary_of
from app.web.papers import document_paper, drawing, parties, statement_paper
from tests.billing import firm as worlds
from tests.billing.firm import ANN, TODAY, Firm
from tests.web import abroad
from tests.web.walking import Walker
from tests.world import World


def pages(paper: bytes) -> int:
    return paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ")


def client_of(country: str = "", **said: str) -> Client:
    nothing = dict.fromkeys(
        ("company_name", "address_line1", "address_line2", "city", "region", "postcode", "vat_number"), ""
    )
    return Client(name="Acme", country=country, **{**nothing, **said})


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
    assert ("Sales tax", NOTHING) in document_paper.sums(invoice, [])
    with transaction():
        adopt_total(invoice, 10825, 825, 1)
    assert document_paper.mark(invoice) == ""
    assert list(document_paper.sums(invoice, [])) == [("Net", "£100.00"), ("Sales tax", "£8.25"), ("Total", "£108.25")]


def test_credit_that_settles_an_invoice_is_not_called_paid_on_paper(firm: Firm) -> None:
    paid, credited, credit = firm.open(), firm.open(), firm.open(kind=DocumentKind.CREDIT_NOTE)
    firm.learn(5000, (paid, 5000))
    firm.learn(0, (credited, 5000), (credit, 5000))
    words = [[word for word, _amount in document_paper.sums(row, [])][-2] for row in (paid, credited, credit)]
    assert words == ["Paid", "Paid and credited", "Used"]


def test_a_long_statement_goes_over_several_pages(firm: Firm) -> None:
    entries = [Entry(TODAY, Subject("invoice", number), f"Invoice {number}", 100) for number in range(200)]
    paper = statement_paper.drawn(laid_out(entries, TODAY, TODAY), firm.acme, firm.entity, "EUR")
    assert pages(paper) > 3


def test_letters_that_the_font_lacks_spoil_nothing() -> None:
    assert pages(drawing.paper("Łódź 東京", [drawing.words("Łódź 東京 €")])) == 1


def test_in_america_it_is_a_letter_in_its_own_words(northgate: World) -> None:
    firm = abroad.build("US")
    invoice = abroad.sold(firm)
    assert b"/MediaBox [ 0 0 612 792 ]" in document_paper.drawn(invoice, summary_of(invoice))
    assert list(document_paper.sums(invoice, [])) == [
        ("Net", "$1,234.50"),
        ("Sales tax", "$101.85"),
        ("Total", "$1,336.35"),
    ]
    assert parties.issuer_of(firm.entity)[-1] == "Tax ID 12 345 678 901"


def test_in_australia_an_invoice_is_a_tax_invoice(northgate: World) -> None:
    firm = abroad.build("AU")
    invoice, credit_note = abroad.sold(firm), firm.draft(kind=DocumentKind.CREDIT_NOTE)
    assert [document_paper.title_of(document) for document in (invoice, credit_note)] == ["Tax invoice", "Credit note"]
    assert ("GST 10% on $1,234.50", "$123.45") in document_paper.sums(invoice, summary_of(invoice))


def test_a_clients_number_is_called_as_at_home_where_that_is_known(firm: Firm) -> None:
    clients = [client_of(country, vat_number="1") for country in ("AU", "US", "")]
    lasts = [parties.address_of(client, firm.entity)[-1] for client in clients]
    assert lasts == ["ABN 1", "Tax ID 1", "VAT number 1"]


@pytest.mark.parametrize(
    ("country", "lines"),
    [("GB", ["1 High Street", "Leeds", "LS1 1AA"]), ("US", ["1 High Street", "Leeds LS1 1AA"])],
)
def test_town_and_postcode_stand_as_on_an_envelope(country: str, lines: list[str]) -> None:
    client = client_of(address_line1="1 High Street", city="Leeds", postcode="LS1 1AA")
    assert parties.lines_of(client, conventions_of(country)) == lines
    assert parties.lines_of(client_of(), conventions_of("US")) == []


@pytest.mark.parametrize(
    ("country", "lines"),
    [
        ("US", ["Austin, TX 78701"]),
        ("CA", ["Austin, TX 78701"]),
        ("AU", ["Austin, TX 78701"]),
        ("GB", ["Austin", "TX", "78701"]),
        ("IE", ["Austin", "TX", "78701"]),
        ("BR", ["Austin", "TX", "78701"]),
    ],
)
def test_a_state_stands_behind_its_city_and_a_county_on_a_line_of_its_own(country: str, lines: list[str]) -> None:
    client = client_of(city="Austin", region="TX", postcode="78701")
    assert parties.lines_of(client, conventions_of(country)) == lines


@pytest.mark.parametrize(("country", "line"), [("US", "TX 78701"), ("GB", "TX")])
def test_a_state_whose_city_is_not_known_stands_alone(country: str, line: str) -> None:
    assert parties.lines_of(client_of(region="TX", postcode="78701"), conventions_of(country))[0] == line


def test_an_american_invoice_is_addressed_with_the_state(northgate: World, olivia: Walker) -> None:
    firm = abroad.build("US")
    with transaction():
        firm.acme.city, firm.acme.region, firm.acme.postcode = "Austin", "TX", "78701"
    invoice = abroad.sold(firm)
    assert "Austin, TX 78701" in olivia.get(f"/invoices/{invoice.id}/print").text
    assert parties.address_of(firm.acme, firm.entity) == ["Acme", "Austin, TX 78701", "Tax ID 98 765"]


def test_a_document_is_handed_out_as_pdf(firm: Firm, rhea: Walker) -> None:
    invoice = firm.open()
    answer = rhea.get(f"/invoices/{invoice.id}/pdf")
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert f"/invoices/{invoice.id}/pdf" in rhea.get(f"/invoices/{invoice.id}").text
