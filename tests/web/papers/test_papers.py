"""What is handed out on paper."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.billing import invoicing
from app.billing.adopting import adopt_total
from app.billing.client import Client
from app.billing.conventions import conventions_of
from app.billing.document import Document
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
from tests.web.walking import Walker, words
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


def mixed(firm: Firm) -> Document:
    lines = [firm.line("10.01", code=code) for code in ("20.0% S", "5.0% R", "0.0% Z", "Exempt", "20.0% RC SG")]
    return firm.open(replace(firm.line(), quantity=None, unit_price=None, service_id=None, description="Mind"), *lines)


def test_each_line_of_an_invoice_names_its_rate_of_tax(firm: Firm) -> None:
    headings, rows = document_paper.rows_of(mixed(firm))
    assert headings == ("Description", "Quantity", "Unit price", "Discount", "VAT", "Net")
    assert [row[4] for row in rows] == ["", "20%", "5%", "0%", "Exempt", "Reverse charge"]


@pytest.mark.parametrize("regime", [TaxRegime.NONE, TaxRegime.US_AUTOMATED])
def test_who_charges_no_tax_or_lets_it_be_computed_prints_no_rates(northgate: World, regime: TaxRegime) -> None:
    firm = worlds.build(regime)
    headings, rows = document_paper.rows_of(firm.draft(firm.line(code="TAX")))
    assert headings == ("Description", "Quantity", "Unit price", "Discount", "Net")
    assert {len(row) for row in rows} == {5}


def test_several_rates_are_added_up_to_one_tax(firm: Firm) -> None:
    invoice = mixed(firm)
    assert list(document_paper.sums(invoice, summary_of(invoice))) == [
        ("Net", "£50.05"),
        ("VAT 20% on £10.01", "£2.00"),
        ("VAT 5% on £10.01", "£0.50"),
        ("Exempt on £10.01", "£0.00"),
        ("Reverse charge: the client accounts for the VAT at 20%, £2.00, on £10.01", "£0.00"),
        ("Zero-rated on £10.01", "£0.00"),
        ("VAT in all", "£2.50"),
        ("Total", "£52.55"),
    ]


def test_what_the_books_round_is_part_of_the_tax(firm: Firm) -> None:
    invoice = firm.open(firm.line("10.01"))
    with transaction():
        adopt_total(invoice, 1202, 201, 1)
    assert list(document_paper.sums(invoice, summary_of(invoice))) == [
        ("Net", "£10.01"),
        ("VAT 20% on £10.01", "£2.00"),
        ("Rounding of the VAT", "£0.01"),
        ("VAT in all", "£2.01"),
        ("Total", "£12.02"),
    ]


def in_euro(firm: Firm, rate: str | None = None) -> Document:
    with transaction():
        firm.bolt.currency = "EUR"
    invoice = firm.open(firm.line("10.01"), client=firm.bolt)
    with transaction():
        invoice.exchange_rate = Decimal(rate) if rate else None
    return invoice


def test_the_tax_of_a_bill_in_euro_is_said_in_pounds_too(firm: Firm) -> None:
    invoice = in_euro(firm, "0.85500")
    rows = dict(document_paper.sums(invoice, summary_of(invoice)))
    assert rows["VAT 20% on €10.01"] == "€2.00"
    assert rows["VAT in GBP, at 0.855 for 1 EUR"] == "£1.71"
    assert "VAT in GBP" not in str(list(document_paper.sums(mixed(firm), [])))


def test_nobody_is_told_a_rate_that_is_not_known(firm: Firm) -> None:
    invoice = in_euro(firm)
    assert "GBP" not in str(list(document_paper.sums(invoice, summary_of(invoice))))
    assert document_paper.lacks(invoice)[-1] == "its tax in GBP, which is known once QuickBooks has it"


def test_what_a_bill_with_tax_still_lacks_is_said_and_not_printed(firm: Firm, rhea: Walker) -> None:
    invoice, untaxed = firm.open(), firm.open(firm.line(code="0.0% Z"))
    assert document_paper.lacks(invoice) == ["your VAT number", "your address", "the client's address"]
    assert document_paper.lacks(untaxed) == []
    page = rhea.get(f"/invoices/{invoice.id}/print").text
    assert "As a VAT invoice it lacks your VAT number" in words(page)
    assert '<div class="screen-only" id="lacks">' in page
    with transaction():
        firm.entity.vat_number, firm.entity.address, firm.acme.city = "GB 123 4567 89", "1 High Street", "Leeds"
    assert 'id="lacks"' not in rhea.get(f"/invoices/{invoice.id}/print").text


def test_the_printed_page_names_rates_and_what_the_client_accounts_for(firm: Firm, rhea: Walker) -> None:
    page = words(rhea.get(f"/invoices/{mixed(firm).id}/print").text)
    assert "Reverse charge £10.01" in page
    assert "20.0% S" not in page
    assert "the client accounts for the VAT at 20% £2.00 on £10.01 £0.00" in page
    assert "VAT in all £2.50" in page


TICKETS = "\n".join(f"Ticket {number}: mended" for number in range(150))


@pytest.mark.parametrize("text", [TICKETS, "x" * 4000, TICKETS.replace("\n", " ")])
def test_a_line_or_comment_that_is_longer_than_a_page_goes_over_to_the_next(firm: Firm, text: str) -> None:
    said = replace(firm.line(), quantity=None, unit_price=None, service_id=None, tax_code_id=None, description=text)
    for line in (replace(firm.line(), description=text), said):
        invoice = firm.open(firm.line(), line, firm.line())
        assert pages(document_paper.drawn(invoice, summary_of(invoice))) >= (3 if text == TICKETS else 1)


def test_an_address_of_too_many_lines_spoils_no_paper(firm: Firm) -> None:
    with transaction():
        firm.entity.address = "\n".join(["1 High Street"] * 90)
    invoice = firm.open()
    assert pages(document_paper.drawn(invoice, summary_of(invoice))) > 1


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


def test_a_credit_note_names_the_invoice_it_credits(firm: Firm, rhea: Walker) -> None:
    invoice, used, free = (
        firm.open(),
        firm.open(kind=DocumentKind.CREDIT_NOTE),
        firm.open(kind=DocumentKind.CREDIT_NOTE),
    )
    firm.learn(0, (invoice, 12000), (used, 12000))
    assert "Credits invoice INV-00001" in words(rhea.get(f"/credit-notes/{used.id}/print").text)
    asked = "the number of the invoice that it credits, as in its memo"
    assert [asked in document_paper.lacks(row) for row in (invoice, used, free)] == [False, False, True]
    with transaction():
        free.memo = "For INV-00001"
    assert asked not in document_paper.lacks(free)


def test_a_long_statement_goes_over_several_pages(firm: Firm) -> None:
    entries = [Entry(TODAY, Subject("invoice", number), f"Invoice {number}", 100) for number in range(200)]
    paper = statement_paper.drawn(laid_out(entries, TODAY, TODAY), firm.acme, firm.entity, "EUR")
    assert pages(paper) > 3


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Łódź, Kraków, Dęblin", "Łódz, Kraków, Deblin"),
        ("Jiří Dvořák, Plzeň", "Jirí Dvorák, Plzen"),
        ("Erdős és Szűcs\nGyőr", "Erdos és Szucs\nGyor"),
        ("Cafe\u0301 Zürich £5 €6 \N{MINUS SIGN}1", "Café Zürich £5 €6 \N{MINUS SIGN}1"),
    ],
)
def test_a_letter_without_its_accent_is_read_and_an_empty_box_is_not(text: str, drawn: str) -> None:
    assert drawing.in_letters_of_the_font(text) == drawn


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


def test_who_is_abroad_has_the_country_in_its_address(firm: Firm, rhea: Walker) -> None:
    cologne, nowhere = client_of("DE", city="Köln"), client_of("DE")
    assert parties.address_of(cologne, firm.entity) == ["Acme", "Köln", "Germany", ""]
    assert parties.sent_to(nowhere, firm.entity) == []
    with transaction():
        firm.acme.city, firm.acme.country = "Köln", "DE"
    assert "Köln Germany" in words(rhea.get(f"/invoices/{firm.open().id}/print").text)


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
