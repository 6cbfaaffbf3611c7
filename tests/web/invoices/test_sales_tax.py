"""An invoice whose tax QuickBooks computes: its page waits, takes the tax over, locks it, and hides no variance."""

from __future__ import annotations

import re

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import transaction
from app.outbox.models import Priority
from app.sync.engine import Engine
from app.sync.records.policies import policy_of
from tests.billing.firm import ANN
from tests.simulation import Simulation
from tests.sync import american as bay_it
from tests.sync import weather
from tests.sync.books import Books
from tests.web.walking import Walker, line, words
from tests.world import World


@pytest.fixture
def american(northgate: World, engine: Engine, simulation: Simulation) -> Books:
    """Northgate IT bills in California; QuickBooks computes the sales tax."""
    return bay_it.connect(engine, simulation)


def opened(books: Books, *prices: str, code: str = "TAX") -> Document:
    return books.firm.open(*(books.firm.line(price, code=code) for price in prices or ("100",)))


def page(walker: Walker, document: Document) -> str:
    return words(walker.get(f"/invoices/{document.id}").text)


def test_the_page_of_an_opened_invoice_waits_for_its_tax_and_shows_it_by_itself(
    american: Books, stella: Walker
) -> None:
    draft = american.firm.draft(american.firm.line(code="TAX"), american.firm.line("5", code="NON"))
    waiting = stella.follow(f"/invoices/{draft.id}/open")
    assert weather.message_of(draft).priority == Priority.PERSON
    assert "QuickBooks is computing the sales tax" in words(waiting)
    assert 'hx-trigger="every 1s"' in waiting
    assert 'aria-valuenow="33"' in waiting
    assert "Total before tax $105.00" in words(waiting)
    revision = waiting.partition("/quickbooks?revision=")[2].partition('"')[0]
    american.send()
    answer = stella.fragment(f"/invoices/{draft.id}/quickbooks?revision={revision}").text
    assert {"sales-tax", "document-lines", "amounts"} <= set(re.findall(r'id="([a-z-]+)" hx-swap-oob="true"', answer))
    said = words(answer)
    assert "Sales tax as QuickBooks computed it" in said
    assert "it can't be edited here" in said.replace("&#39;", "'")
    assert "$9.38" in said
    assert 'hx-trigger="every 15s"' in answer


def test_without_scripts_a_link_looks_again(american: Books, rhea: Walker) -> None:
    document = opened(american)
    assert f'id="look-again" href="/invoices/{document.id}"' in rhea.get(f"/invoices/{document.id}").text
    american.send()
    assert "look-again" not in rhea.get(f"/invoices/{document.id}").text


def test_what_is_held_says_that_the_tax_is_not_known(american: Books, rhea: Walker) -> None:
    with transaction():
        policy_of(american.connection_id).automatic_push = False
    document = opened(american)
    american.send()
    said = page(rhea, document)
    assert "The sales tax is not known yet Automatic push is off." in said
    assert "Don&#39;t give it to the client yet." in said
    assert "Not valid: the sales tax is still to come" in rhea.get(f"/invoices/{document.id}/print").text
    assert rhea.get(f"/invoices/{document.id}/pdf").status_code == 200


def test_a_variance_from_what_we_had_reckoned_is_shown(american: Books, rhea: Walker) -> None:
    document = opened(american, "0.33", "0.33")
    american.send()
    large = opened(american, "1000")
    american.send()
    assert "QuickBooks computed it" in page(rhea, document)
    said = page(rhea, large)
    assert "We had reckoned $90.91; QuickBooks says $93.75, $2.84 more. QuickBooks&#39; tax counts." in said


def test_a_slight_variance_is_shown_without_alarm(american: Books, rhea: Walker) -> None:
    opened(american, "140")
    american.send()
    document = opened(american, "1400")
    american.send()
    notice = rhea.get(f"/invoices/{document.id}").text.partition('id="sales-tax"')[2].partition("</div>")[0]
    assert "tone-calm" in notice
    assert "We had reckoned" in notice


def test_that_nothing_was_added_to_what_is_taxable_is_shown(american: Books, rhea: Walker) -> None:
    american.simulation.control(
        f"companies/{bay_it.AMERICAN}/records/Customer", {"DisplayName": "Acme Inc", "Taxable": False}
    )
    document = opened(american)
    american.send()
    assert "QuickBooks added no tax to the $100.00 that is taxable here" in page(rhea, document)


def test_exempt_lines_bear_no_tax_and_raise_no_doubt(american: Books, rhea: Walker) -> None:
    document = opened(american, code="NON")
    american.send()
    assert american.fresh(document).awaits_tax is False
    assert "Sales tax as QuickBooks computed it" in page(rhea, document)
    assert "added no tax" not in page(rhea, document)


def test_an_amended_invoice_shows_the_old_tax_until_the_new_one_is_said(american: Books, rhea: Walker) -> None:
    document = opened(american)
    american.send()
    content = american.firm.content(american.firm.line("200", code="TAX"))
    with transaction():
        invoicing.change(american.fresh(document), content, actor=ANN)
    said = page(rhea, document)
    assert "Sales tax of the version before $9.38" in said
    assert "We reckon $18.76, to be held against its answer." in said


def test_the_editor_locks_the_tax_and_asks_whether_a_line_is_taxable(american: Books, stella: Walker) -> None:
    cells = {"service": "SUP", "description": "Support", "quantity": "1", "unit_price": "100"}
    typed = {"client": "Acme Inc", "issue_date": "2026-03-02", **line(0, **cells)}
    preview = words(stella.post("/invoices/preview", **typed).text)
    assert "can&#39;t be edited here" in preview.replace("'", "&#39;")
    refused = stella.post("/invoices/new", do="open", **typed)
    assert refused.status_code == 422
    assert "Line 1: say by a tax code whether it is taxable." in refused.text


def test_where_we_compute_the_tax_the_page_says_nothing_of_it(books: Books, rhea: Walker) -> None:
    assert 'id="sales-tax"' not in rhea.get(f"/invoices/{books.invoice().id}").text
