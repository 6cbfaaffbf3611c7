"""Every literal body of the reference that the client can meet, read by the client.

The files of `bodies/` hold them to the letter, the number of the section in front; where the reference abridges with
dots, the dots stand for a text or for nothing. `test_faults.py` and `test_sayings.py` hold the texts of section 8.2.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.clock import HeldClock
from app.foundation.sealing import Secret
from app.quickbooks import answers, calls, documents, errors, faults, lists, webhooks, wire
from app.quickbooks.answers import Allocation
from app.quickbooks.apps import AppKeys
from app.quickbooks.client import QuickBooks
from app.quickbooks.company import company_seen
from app.quickbooks.models import Environment
from app.quickbooks.ports import HttpAnswer
from app.quickbooks.reading import number, part, said
from tests.quickbooks.intuit import Intuit
from tests.world import World

BODIES = Path(__file__).parent / "bodies"
NOW = datetime(2026, 9, 30, tzinfo=UTC)
READERS: dict[str, Callable[[answers.Entity], object]] = {
    "Customer": answers.named,
    "Term": answers.named,
    "Class": answers.named,
    "Invoice": answers.document,
    "Payment": answers.payment,
}


@pytest.fixture
def keys(quickbooks: QuickBooks, northgate: World, held: HeldClock) -> AppKeys:
    return quickbooks.apps.shared(Environment.SANDBOX)


def body(name: str) -> bytes:
    """One literal body."""
    return (BODIES / name).read_bytes()


def told(name: str, status: int = 200) -> Any:
    """What the client makes of it."""
    return faults.read_answer(HttpAnswer(status, {}, body(name), 0.1), NOW)


def test_a_new_invoice_is_read() -> None:
    seen = answers.document(answers.entity_of(told("3.9-invoice.json"), "Invoice"))
    assert (seen.id, seen.sync_token, seen.doc_number, seen.customer_name) == (
        "155",
        "0",
        "1042",
        "Amy's Bird Sanctuary",
    )
    assert (seen.total_pence, seen.tax_pence, seen.balance_pence, seen.currency) == (10000, 0, 10000, "USD")
    assert (seen.txn_date, seen.due_date) == (date(2026, 1, 15), date(2026, 2, 14))
    assert seen.updated_at == datetime(2026, 5, 5, 9, 8, 55, tzinfo=UTC)
    assert (seen.links, seen.voided, seen.deleted) == ((), False, False)


def test_the_tax_of_an_invoice_in_the_uk_is_read() -> None:
    seen = answers.document(wire.decode(body("4.3-uk-invoice-fragment.json")))
    assert (seen.total_pence, seen.tax_pence, seen.balance_pence) == (34000, 5000, 34000)
    line = wire.decode(body("4.1-tax-line.json"))
    assert (answers.pence(said(line, "Amount")), answers.ref(part(line, "TaxLineDetail"), "TaxRateRef")) == (2000, "17")


def test_a_payment_is_read_past_the_noise_of_its_lines() -> None:
    seen = answers.payment(answers.entity_of(told("3.11-payment.json"), "Payment"))
    assert seen.allocations == (Allocation("Invoice", "155", 10000),)
    assert (seen.total_pence, seen.unapplied_pence, seen.customer_id) == (10000, 0, "1")


def test_a_deleted_invoice_is_a_tombstone() -> None:
    seen = answers.document(answers.entity_of(told("2.6-invoice-deleted.json"), "Invoice"))
    assert (seen.id, seen.deleted) == ("266", True)


def test_a_customer_is_read() -> None:
    record = answers.entity_of(told("3.3-customer.json"), "Customer")
    seen = answers.named(record)
    assert (seen.id, seen.name, seen.email, seen.currency) == ("60", "Harbour Cafe", "ap@harbour.example", "GBP")
    assert lists.essence("Customer", record)["company"] == "Harbour Cafe Ltd"


def test_a_company_is_read() -> None:
    info = answers.entity_of(told("3.1-companyinfo.json"), "CompanyInfo")
    seen = company_seen(info, {"CurrencyPrefs": wire.decode(body("3.2-currency-preferences.json"))})
    assert (seen.name, seen.country, seen.subscription) == ("Northgate Dental Ltd", "GB", "PAID")
    assert (seen.multi_currency, seen.home_currency) == (True, "CAD")


def test_records_of_lists_are_read() -> None:
    term = answers.entity_of(told("3.8-term.json"), "Term")
    assert (answers.named(term).name, lists.essence("Term", term)) == ("Net 30", {"type": "STANDARD", "due_days": 30})
    assert answers.named(answers.entity_of(told("3.16-class.json"), "Class")).id == "5000000000000142238"
    rate = answers.entity_of(told("3.17-exchangerate.json"), "ExchangeRate")
    assert number(said(rate, "Rate")) == Decimal("1.400374")


def test_answers_to_queries_are_read() -> None:
    assert answers.rows_of(told("5-query.json"), "Customer") == []
    assert answers.rows_of(told("5-query-empty.json"), "Customer") == []
    assert said(part(told("5-count.json"), "QueryResponse"), "totalCount") == 41


def test_each_member_of_a_batch_is_read() -> None:
    found = faults.batch_members(told("6.1-batch.json"), ["b1", "b2", "b3", "b4"])
    assert answers.entity_of(found["b1"], "Vendor") == {}
    assert isinstance(found["b2"], errors.NotFound)
    assert answers.rows_of(found["b3"], "Term") == []
    assert isinstance(found["b4"], errors.UnknownOutcome)


def test_changes_are_read() -> None:
    found = answers.changes_of(told("6.2-changes.json"))
    assert list(found) == ["Customer", "Payment"]
    assert answers.payment(found["Payment"][0]).deleted


@pytest.mark.parametrize(
    ("name", "status", "kind", "code"),
    [
        ("7-throttled.xml", 429, errors.Throttled, "3001"),
        ("7-throttled.xml", 403, errors.Throttled, "3001"),
        ("8.1-service-fault.json", 400, errors.NameTaken, "6240"),
        ("8.1-service-fault.json", 200, errors.NameTaken, "6240"),
        ("8.1-gateway-fault.json", 401, errors.ReconnectNeeded, "3200"),
        ("8.1-fault.xml", 400, errors.Refused, ""),
        ("8.1-fault.xml", 200, errors.UnknownOutcome, ""),
    ],
)
def test_each_shape_of_fault_becomes_its_kind(name: str, status: int, kind: type, code: str) -> None:
    with pytest.raises(errors.QuickBooksError) as caught:
        told(name, status)
    assert (type(caught.value), caught.value.code) == (kind, code)


@pytest.mark.parametrize("name", sorted(path.name for path in BODIES.glob("*-request.json")))
def test_what_the_reference_sends_may_be_sent(name: str) -> None:
    asked = wire.decode(body(name))
    if "BatchItemRequest" in asked:
        assert [member["bId"] for member in asked["BatchItemRequest"]] == ["b1", "b2", "b3"]
        return
    kind = {"3.3": "Customer", "3.10": "Payment"}.get(name.partition("-")[0], "Invoice")
    documents.check(kind, asked)
    assert wire.decode(calls.create(kind, asked).body) == asked


def test_new_tokens_are_read(quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit) -> None:
    intuit.token_answers = [HttpAnswer(200, {}, body("1.3-tokens.json"), 0.1)]
    grant = quickbooks.oauth.refresh(keys, Secret("refresh-0"))
    assert (grant.access_token.value, grant.access_seconds) == ("eyJ...", 3600)
    assert (grant.refresh_token.value, grant.refresh_seconds) == ("RT1-39-H0-1785429816abcdef", 8726400)


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("1.5-invalid-grant.json", 400, errors.ReconnectNeeded),
        ("1.5-invalid-client.json", 401, errors.AppKeysRefused),
    ],
)
def test_a_refusal_of_the_token_server_becomes_its_kind(
    name: str, status: int, kind: type[Exception], *, quickbooks: QuickBooks, keys: AppKeys, intuit: Intuit
) -> None:
    intuit.token_answers = [HttpAnswer(status, {}, body(name), 0.1)]
    with pytest.raises(kind):
        quickbooks.oauth.refresh(keys, Secret("refresh-0"))


def test_deliveries_of_both_shapes_are_read() -> None:
    (cloud,) = webhooks.parse(body("9.3-cloud-events.json"))
    assert (cloud.entity, cloud.verb, cloud.remote_id, cloud.deleted_id) == ("Customer", "merged", "123", "27")
    old = webhooks.parse(body("9.2-notifications.json"))
    assert [(event.entity, event.verb, event.realm_id) for event in old] == [
        ("Customer", "updated", "1234"),
        ("Vendor", "merged", "1234"),
    ]


def _other_case(name: str, how: int) -> str:
    return (name, name.lower(), name.upper())[how]


def _mutated(value: Any, draw: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _mutated(item, draw) for key, item in value.items() if draw(st.integers(0, 9))}
        changed = {_other_case(key, draw(st.sampled_from((0, 0, 0, 1, 2)))): item for key, item in kept.items()}
        return changed | ({"NewProperty": {"any": [None]}} if draw(st.booleans()) else {})
    if isinstance(value, list):
        return [_mutated(item, draw) for item in value]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return draw(st.sampled_from((value, f"{value:,}", f"{value:,.2f}", None)))
    return draw(st.sampled_from((value, value, value, value, None, [], {}, "x")))


def _read_all(kind: str, rows: list[answers.Entity]) -> None:
    for row in rows:
        READERS.get(kind, answers.named)(row)


@given(st.data())
def test_a_mutated_body_is_read_or_refused_by_our_own_kinds(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(path.name for path in BODIES.glob("*.json"))))
    mutated = _mutated(wire.decode(body(name)), data.draw)
    raw = json.dumps(mutated, default=str).encode()
    with suppress(errors.QuickBooksError):
        read = faults.read_answer(HttpAnswer(200, {}, raw, 0.1), NOW)
        faults.batch_members(read, ["b1", "b2"])
        for kind, rows in answers.changes_of(read).items():
            _read_all(kind, rows)
        for kind in READERS:
            _read_all(kind, [answers.entity_of(read, kind)] if said(read, kind) else [])
    with suppress(webhooks.BadDelivery):
        webhooks.parse(raw)


@given(st.data())
def test_an_amount_survives_casing_new_properties_and_thousands(data: st.DataObject) -> None:
    total = data.draw(st.decimals(0, 10**9, places=2))
    shown = data.draw(st.sampled_from((total, str(total), f"{total:,}")))
    key = _other_case("TotalAmt", data.draw(st.integers(0, 2)))
    seen = answers.document({"Id": "1", "New": [], key: shown})
    assert seen.total_pence == int(total * 100)


def test_each_body_is_read_by_some_test() -> None:
    text = Path(__file__).read_text()
    unread = [path.name for path in BODIES.iterdir() if path.name not in text and "-request" not in path.name]
    assert unread == []
