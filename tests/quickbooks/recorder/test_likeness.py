"""What counts as a difference."""

from __future__ import annotations

from app.quickbooks.recorder.likeness import differences, shape
from app.quickbooks.recorder.tape import Exchange


def said(answer: str, status: int = 200, method: str = "GET", **headers: str) -> Exchange:
    """An answer to reading an invoice."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(
        "read", method, "/invoice/1", (), "", body="", status=status, headers=told, answer=answer, seconds=0.1
    )


def test_other_values_of_the_same_class_are_no_difference() -> None:
    one = said('{"Invoice":{"Id":"1","TotalAmt":10.00,"TxnDate":"2026-01-01","PrivateNote":"a"},"time":"x"}')
    other = said('{"Invoice":{"Id":"22","TotalAmt":0,"TxnDate":"2025-01-01","PrivateNote":"b c"}}')
    assert list(differences(one, other)) == []


def test_a_missing_record_is_told_once() -> None:
    one = said('{"Invoice":{"Id":"1","CustomerRef":{"value":"1","name":"x"}}}')
    (found,) = differences(one, said('{"Invoice":{"Id":"1"}}'))
    assert found[1:] == ("shape", "Invoice.CustomerRef", "object", "missing")


def test_a_class_that_changed_is_told() -> None:
    (found,) = differences(said('{"Invoice":{"TotalAmt":10}}'), said('{"Invoice":{"TotalAmt":"10.00"}}'))
    assert found[1:] == ("value", "Invoice.TotalAmt", "money", "text")


def test_headers_that_matter_are_told_without_their_charset() -> None:
    one = said("{}", content_type="application/json;charset=utf-8", www_authenticate="Bearer")
    (found,) = differences(one, said("{}", content_type="application/json"))
    assert found[1:3] == ("header", "www-authenticate")


def test_a_refusal_is_told_by_its_number_in_both_forms() -> None:
    xml = said('<Fault><Error code="3001"/></Fault>', 429)
    (found,) = differences(said('{"Fault":{"Error":[{"code":"6240"}]}}', 400), xml)
    assert found[1:] == ("status", "", "400 6240", "429 3001")
    assert shape(xml.answer) == {"(body)": frozenset({"XML"})}
