"""The pages of an import in a real browser: readable in both colours, narrow too; ticked and taken by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.sync.importing import carrying as importing_carrying
from app.sync.importing import runs as importing_runs
from app.sync.importing.runs import start
from tests.billing.firm import ANN
from tests.sync.books import Books, connection
from tests.sync.importing.conftest import history
from tests.sync.importing.desk import SINCE, typed_there
from tests.sync.importing.test_lists import listed
from tests.web.quickbooks.desk import HOME
from tests.web.quickbooks.test_in_a_browser import look, olivia

__all__ = ["history", "olivia"]
pytestmark = pytest.mark.browser

LISTS = (
    "/import?what=terms",
    "/import?what=tax-codes&standing=left_out",
    "/import?what=items",
    "/import?what=customers&standing=new",
    "/import?what=customers&standing=differs",
)
DOCUMENTS = ("/import/documents?since=2026-01-01", "/import/documents?since=2026-01-01&standing=left_out")


@pytest.fixture
def company(history: Books) -> Books:
    """New customers, one that differs, documents of which some can be imported and one can't."""
    for number in range(1001, 1004):
        typed_there(history, str(number))
    typed_there(history, "")
    history.compare()
    email = {"PrimaryEmailAddr": {"Address": "accounts@quayside-cafe.example"}}
    listed(history, "Customer", "900", DisplayName="Quayside Cafe", **email)
    listed(
        history, "Customer", history.customer(history.firm_invoice()), DisplayName="Acme plc", SyncToken="9", **email
    )
    return history


@pytest.mark.parametrize(("colours", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_everybody_can_read_the_pages_of_an_import(
    company: Books, olivia: Page, address: str, *, colours: str, width: int
) -> None:
    olivia.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    olivia.set_viewport_size({"width": width, "height": 800})
    with transaction():
        run_id = start(connection(company), SINCE, ANN).id
    progress = f"/import/documents/{run_id}"
    name = f"import-{colours}-{width}"
    assert look(olivia, address, (*LISTS, *DOCUMENTS, progress), name) == ""
    importing_carrying.carry_out(current_organisation(), run_id)
    assert look(olivia, address, (progress,), f"{name}-done") == ""


def test_a_person_ticks_a_customer_and_watches_the_documents_come(company: Books, olivia: Page, address: str) -> None:
    olivia.goto(f"{address}{HOME}{LISTS[3]}")
    tick = olivia.get_by_role("checkbox", name="Take Quayside Cafe")
    tick.focus()
    olivia.keyboard.press("Space")
    olivia.get_by_role("button", name="Take the ticked ones").press("Enter")
    expect(olivia.get_by_text("Clients: 1 made.")).to_be_visible()
    olivia.goto(f"{address}{HOME}{DOCUMENTS[0]}")
    olivia.get_by_role("button", name="Import all 3").press("Enter")
    expect(olivia.get_by_text("Waiting for the worker")).to_be_visible()
    db.session.rollback()
    for _organisation, run_id in importing_runs.waiting():
        importing_carrying.carry_out(current_organisation(), run_id)
    expect(olivia.get_by_text("The import is done")).to_be_visible()
