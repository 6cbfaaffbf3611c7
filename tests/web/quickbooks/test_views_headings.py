"""Classes, locations and income accounts on the mapping pages: where the company has them, and what stands in."""

from __future__ import annotations

import io
import re

import pytest

from app.sync.records.mappings import ALL_OTHERS, MappingKind, mappings_of
from tests.simulation import REALM
from tests.web.quickbooks.desk import Desk

TRACKED = {"ClassTrackingPerTxnLine": True, "TrackDepartments": True}


@pytest.fixture
def sorting(connected: Desk) -> Desk:
    """The company sorts its sales; it has two classes and a location, and its lists are read again."""
    connected.simulation.control(f"companies/{REALM}/preferences", {"AccountingInfoPrefs": TRACKED})
    for kind, name in (("Class", "Projects"), ("Class", "Support"), ("Department", "York")):
        connected.simulation.control(f"companies/{REALM}/records/{kind}", {"Name": name})
    connected.post("/lists")
    return connected


def mapped(desk: Desk, kind: MappingKind) -> dict[int, str]:
    return {ours: row.remote_name for ours, row in mappings_of(desk.connection.id, kind).items()}


def ids(desk: Desk, slug: str, our_id: int) -> dict[str, str]:
    """What may be picked: {name: id there}."""
    page = desk.get(f"/mappings/{slug}/{our_id}").text
    return {name: value for value, name in re.findall(r'name="remote_id" value="(\d+)"><button>([^<]+)<', page)}


def test_the_tabs_are_there_only_for_a_company_that_sorts_its_sales(connected: Desk) -> None:
    assert "Classes" not in connected.get("/mappings").text
    page = connected.get("/mappings?kind=classes").text
    assert "does not sort its sales by class" in page
    connected.simulation.control(f"companies/{REALM}/preferences", {"AccountingInfoPrefs": TRACKED})
    connected.post("/lists")
    page = connected.get("/mappings?kind=classes").text
    assert "Locations</a>" in page.replace("\n", "")
    assert "does not sort" not in page


def test_a_class_of_the_same_name_is_suggested_and_confirmed_with_all_exact(sorting: Desk) -> None:
    assert "Support?" in sorting.get("/mappings?kind=classes&tab=suggested").text
    sorting.post("/mappings/confirm?kind=classes")
    assert mapped(sorting, MappingKind.CLASS) == {sorting.firm.support.id: "Support"}


def test_one_is_chosen_for_all_others_and_shown_where_it_stands_in(sorting: Desk) -> None:
    york = ids(sorting, "locations", ALL_OTHERS)["York"]
    answer = sorting.swap(f"/mappings/locations/{ALL_OTHERS}", remote_id=york).text
    assert answer.startswith('<tr id="row-0"')
    assert "Mapped to York." in answer
    assert mapped(sorting, MappingKind.LOCATION) == {ALL_OTHERS: "York"}
    assert "York, as all others" in sorting.get("/mappings?kind=locations&tab=unmapped").text
    assert "None" in sorting.swap(f"/mappings/locations/{ALL_OTHERS}", remote_id="").text


def test_a_client_has_a_location_of_its_own(sorting: Desk) -> None:
    acme = sorting.firm.acme.id
    sorting.post(f"/mappings/locations/{acme}", remote_id=ids(sorting, "locations", acme)["York"])
    assert "Chosen by Olivia" in sorting.get("/mappings?kind=locations&tab=mapped").text


def test_an_account_that_is_no_income_account_is_not_offered(connected: Desk) -> None:
    offered = ids(connected, "income-accounts", connected.firm.support.id)
    assert "Services" in offered
    assert "Accounts Receivable (A/R)" not in offered


def test_the_income_account_of_all_others_is_the_default_of_the_policies(connected: Desk) -> None:
    services = ids(connected, "income-accounts", ALL_OTHERS)["Services"]
    connected.post(f"/mappings/income-accounts/{ALL_OTHERS}", remote_id=services)
    assert mapped(connected, MappingKind.DEFAULT_INCOME) == {0: "Services"}
    assert mapped(connected, MappingKind.INCOME_ACCOUNT) == {}
    assert "Services, as all others" in connected.get("/mappings?kind=income-accounts").text


def test_a_service_whose_item_is_there_has_no_income_account_to_choose(connected: Desk) -> None:
    assert ">SUP<" in connected.get("/mappings?kind=income-accounts&tab=unmapped").text
    connected.post(f"/mappings/services/{connected.firm.support.id}", remote_id="2")
    assert ">SUP<" not in connected.get("/mappings?kind=income-accounts&tab=unmapped").text


def test_the_table_goes_out_and_comes_back_with_the_line_for_all_others(sorting: Desk) -> None:
    out = sorting.get("/mappings.csv?kind=classes").text
    assert "All others,Services without a class of their own,,," in out
    back = b"Code,QuickBooks id,QuickBooks name\r\nAll others,,Projects\r\nSUP,,support\r\n"
    page = sorting.post("/mappings/file?kind=classes", file=(io.BytesIO(back), "classes.csv")).text
    sorting.post("/mappings/file?kind=classes", pick=re.findall(r'name="pick" value="([^"]+)"', page))
    assert mapped(sorting, MappingKind.CLASS) == {ALL_OTHERS: "Projects", sorting.firm.support.id: "Support"}


def test_a_record_that_was_renamed_there_is_shown_until_it_is_confirmed(connected: Desk) -> None:
    support = connected.firm.support.id
    connected.post(f"/mappings/services/{support}", remote_id="2")
    connected.simulation.control(f"companies/{REALM}/records/Item/2/edit", {"Name": "Managed IT"})
    connected.post("/lists")
    page = connected.get("/mappings?tab=broken").text
    assert "Renamed" in page
    assert "It was called Managed support when it was chosen." in page
    assert "points to a record" not in connected.get().text
    connected.swap(f"/mappings/services/{support}", remote_id="2")
    assert mapped(connected, MappingKind.SERVICE) == {support: "Managed IT"}


def test_only_what_has_a_choice_for_all_others_has_a_row_for_them(sorting: Desk) -> None:
    assert sorting.get(f"/mappings/classes/{ALL_OTHERS}/row", fragment=True).text.startswith("<tr")
    assert sorting.get("/mappings/services/0").status_code == 404
