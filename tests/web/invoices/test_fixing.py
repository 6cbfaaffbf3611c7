"""From a document that is not in QuickBooks, a link leads to where that is mended."""

from __future__ import annotations

from app.billing import invoicing
from app.foundation.database import transaction
from app.outbox import settling, tray
from app.sync.records.policies import policy_of
from tests.billing.firm import ANN, Firm
from tests.sync.books import Books
from tests.web.tied import tie
from tests.web.walking import Walker


def fix(page: str) -> str:
    """Where the button of the page's QuickBooks panel leads; empty where there is none."""
    return page.split('id="quickbooks-fix" href="')[1].split('"', maxsplit=1)[0] if "quickbooks-fix" in page else ""


def test_without_a_connection_it_leads_to_connecting(firm: Firm, adam: Walker) -> None:
    document = firm.open()
    assert fix(adam.get(f"/invoices/{document.id}").text) == "/settings/quickbooks#company"


def test_of_a_second_billing_entity_it_leads_to_its_own_company(dublin: Firm, adam: Walker) -> None:
    document, here = dublin.open(), f"entity={dublin.entity.id}"
    assert fix(adam.get(f"/invoices/{document.id}").text) == f"/settings/quickbooks?{here}#company"
    tie(dublin.entity)
    assert fix(adam.get(f"/invoices/{document.id}").text) == f"/settings/quickbooks/earlier-documents?{here}"


def test_what_was_skipped_leads_to_the_policy_that_skipped_it(firm: Firm, adam: Walker) -> None:
    connection = tie(firm.entity)
    document = firm.open(firm.line("0"))
    with transaction():
        connection.country = "GB"
        connection.home_currency = "GBP"
        settling.skip(tray.post(document.subject, firm.entity.lane).id, "Its total is zero.")
    assert fix(adam.get(f"/invoices/{document.id}").text) == "/settings/quickbooks/policies"
    with transaction():
        policy_of(connection.id).automatic_push = False
    assert fix(adam.get(f"/invoices/{document.id}").text) == "/settings/quickbooks/policies#automatic_push"


def test_what_is_paid_already_is_not_among_the_documents_to_choose_from(firm: Firm, adam: Walker) -> None:
    document = firm.open()
    tie(firm.entity)
    assert fix(adam.get(f"/invoices/{document.id}").text) == "/settings/quickbooks/earlier-documents"
    firm.learn(12000, (document, 12000))
    assert fix(adam.get(f"/invoices/{document.id}").text) == ""


def test_a_draft_and_what_is_kept_back_lead_nowhere(firm: Firm, adam: Walker) -> None:
    draft, document = firm.draft(), firm.open()
    with transaction():
        invoicing.keep_back(document, actor=ANN)
    assert [fix(adam.get(f"/invoices/{each.id}").text) for each in (draft, document)] == ["", ""]


def test_what_it_says_itself_is_mended_in_its_editor(books: Books, adam: Walker, rhea: Walker) -> None:
    document = books.firm.open()
    with transaction():
        document.lines[0].tax_code_id = None
    books.send()
    assert fix(adam.get(f"/invoices/{document.id}").text) == f"/invoices/{document.id}/edit"
    assert fix(rhea.get(f"/invoices/{document.id}").text) == ""
