"""Whether a document may be told, and if not, why, and who can mend it: by its facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.outbox.models import Subject
from app.sync.judging.facts import Books, DocumentFacts, LineFacts, LinkFacts
from app.sync.judging.readiness import Step, findings, first_finding
from app.sync.records.policies import WhenClientMissing, WhenClosed, WhenServiceMissing, WhenZero
from tests.sync.facts import BOOKS, DOCUMENT, LINK, OPENED, books, document, line

HOLD, SKIP, NOTHING, AWAIT = Step.HOLD, Step.SKIP, Step.NOTHING, Step.AWAIT
COMMENT = line(is_comment=True, service_id=None, item_id=None, tax_code_id=None, tax_remote_id=None)
CREATE = WhenServiceMissing.CREATE
AMERICAN = {"taxes_per_line": False, "asks_whether_taxed": True}
NO_ACCOUNT = {"service_missing": CREATE, "default_income_id": None}


def test_a_complete_document_may_go() -> None:
    assert first_finding(DOCUMENT, BOOKS) is None


CASES: list[tuple[str, dict[str, Any], dict[str, Any], Step, str]] = [
    ("kept back", {"kept_back_by": "Ann"}, {}, SKIP, ""),
    ("removed there", {"link": replace(LINK, live=False)}, {}, HOLD, "invoice:9"),
    ("company read-only", {}, {"read_only": True}, HOLD, "company_read_only"),
    ("push off", {}, {"automatic_push": False}, SKIP, ""),
    ("never turned on", {}, {"push_since": None}, SKIP, ""),
    ("opened before", {"opened_at": datetime(2025, 12, 31, tzinfo=UTC)}, {}, SKIP, ""),
    ("never opened", {"opened_at": None}, {}, SKIP, ""),
    ("before go-live", {}, {"go_live_date": date(2026, 3, 3)}, SKIP, ""),
    ("total nought", {"gross_pence": 0}, {}, SKIP, ""),
    ("total below nought", {"gross_pence": -1}, {}, HOLD, "invoice:9"),
    ("no number", {"number": ""}, {}, HOLD, "invoice:9"),
    ("number too long", {"number": "N" * 22}, {}, HOLD, "long_number_invoice:9"),
    ("given number too long", {"given_number": "N" * 22}, {}, HOLD, "long_number_invoice:9"),
    ("foreign currency", {"currency": "USD"}, {}, HOLD, "invoice:9"),
    ("company of another currency", {}, {"home_currency": "USD", "our_currency": "GBP"}, HOLD, "company_currency"),
    ("closed books", {}, {"closed_until": date(2026, 3, 2)}, HOLD, "closed_books"),
    ("no lines", {"lines": ()}, {}, HOLD, "invoice:9"),
    ("only comments", {"lines": (COMMENT,)}, {}, HOLD, "invoice:9"),
    ("no service", {"lines": (line(service_id=None),)}, {}, HOLD, "invoice:9"),
    ("no item", {"lines": (line(item_id=None),)}, {}, HOLD, "service:42"),
    ("no income account", {"lines": (line(item_id=None),)}, NO_ACCOUNT, HOLD, "default_income:0"),
    ("item inactive", {"lines": (line(item_trouble="an inactive item"),)}, {}, HOLD, "service:42"),
    ("tax of another rate", {"lines": (line(tax_trouble="17.5%"),)}, {}, HOLD, "tax_code:3"),
    ("no tax code", {"lines": (line(tax_code_id=None),)}, {}, HOLD, "invoice:9"),
    ("taxed or not", {"lines": (line(tax_code_id=None),)}, AMERICAN, HOLD, "invoice:9"),
    ("tax not mapped", {"lines": (line(tax_remote_id=None),)}, {}, HOLD, "tax_code:3"),
    ("no client", {"client_id": 0, "customer_id": None}, {}, HOLD, "invoice:9"),
    ("client not linked", {"customer_id": None}, {"client_missing": WhenClientMissing.HOLD}, HOLD, "client:5"),
    ("client to be made", {"customer_id": None}, {}, AWAIT, ""),
    ("item to be made", {"lines": (line(item_id=None),)}, {"service_missing": CREATE}, AWAIT, ""),
    ("voided unheard of", {"status": "void"}, {}, NOTHING, ""),
    ("voided and gone there", {"status": "void", "link": replace(LINK, live=False)}, {}, NOTHING, ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "company", "step", "blocker"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_what_is_missing_is_found(changed: dict[str, Any], company: dict[str, Any], step: Step, blocker: str) -> None:
    finding = first_finding(document(**changed), books(**company))
    assert finding is not None
    assert (finding.step, finding.blocker, finding.sentence.endswith(".")) == (step, blocker, True)


@pytest.mark.parametrize(
    ("changed", "company"),
    [
        ({"gross_pence": 0}, {"zero_total": WhenZero.SEND}),
        ({"currency": "USD"}, {"multi_currency": True}),
        ({}, {"home_currency": "USD", "our_currency": "GBP", "multi_currency": True}),
        ({}, {"closed_until": date(2026, 3, 2), "when_closed": WhenClosed.FIRST_OPEN_DAY}),
        ({"lines": (line(tax_code_id=None, tax_remote_id=None),)}, {"taxes_per_line": False}),
        ({"lines": (line(), COMMENT)}, {}),
        ({"asked": True}, {"automatic_push": False, "push_since": None, "go_live_date": date(2027, 1, 1)}),
        ({"link": LINK, "opened_at": None}, {"push_since": None}),
        ({"number": "N" * 21}, {}),
        ({"number": "N" * 22, "given_number": "N" * 21}, {}),
        ({"number": "N" * 22, "link": LINK}, {}),
        ({"status": "void", "link": LINK}, {"automatic_push": False}),
    ],
)
def test_what_a_policy_allows_may_go(changed: dict[str, Any], company: dict[str, Any]) -> None:
    assert first_finding(document(**changed), books(**company)) is None


def test_everything_that_goes_first_is_named_once_and_the_client_comes_first() -> None:
    lines = (line(item_id=None), line(item_id=None), line(item_id=None, service_id=43, service_code="X"))
    finding = first_finding(document(customer_id=None, lines=lines), books(service_missing=CREATE))
    assert finding is not None
    assert finding.awaited == (Subject("client", 5), Subject("service", 42), Subject("service", 43))
    assert finding.sentence == "Waits until client “Acme” and 2 more is in QuickBooks."


SOME = st.none() | st.text(max_size=5)
LINES = st.builds(
    LineFacts,
    position=st.integers(1, 9),
    description=st.text(max_size=5),
    is_comment=st.booleans(),
    quantity=st.decimals(allow_nan=False, allow_infinity=False),
    unit_price=st.decimals(allow_nan=False, allow_infinity=False),
    amount_pence=st.integers(),
    discount_pence=st.integers(),
    discount_percent=st.just(Decimal(0)),
    service_id=st.none() | st.integers(),
    service_code=st.text(max_size=5),
    item_id=SOME,
    item_trouble=st.sampled_from(["", "an inactive item"]),
    tax_code_id=st.none() | st.integers(),
    tax_code_name=st.text(max_size=5),
    is_taxed=st.booleans(),
    tax_remote_id=SOME,
    tax_trouble=st.sampled_from(["", "another rate"]),
)
LINKS = st.none() | st.builds(
    LinkFacts,
    remote_id=st.text(max_size=3),
    sync_token=st.text(max_size=3),
    live=st.booleans(),
    voided=st.booleans(),
    told_revision=st.none(),
)
MOMENTS = st.none() | st.integers(-3000, 3000).map(lambda days: OPENED + timedelta(days=days))
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))
DOCUMENTS = st.builds(
    document,
    number=st.text(max_size=30),
    status=st.sampled_from(["open", "paid", "void", "partially_paid"]),
    currency=st.sampled_from(["GBP", "USD"]),
    gross_pence=st.integers(),
    opened_at=MOMENTS,
    issue_date=DAYS.filter(bool),
    kept_back_by=SOME,
    asked=st.booleans(),
    client_id=st.integers(0, 3),
    customer_id=SOME,
    link=LINKS,
    lines=st.lists(LINES, max_size=4).map(tuple),
)
COMPANIES = st.builds(
    books,
    multi_currency=st.booleans(),
    taxes_per_line=st.booleans(),
    closed_until=DAYS,
    read_only=st.booleans(),
    automatic_push=st.booleans(),
    push_since=MOMENTS,
    go_live_date=DAYS,
    client_missing=st.sampled_from(WhenClientMissing),
    service_missing=st.sampled_from(WhenServiceMissing),
    zero_total=st.sampled_from(WhenZero),
    when_closed=st.sampled_from(WhenClosed),
    default_income_id=SOME,
)


@given(DOCUMENTS, COMPANIES)
def test_readiness_never_stumbles_and_never_lets_go_what_is_incomplete(given_: DocumentFacts, company: Books) -> None:
    found = list(findings(given_, company))
    assert all(finding.sentence and (finding.step is not HOLD or finding.blocker) for finding in found)
    assert all(finding.awaited for finding in found if finding.step is AWAIT)
    if not found and not given_.is_void:
        assert_complete(given_, company)


def assert_complete(ready: DocumentFacts, company: Books) -> None:
    priced = [one for one in ready.lines if not one.is_comment]
    assert ready.number
    assert ready.customer_id is not None
    assert priced
    assert all(one.item_id is not None for one in priced)
    assert not company.taxes_per_line or all(one.tax_remote_id is not None for one in priced)
