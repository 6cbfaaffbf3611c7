"""The pages of organisations outside Britain: their own words, signs and dates, and none of Britain's."""

from __future__ import annotations

import re

from tests.web import abroad
from tests.web.walking import Walker, words
from tests.world import World

PAGES = (
    *("/", "/invoices", "/invoices/new", "/credit-notes", "/clients", "/clients/new", "/services", "/services/new"),
    *("/payments", "/payments/new", "/debtors", "/imports", "/settings/billing-entity", "/settings/billing-entity/new"),
    *(
        "/settings/tax-codes",
        "/settings/tax-codes/new",
        "/settings/terms",
        "/settings/quickbooks",
        "/search?search=INV",
    ),
)
OF_THE_FIRM = (
    *("/invoices/{invoice}", "/invoices/{invoice}/print", "/invoices/{invoice}/edit", "/payments/{payment}"),
    *("/payments/{payment}/divide", "/payments/{payment}/void", "/payments/new/{client}"),
    *("/clients/{client}", "/clients/{client}/edit", "/clients/{client}/statement"),
    *("/services/{service}", "/settings/billing-entity/{entity}"),
)
BRITISH = re.compile(
    r"\bVAT\b|£|GBP(?!:)|\b\d{1,2} (?:Mar|Nov)\b|Postcode|(?:or|,) postcode|\bCounty\b|[Cc]heque|Aged debtors"
)
"""What nobody in America reads; the list of currencies to choose from names them all, each with a colon."""


def walk(country: str, walker: Walker) -> dict[str, str]:
    """The text of every page of a firm that has sent an invoice on the second of March, and got a hundred of it."""
    firm = abroad.build(country)
    invoice = abroad.sold(firm)
    payment = abroad.paid(firm, invoice)
    ids = {"invoice": invoice.id, "payment": payment.id, "client": firm.acme.id, "service": firm.support.id}
    addresses = [*PAGES, *(address.format(**ids, entity=firm.entity.id) for address in OF_THE_FIRM)]
    pages = {address: walker.browser.get(address) for address in addresses}
    assert {address: page.status_code for address, page in pages.items() if page.status_code != 200} == {}
    return {address: re.sub(r"<option[^>]*>|\s+", " ", page.text) for address, page in pages.items()}


def test_an_american_reads_words_of_home_and_nothing_british(northgate: World, olivia: Walker) -> None:
    said = walk("US", olivia)
    assert {address: found for address, text in said.items() if (found := BRITISH.findall(text))} == {}
    assert [text for text in said.values() if "Mar 2, 2026" in text and "$1,234.50" in text]
    assert "QuickBooks only hears whether it is taxable" in said["/settings/tax-codes"]
    assert "United States, USD" in said["/settings/billing-entity"]
    own = words(" ".join(said.values()))
    assert [word for word in ("Tax ID", "ZIP code", "Check", "Sales tax", "A/R aging") if word not in own] == []


def test_an_australian_reads_of_gst(northgate: World, olivia: Walker) -> None:
    said = walk("AU", olivia)
    assert [address for address, text in said.items() if "VAT" in text or "£" in text] == []
    paper = words(next(text for address, text in said.items() if address.endswith("/print")))
    assert [
        word for word in ("Tax invoice", "ABN 12 345", "2 Mar 2026", "GST 10% on $1,234.50") if word not in paper
    ] == []


def test_a_canadian_reads_of_both_taxes(northgate: World, olivia: Walker) -> None:
    said = walk("CA", olivia)
    assert [address for address, text in said.items() if "VAT" in text or "£" in text] == []
    paper = words(next(text for address, text in said.items() if address.endswith("/print")))
    assert [word for word in ("GST/HST number 12", "Mar 2, 2026", "Tax 13%") if word not in paper] == []
