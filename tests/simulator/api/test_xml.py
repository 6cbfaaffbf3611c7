"""XML for who does not ask for JSON (§2.3); the PDF of a document (§2.1)."""

from xml.etree import ElementTree as ET

import pytest
from werkzeug.test import TestResponse

from tests.simulator.client import Client

SPACE = "{http://schema.intuit.com/finance/v3}"


def asked(app: Client, path: str, accept: str = "application/xml") -> TestResponse:
    return app.http.get(f"{app.base}/{path}", headers=app.headers | {"Accept": accept})


def parsed(answer: TestResponse) -> ET.Element:
    return ET.fromstring(answer.text)  # noqa: S314 - of our own making


@pytest.mark.parametrize("accept", ["application/xml", "*/*", ""])
def test_who_does_not_ask_for_json_gets_xml(app: Client, accept: str) -> None:
    answer = asked(app, "customer/1", accept)
    assert answer.content_type == "application/xml"
    assert parsed(answer).findtext(f"{SPACE}Customer/{SPACE}DisplayName") == "Harbour Cafe"


def test_a_reference_carries_its_name_and_a_record_its_marks(app: Client) -> None:
    app.invoice()
    invoice = parsed(asked(app, "invoice/1")).find(f"{SPACE}Invoice")
    assert invoice is not None
    customer = invoice.find(f"{SPACE}CustomerRef")
    assert customer is not None
    assert (invoice.attrib, customer.attrib, customer.text) == (
        {"domain": "QBO", "sparse": "false"}, {"name": "Harbour Cafe"}, "1",
    )  # fmt: skip


def test_rows_of_a_query_stand_one_after_the_other(app: Client) -> None:
    found = parsed(asked(app, "query?query=select * from Term")).find(f"{SPACE}QueryResponse")
    assert found is not None
    assert (found.attrib["maxResults"], len(found.findall(f"{SPACE}Term"))) == ("4", 4)


def test_a_fault_in_xml_has_code_and_element_as_marks(app: Client) -> None:
    answer = asked(app, "customer/99")
    error = parsed(answer).find(f"{SPACE}Fault/{SPACE}Error")
    assert error is not None
    assert (answer.status_code, error.attrib["code"]) == (400, "610")


def test_an_invoice_can_be_had_as_a_pdf(app: Client) -> None:
    app.invoice(DocNumber="INV-7 (a)")
    answer = asked(app, "invoice/1/pdf", "application/pdf")
    assert (answer.content_type, answer.data[:8], answer.data[-6:]) == ("application/pdf", b"%PDF-1.4", b"%%EOF\n")


def test_a_customer_cannot_be_had_as_a_pdf(app: Client) -> None:
    assert asked(app, "customer/1/pdf", "application/json").status_code == 400
