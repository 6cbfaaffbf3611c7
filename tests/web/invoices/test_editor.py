"""The editor: drafts, opening, totals by the server, lines, clashes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.billing import invoicing
from app.billing.catalogue import create_term
from app.billing.catalogue_fields import TermFields
from app.billing.client import Client
from app.billing.document import Document
from app.billing.entities import EntityFields, change_entity
from app.billing.entity import TaxRegime
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.service import Service
from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.foundation.database import db, transaction
from app.foundation.tenancy import acting_for
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.billing.firm import ANN, Firm, build
from tests.sync.books import Books
from tests.web.walking import Walker, line, words
from tests.world import World

ROOMS = [("/invoices", DocumentKind.INVOICE), ("/credit-notes", DocumentKind.CREDIT_NOTE)]


def typed(firm: Firm, **more: str) -> dict[str, str]:
    """Two hours of support for Acme at 85 pounds."""
    cells = line(0, service="sup", description="Two hours", quantity="2", unit_price="85")
    head = {"client": "acme", "issue_date": "2026-03-02", "entity": str(firm.entity.id)}
    return {**head, **cells, "lines-0-tax_code": str(firm.codes["20.0% S"]), "do": "save", **more}


def only_document() -> Document:
    return db.session.scalars(select(Document)).one()


@pytest.mark.parametrize(("room", "kind"), ROOMS)
def test_a_draft_is_saved_with_the_servers_totals(firm: Firm, stella: Walker, room: str, kind: DocumentKind) -> None:
    page = stella.follow(f"{room}/new", **typed(firm))
    document = only_document()
    assert (document.kind, document.status, document.gross_pence) == (kind, DocumentStatus.DRAFT, 20400)
    assert "£204.00" in page


def test_opening_saves_and_opens_in_the_name_of_who_clicked(firm: Firm, stella: Walker) -> None:
    page = stella.follow("/invoices/new", **typed(firm, do="open"))
    assert (only_document().number, only_document().opened_by) == ("INV-00001", "Stella")
    assert "Invoice INV-00001" in page


def test_a_reader_gets_no_editor(firm: Firm, rhea: Walker) -> None:
    assert rhea.get("/invoices/new").status_code == 403
    assert rhea.post("/invoices/new", **typed(firm)).status_code == 403


def test_without_a_billing_entity_the_way_leads_there(stella: Walker) -> None:
    assert stella.get("/invoices/new").location == "/settings/billing-entity"


def test_what_cannot_be_read_is_kept_and_said_beside_its_field(firm: Firm, stella: Walker) -> None:
    answer = stella.post("/invoices/new", **typed(firm, **line(0, quantity="two")))
    assert answer.status_code == 422
    assert 'value="two"' in answer.text
    assert '<a href="#lines-0-quantity">Line 1: &#39;two&#39; is not a number.</a>' in answer.text


def test_an_unknown_service_is_named(firm: Firm, stella: Walker) -> None:
    answer = stella.post("/invoices/new", **typed(firm, **line(0, service="NOPE")))
    assert "there is no service “NOPE”" in answer.text


def test_the_united_kingdom_opens_no_line_without_tax_code(firm: Firm, stella: Walker) -> None:
    answer = stella.post("/invoices/new", **typed(firm, do="open", **line(0, tax_code="")))
    assert answer.status_code == 422
    assert '<a href="#lines-0-tax_code">Line 1: choose a tax code.</a>' in answer.text
    assert db.session.scalar(select(Document.id)) is None


def test_without_a_tax_regime_no_tax_code_is_needed(firm: Firm, stella: Walker) -> None:
    with transaction():
        change_entity(firm.entity, EntityFields(name="Northgate", tax_regime=TaxRegime.NONE), actor=ANN)
    stella.follow("/invoices/new", **typed(firm, do="open", **line(0, tax_code="")))
    assert only_document().gross_pence == 17000


def test_choosing_a_service_fills_what_was_left_empty(firm: Firm, stella: Walker) -> None:
    with transaction():
        service = db.session.get_one(Service, firm.support.id)
        service.unit_price, service.tax_code_id = Decimal("0.0375000"), firm.codes["20.0% S"]
    fields = typed(firm, **line(0, description="", unit_price="", quantity="", tax_code=""))
    page = stella.post("/invoices/preview", **fields).text
    assert 'value="0.0375000"' in page
    assert 'id="line-0" hx-swap-oob="true"' in page


def test_what_was_typed_stays_when_a_service_is_chosen(firm: Firm, stella: Walker) -> None:
    stella.follow("/invoices/new", **typed(firm))
    assert only_document().lines[0].description == "Two hours"


def test_the_totals_are_computed_before_anything_is_saved(firm: Firm, stella: Walker) -> None:
    page = words(stella.post("/invoices/preview", **typed(firm, **line(0, discount="10"))).text)
    assert "Net £153.00 VAT 20% on £153.00 £30.60 Total £183.60" in page
    assert db.session.scalar(select(Document.id)) is None


def test_an_untouched_editor_complains_of_nothing(firm: Firm, stella: Walker) -> None:
    assert "Before it can be opened" not in stella.get("/invoices/new").text


@pytest.mark.parametrize("path", ["/invoices/new", "/invoices/preview"])
def test_buttons_arrange_the_lines_and_save_nothing(firm: Firm, stella: Walker, path: str) -> None:
    lines = {**line(0, description="First"), **line(1, description="Second")}
    page = stella.post(path, **typed(firm, do="down-0", **lines)).text
    assert page.index("Second</textarea>") < page.index("First</textarea>")
    assert db.session.scalar(select(Document.id)) is None


def test_a_comment_needs_nothing_but_words(firm: Firm, stella: Walker) -> None:
    stella.follow("/invoices/new", **typed(firm, do="open", **line(1, comment="yes", description="As agreed.")))
    assert [one.is_comment for one in only_document().lines] == [False, True]


def test_lines_in_which_nothing_was_typed_are_left_out(firm: Firm, stella: Walker) -> None:
    code = str(firm.codes["20.0% S"])
    stella.follow("/invoices/new", **typed(firm, **line(1, service="", tax_code=code)))
    assert len(only_document().lines) == 1


def test_two_clients_of_one_name_are_told_apart_by_number(firm: Firm, stella: Walker) -> None:
    with transaction():
        firm.bolt.name = "ACME"
    assert "2 clients are called “acme”" in stella.post("/invoices/new", **typed(firm)).text
    stella.follow("/invoices/new", **typed(firm, client=f"ACME #{firm.bolt.id}"))
    assert only_document().client_id == firm.bolt.id


@pytest.fixture
def month(firm: Firm) -> PaymentTerm:
    """Acme usually pays within thirty days."""
    with transaction():
        term = create_term(TermFields(name="A month", due_days=30), actor=ANN)
        db.session.get_one(Client, firm.acme.id).default_term_id = term.id
        return term


def test_a_term_left_to_the_client_is_the_clients_usual_one(firm: Firm, stella: Walker, month: PaymentTerm) -> None:
    stella.post("/invoices/new", **typed(firm, do="open"))
    assert (only_document().term_id, str(only_document().due_date)) == (month.id, "2026-04-01")


def test_a_term_chosen_to_be_none_stays_none(firm: Firm, stella: Walker, month: PaymentTerm) -> None:
    stella.post("/invoices/new", **typed(firm, term="none"))
    assert only_document().term_id is None
    edited = stella.get(f"/invoices/{only_document().id}/edit").text
    assert '<option value="none" selected>None</option>' in edited


def test_a_refused_editor_keeps_a_line_to_type_in(firm: Firm, stella: Walker) -> None:
    refused = stella.post("/invoices/new", do="open", client="acme", issue_date="2026-03-02")
    assert (refused.status_code, 'id="lines-0-service"' in refused.text) == (422, True)


def test_a_client_nobody_knows_is_said(firm: Firm, stella: Walker) -> None:
    assert "There is no client “Zeus”" in stella.post("/invoices/new", **typed(firm, client="Zeus")).text


def test_a_client_of_another_organisation_is_not_known(firm: Firm, northgate: World, xavier: Walker) -> None:
    with acting_for(northgate.southbank.id):
        build()
    assert xavier.get(f"/invoices/new?client={firm.acme.id}").status_code == 404


def test_the_editor_begins_with_the_client_of_the_address(firm: Firm, stella: Walker) -> None:
    assert f'value="Acme #{firm.acme.id}"' in stella.get(f"/invoices/new?client={firm.acme.id}").text


def test_when_somebody_else_saved_first_both_versions_are_shown(firm: Firm, stella: Walker) -> None:
    document = firm.draft()
    version = str(document.version)
    with transaction():
        invoicing.change(document, firm.content(firm.line("150")), actor=ANN)
    answer = stella.post(f"/invoices/{document.id}/edit", **typed(firm, version=version))
    assert answer.status_code == 409
    assert "SUP · Support · 1 at 150" in answer.text
    assert "SUP · Two hours · 2 at 85" in answer.text


def test_after_a_clash_saving_again_replaces_theirs(firm: Firm, stella: Walker) -> None:
    document = firm.draft()
    stella.follow(f"/invoices/{document.id}/edit", **typed(firm, version=str(document.version)))
    assert only_document().gross_pence == 20400


def test_an_open_invoice_is_amended_and_tells_what_follows(firm: Firm, stella: Walker) -> None:
    document = firm.open()
    page = stella.get(f"/invoices/{document.id}/edit").text
    assert "Save changes" in page
    assert "Save draft" not in page
    stella.follow(f"/invoices/{document.id}/edit", **typed(firm, version=str(document.version)))
    assert only_document().revision == 2


def test_a_paid_invoice_is_not_edited(firm: Firm, stella: Walker) -> None:
    document = firm.open()
    firm.learn(12000, (document, 12000))
    assert stella.get(f"/invoices/{document.id}/edit").status_code == 409
    assert stella.post(f"/invoices/{document.id}/edit", **typed(firm)).status_code == 409


def test_a_tax_code_of_another_organisation_is_refused(firm: Firm, stella: Walker) -> None:
    foreign = max(db.session.scalars(select(TaxCode.id))) + 100
    assert stella.post("/invoices/new", **typed(firm, **line(0, tax_code=str(foreign)))).status_code == 422


def test_a_number_too_long_for_a_database_is_no_id(firm: Firm, stella: Walker) -> None:
    assert stella.post("/invoices/preview", **typed(firm, term="9" * 40)).status_code == 200
    assert stella.post("/invoices/new", **typed(firm, entity="9" * 40)).status_code == 404


def test_the_editor_says_while_one_types_what_would_hold_it(books: Books, stella: Walker) -> None:
    form = typed(books.firm)
    assert "QuickBooks would not get it yet" not in words(stella.post("/invoices/preview", **form).text)
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    told = words(stella.post("/invoices/preview", **form).text)
    assert "QuickBooks would not get it yet: Service “SUP” has no item in QuickBooks yet." in told
    assert "would not get it" not in words(stella.post("/invoices/preview", **{**form, "client": ""}).text)
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.CREATE
    assert "QuickBooks would not get it yet" not in words(stella.post("/invoices/preview", **form).text)


def test_the_editor_warns_of_a_currency_that_the_company_does_not_keep(books: Books, stella: Walker) -> None:
    with transaction():
        books.firm.acme.currency = "USD"
    told = words(stella.post("/invoices/preview", **typed(books.firm)).text)
    assert "It is in USD, but this company keeps its books in GBP only." in told
    assert "US$204.00" in told


def test_of_what_is_kept_from_quickbooks_the_editor_does_not_warn(books: Books, stella: Walker) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    draft = books.firm.draft(books.firm.line("100"))
    place = f"/invoices/{draft.id}/edit"
    assert "QuickBooks would not get it yet" in words(stella.get(place).text)
    with transaction():
        draft.kept_back = True
    assert "QuickBooks would not get it yet" not in words(stella.get(place).text)
    form = {**typed(books.firm), "document": str(draft.id)}
    assert "QuickBooks would not get it yet" not in words(stella.post("/invoices/preview", **form).text)
