"""Mapping pages: what is suggested, confirming, choosing by searching, clearing, and what a choice releases."""

from __future__ import annotations

import pytest

from app.billing import catalogue
from app.billing.catalogue_fields import ServiceFields
from app.foundation.database import transaction
from app.outbox.models import MessageState
from app.sync.mapping import workbench
from app.sync.records.mappings import MappingKind, mappings_of
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.billing.firm import ANN, messages
from tests.simulation import REALM
from tests.web.quickbooks.desk import Desk, counts
from tests.web.walking import words


@pytest.fixture
def taxed(connected: Desk) -> Desk:
    """Connect, and confirm every tax code that agrees to the letter."""
    connected.post("/mappings/confirm?kind=tax-codes")
    return connected


def mapped(desk: Desk, kind: MappingKind) -> dict[int, str]:
    return {ours: row.remote_name for ours, row in mappings_of(desk.connection.id, kind).items()}


def test_tax_codes_are_suggested_and_never_saved_by_themselves(connected: Desk) -> None:
    page = connected.get("/mappings?kind=tax-codes&tab=suggested").text
    assert "20.0% S (20%)?" in page
    assert "Same code" in page
    assert "Alike in kind and in what it adds" in page  # the reverse charge is called otherwise there
    assert mapped(connected, MappingKind.TAX_CODE) == {}


def test_where_the_policy_creates_items_no_service_is_called_unmapped(connected: Desk) -> None:
    assert "Unmapped 1" in words(connected.get("/mappings?tab=unmapped").text)
    with transaction():
        policy_of(connected.connection.id).service_missing = WhenServiceMissing.CREATE
    page = words(connected.get("/mappings?tab=unmapped").text)
    assert "Created when used 1" in page
    assert "Nobody has to map these" in page
    assert "An item is created when a document first names it" in page
    assert not {said for said in ("Unmapped", "Not mapped") if said in page}


def test_confirming_all_exact_leaves_the_others(taxed: Desk) -> None:
    names = mapped(taxed, MappingKind.TAX_CODE).values()
    assert sorted(names) == ["0.0% Z", "20.0% S", "5.0% R", "Exempt", "No VAT"]
    assert "5 tax codes mapped" in taxed.get().text


def test_a_choice_releases_what_waited_and_the_invoice_goes(taxed: Desk) -> None:
    invoice = taxed.firm.open()
    taxed.send()
    assert messages(invoice.subject) == [MessageState.PARKED]
    assert "saving releases 1" in taxed.get("/mappings").text
    answer = taxed.swap(f"/mappings/services/{taxed.firm.support.id}", remote_id="2")
    assert "Mapped to Managed support. 1 message that waited is on the way now." in answer.text
    assert answer.text.startswith("<tr")
    taxed.send()
    assert (taxed.told(), taxed.there()) == (1, 1)


def test_without_script_a_choice_leads_back_to_the_list(connected: Desk) -> None:
    answer = connected.post(f"/mappings/services/{connected.firm.support.id}", remote_id="2")
    assert answer.location == "/settings/quickbooks/mappings?kind=services"
    assert "Chosen by Olivia" in connected.get("/mappings?tab=mapped").text


def test_a_choice_is_cleared(connected: Desk) -> None:
    address = f"/mappings/services/{connected.firm.support.id}"
    connected.post(address, remote_id="2")
    assert "Not mapped" in connected.swap(address, remote_id="").text
    assert mapped(connected, MappingKind.SERVICE) == {}


def test_a_record_that_is_not_in_the_list_is_refused(connected: Desk) -> None:
    assert connected.post(f"/mappings/services/{connected.firm.support.id}", remote_id="999").status_code == 422


def test_a_mapping_to_a_record_that_became_inactive_is_broken(connected: Desk) -> None:
    connected.post(f"/mappings/services/{connected.firm.support.id}", remote_id="2")
    connected.simulation.control(f"companies/{REALM}/records/Item/2/edit", {"Active": False})
    connected.post("/lists")
    page = connected.get("/mappings?tab=broken").text
    assert "Broken" in page
    assert "Managed support" in page
    assert "1 mapping points to a record" in connected.get().text


def test_the_whole_list_is_searched_as_one_types(connected: Desk) -> None:
    found = connected.get(f"/mappings/services/{connected.firm.support.id}/options?search=manag", fragment=True).text
    assert "Managed support" in found
    assert "Hardware" not in found
    nothing = connected.get(f"/mappings/services/{connected.firm.support.id}/options?search=zz", fragment=True).text
    assert "contains “zz”" in nothing


