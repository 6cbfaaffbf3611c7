"""Why a payment is not told now: pure, from facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.outbox.models import Subject
from app.sync.judging.facts import LinkFacts
from app.sync.judging.readiness import Step
from app.sync.payments.bodies import payment
from app.sync.payments.facts import PartFacts, PaymentToTell
from app.sync.payments.readiness import findings, first_finding
from app.sync.records.policies import WhenClientMissing, WhenClosed, WhenPaidHere
from tests.sync.facts import BOOKS

SENDING = replace(BOOKS, payments_here=WhenPaidHere.SEND)
LINK = LinkFacts(remote_id="180", sync_token="0", live=True, voided=False, told_revision=1)
PART = PartFacts(
    subject=Subject("invoice", 9),
    title="Invoice INV-9",
    pence=12000,
    entity="Invoice",
    remote_id="155",
    is_live=True,
    is_on_its_way=False,
)
PAYMENT = PaymentToTell(
    subject=Subject("payment", 3),
    label="BACS 4711",
    is_ours=True,
    is_void=False,
    revision=1,
    received_on=date(2026, 3, 2),
    recorded_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    amount_pence=12000,
    currency="GBP",
    reference="BACS 4711",
    method="Cheque",
    method_id=None,
    asked=False,
    client_id=5,
    client_name="Acme",
    customer_id="7",
    deposit_id="35",
    deposit_trouble="",
    marker="Counterfoil 1-payment-3",
    link=None,
    parts=(PART,),
)
HOLD, SKIP, NOTHING, AWAIT = Step.HOLD, Step.SKIP, Step.NOTHING, Step.AWAIT

CASES: list[tuple[dict[str, Any], dict[str, Any], Step, str]] = [
    ({"is_ours": False}, {}, NOTHING, "learnt from QuickBooks"),
    ({"is_void": True}, {}, NOTHING, "before QuickBooks heard"),
    ({"link": replace(LINK, live=False)}, {}, HOLD, "voided or deleted in QuickBooks"),
    ({}, {"read_only": True}, HOLD, "subscription"),
    ({}, {"payments_here": WhenPaidHere.STAY}, SKIP, "stay here"),
    ({"is_void": True, "link": LINK}, {"payments_here": WhenPaidHere.STAY}, SKIP, "stay here"),
    ({}, {"automatic_push": False}, SKIP, "Automatic push is off"),
    ({}, {"push_since": None}, SKIP, "before automatic push"),
    ({}, {"go_live_date": date(2026, 4, 1)}, SKIP, "before the go-live date, 1 April 2026"),
    ({}, {"go_live_date": date(2026, 4, 1), "country": "US"}, SKIP, "before the go-live date, April 1, 2026"),
    ({"currency": "EUR"}, {}, HOLD, "It is in EUR"),
    ({}, {"home_currency": "USD", "our_currency": "GBP"}, HOLD, "Choose another company"),
    ({}, {"closed_until": date(2026, 3, 31)}, HOLD, "closed up to 31 March 2026"),
    ({}, {"closed_until": date(2026, 3, 31), "country": "CA"}, HOLD, "closed up to March 31, 2026"),
    ({"deposit_id": None}, {}, HOLD, "No account is chosen"),
    ({"deposit_trouble": "“Bank”, which can't be used any more"}, {}, HOLD, "choose another account"),
    ({"parts": (replace(PART, is_live=False),)}, {}, HOLD, "divide the payment anew"),
    ({"parts": (replace(PART, remote_id=None, is_on_its_way=True),)}, {}, AWAIT, "Waits until Invoice INV-9"),
    ({"parts": (replace(PART, remote_id=None),)}, {}, HOLD, "is not in QuickBooks"),
    ({"customer_id": None}, {"client_missing": WhenClientMissing.HOLD}, HOLD, "not linked to a customer"),
    ({"customer_id": None}, {}, AWAIT, "Waits until client “Acme”"),
]


@pytest.mark.parametrize(("told", "books", "step", "words"), CASES)
def test_each_reason_is_found(told: dict[str, Any], books: dict[str, Any], step: Step, words: str) -> None:
    found = first_finding(replace(PAYMENT, **told), replace(SENDING, **books))
    assert found is not None
    assert (found.step, words in found.sentence) == (step, True)


@pytest.mark.parametrize(
    ("told", "books"),
    [
        ({}, {}),
        ({"asked": True}, {"payments_here": WhenPaidHere.STAY, "automatic_push": False, "push_since": None}),
        ({"link": LINK, "deposit_id": None}, {"push_since": None}),
        ({"amount_pence": 0, "deposit_id": None}, {}),
        ({"is_void": True, "link": LINK, "currency": "EUR"}, {}),
        ({}, {"closed_until": date(2026, 3, 31), "when_closed": WhenClosed.FIRST_OPEN_DAY}),
    ],
)
def test_nothing_stands_against_it(told: dict[str, Any], books: dict[str, Any]) -> None:
    assert list(findings(replace(PAYMENT, **told), replace(SENDING, **books))) == []


def test_what_is_there_already_keeps_what_belongs_to_the_bookkeeper() -> None:
    body = payment(replace(PAYMENT, link=LINK), SENDING)
    assert set(body) == {"CustomerRef", "TotalAmt", "Line"}


def test_by_policy_a_closed_day_becomes_the_first_open_one() -> None:
    books = replace(SENDING, closed_until=date(2026, 3, 31), multi_currency=True)
    body = payment(replace(PAYMENT, method="", method_id="2"), books)
    assert (body["TxnDate"], body["CurrencyRef"]["value"]) == ("2026-04-01", "GBP")
    assert (body["PrivateNote"], body["PaymentMethodRef"]["value"]) == ("Counterfoil 1-payment-3", "2")
