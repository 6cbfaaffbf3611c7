"""The query language (§5)."""

import pytest

from tests.simulator.client import Client, decoded


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("DocNumber = 'a-1'", ["1"]),
        ("DocNumber IN ('A-1', 'A-3', 'nothing')", ["3", "1"]),
        ("DocNumber LIKE 'A-%'", ["3", "2", "1"]),
        ("TxnDate >= '2026-02-01' AND TxnDate < '2026-03-01'", ["2"]),
        ("CustomerRef = '2'", ["3"]),
        ("Balance > '0' and TotalAmt = '120.00'", ["3", "2", "1"]),
        ("Id in ('2', '1')", ["2", "1"]),
        ("MetaData.LastUpdatedTime > '2020-01-01'", ["3", "2", "1"]),
    ],
)
def test_a_condition_finds(app: Client, condition: str, ids: list[str]) -> None:
    for number, customer in (("1", "1"), ("2", "1"), ("3", "2")):
        app.invoice(DocNumber=f"A-{number}", TxnDate=f"2026-0{number}-15", CustomerRef={"value": customer})
    assert [found["Id"] for found in app.find("Invoice", condition)["Invoice"]] == ids


@pytest.mark.parametrize("escaped", [r"O\'Neill", "O''Neill"])
def test_a_quote_may_be_escaped_in_both_ways(app: Client, escaped: str) -> None:
    app.write("customer", {"DisplayName": "O'Neill"})
    assert app.find("Customer", f"DisplayName = '{escaped}'")["maxResults"] == 1


def test_pages_count_from_one_in_either_order_of_words(app: Client) -> None:
    page = app.query("Select * From Customer ORDERBY Id DESC MAXRESULTS 1 STARTPOSITION 2")
    assert ([one["Id"] for one in page["Customer"]], page["startPosition"], page["maxResults"]) == (["2"], 2, 1)


def test_names_come_by_full_name_and_a_hundred_at_most(app: Client) -> None:
    for number in range(105):
        app.write("customer", {"DisplayName": f"Client {number:03}"})
    page = app.query("select * from Customer")
    assert page["maxResults"] == 100
    assert page["Customer"][0]["DisplayName"] == "Client 000"


def test_a_count_and_an_empty_answer(app: Client) -> None:
    assert app.query("select count(*) from Customer") == {"totalCount": 3}
    assert app.query("select * from Invoice") == {}


def test_inactive_names_come_only_when_asked_for(app: Client) -> None:
    app.write("item", {"Id": "1", "SyncToken": "0", "sparse": True, "Active": False})
    assert app.query("select count(*) from Item") == {"totalCount": 3}
    assert app.query("select count(*) from Item where Active in (true, false)") == {"totalCount": 4}


def test_a_query_may_come_as_the_body_of_a_post(app: Client) -> None:
    headers = app.headers | {"Content-Type": "application/text"}
    answer = app.http.post(f"{app.base}/query", data="select * from Term where Name = 'net 30'", headers=headers)
    assert decoded(answer)["QueryResponse"]["Term"][0]["Id"] == "3"


def test_a_statement_that_is_no_text_is_no_operation(app: Client) -> None:
    headers = app.headers | {"Content-Type": "application/text"}
    answer = app.http.post(f"{app.base}/query", data=b"\xff\xfe", headers=headers)
    assert decoded(answer)["Fault"]["Error"][0]["code"] == "500"


@pytest.mark.parametrize(
    ("statement", "code", "detail"),
    [
        ("select * from Custmoer", "4001", "QueryValidationError: invalid context declaration: Custmoer"),
        ("select * from Term startposition 0", "4001", "value 0 is too small. Min allowed value is 1"),
        ("select * from Term maxresults 1001", "4001", "value 1001 is too large"),
        ("select * from Invoice where DepartmentRef = '1'", "4001", "property 'DepartmentRef' is not queryable"),
        ("select * from Invoice where AccountRef = '1'", "4001", "Property AccountRef not found for Entity"),
        ("select * from Purchase where AccountRef = '1'", "4001", "Property AccountRef not found for Entity"),
        ("select * from Invoice where Id > '1'", "4001", "not supported for Id"),
        ("select * from Invoice where TotalAmt = 'much'", "4001", "value much is not valid"),
        ("select * from Invoice where Id = '1' or Id = '2'", "4000", "QueryParserError"),
        ("select * from Invoice where DocNumber != '1'", "4000", "QueryParserError"),
        ("", "4000", "QueryParserError"),
    ],
)
def test_what_is_no_question_is_refused(app: Client, statement: str, code: str, detail: str) -> None:
    answer = app.get("query", query=statement)
    assert answer.status_code == 400
    error = decoded(answer)["Fault"]["Error"][0]
    assert error["code"] == code
    assert detail in error["Detail"]


def test_fields_may_be_named_after_a_star(app: Client) -> None:
    """The words of python-quickbooks' `Item.all`."""
    assert len(app.query("SELECT *, Sku FROM Item MAXRESULTS 2")["Item"]) == 2