def test_choosing_works_as_a_page_and_as_a_row(connected: Desk) -> None:
    address = f"/mappings/services/{connected.firm.support.id}"
    assert "<h1>Map SUP</h1>" in connected.get(address).text
    assert connected.get(address, fragment=True).text.startswith("<tr")
    assert "Choose" in connected.get(f"{address}/row", fragment=True).text


def test_a_similar_name_is_suggested_with_its_percentage(connected: Desk) -> None:
    with transaction():
        catalogue.create_service(ServiceFields(code="MS", name="Manged support"), actor=ANN)
    assert "Similar name, 97%" in connected.get("/mappings?tab=suggested").text


def test_rows_are_searched_among_ours(connected: Desk) -> None:
    assert "Nothing matches" in connected.get("/mappings?tab=unmapped&search=zz", fragment=True).text


def test_terms_are_suggested_by_name_or_days(connected: Desk) -> None:
    page = connected.get("/mappings?kind=terms&tab=suggested").text
    assert "Net 30?" in page
    assert "Due on receipt?" in page


def test_there_is_no_fourth_kind(connected: Desk) -> None:
    assert connected.get("/mappings?kind=customers").status_code == 404


def test_an_item_is_created_from_the_row_and_the_row_says_how_it_stands(taxed: Desk) -> None:
    invoice, support = taxed.firm.open(), taxed.firm.support.id
    taxed.send()
    assert "Create in QuickBooks" in taxed.get(f"/mappings/services/{support}", fragment=True).text
    answer = taxed.swap(f"/mappings/services/{support}/create", account="1").text
    assert "Its item is on the way to QuickBooks." in answer
    assert "was asked for" in taxed.get("/mappings?tab=unmapped").text
    taxed.send()
    assert messages(invoice.subject) == [MessageState.DONE]
    assert mapped(taxed, MappingKind.SERVICE) == {support: "SUP"}
    assert "Create in QuickBooks" not in taxed.get(f"/mappings/services/{support}").text


def test_without_script_an_item_is_created_too_and_never_without_an_account(connected: Desk) -> None:
    address = f"/mappings/services/{connected.firm.support.id}/create"
    assert connected.post(address).status_code == 422
    assert connected.post(address, account="1").location == "/settings/quickbooks/mappings?kind=services"


def test_of_a_long_list_namesakes_are_suggested_at_once_and_likeness_when_a_row_is_opened(
    connected: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        similar = catalogue.create_service(ServiceFields(code="MS", name="Manged support"), actor=ANN)
        catalogue.create_service(ServiceFields(code="H", name="hours"), actor=ANN)
    monkeypatch.setattr(workbench, "LONG", 1)
    page = connected.get("/mappings?tab=suggested").text
    assert "Same name, written differently" in page
    assert "Similar name" not in page
    assert "similar name, 97%" in connected.get(f"/mappings/services/{similar.id}").text


def test_a_row_is_put_aside_and_taken_up_again(connected: Desk) -> None:
    support = connected.firm.support.id
    assert "Skipped 0" in words(connected.get("/mappings").text)
    answer = connected.swap(f"/mappings/services/{support}/skip", aside="1").text
    assert "A document that needs it still waits." in answer
    assert "Skipped by Olivia" in connected.get("/mappings?tab=skipped").text
    assert ">SUP<" not in connected.get("/mappings?tab=unmapped").text
    assert "Taken up again." in connected.swap(f"/mappings/services/{support}/skip", aside="").text
    assert ">SUP<" in connected.get("/mappings?tab=unmapped").text


def test_what_the_tabs_count_comes_with_the_row_that_changed(connected: Desk) -> None:
    codes = connected.firm.codes
    answer = connected.swap(f"/mappings/tax-codes/{codes['20.0% S']}", remote_id="6").text
    before = counts(connected.get("/mappings?kind=tax-codes").text)
    assert counts(answer) == before
    assert (before["mapped"], before["broken"], before["skipped"]) == (1, 0, 0)
    assert "Confirm all 4 exact" in words(answer)
    skipped = connected.swap(f"/mappings/tax-codes/{codes['5.0% R']}/skip", aside="1").text
    assert counts(skipped) == before | {"suggested": before["suggested"] - 1, "skipped": 1}
    assert counts(connected.get(f"/mappings/tax-codes/{codes['5.0% R']}/row", fragment=True).text) == {}


def test_confirming_all_exact_leaves_alone_what_was_put_aside(connected: Desk) -> None:
    aside = connected.firm.codes["20.0% S"]
    assert connected.post(f"/mappings/tax-codes/{aside}/skip", aside="1").status_code == 303
    connected.post("/mappings/confirm?kind=tax-codes")
    assert aside not in mapped(connected, MappingKind.TAX_CODE)
    connected.post(f"/mappings/tax-codes/{aside}", remote_id="6")
    assert aside in mapped(connected, MappingKind.TAX_CODE)
