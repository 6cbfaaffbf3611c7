"""What the policies leave out of a lane is skipped with the reason, until a person asks for it."""

from __future__ import annotations

from datetime import date

import pytest

from app.billing import invoicing
from app.foundation.database import transaction
from app.outbox.models import MessageState
from app.quickbooks.models import ConnectionState
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection

DONE, WAITING, SKIPPED, CANCELLED = (
    MessageState.DONE,
    MessageState.WAITING,
    MessageState.SKIPPED,
    MessageState.CANCELLED,
)


def test_a_lane_without_a_connection_skips_with_a_reason(books: Books) -> None:
    with transaction():
        connection(books).state = ConnectionState.DISCONNECTED
    invoice = books.firm.open()
    books.send()
    assert (weather.state(invoice), weather.reason(invoice)) == (
        SKIPPED,
        "It was opened while QuickBooks was not connected.",
    )


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ({"automatic_push": False}, "Automatic push is off."),
        ({"push_since": None}, "It was opened before automatic push was turned on."),
        ({"go_live_date": "2026-04-01"}, "It is dated before the go-live date, 1 April 2026."),
    ],
)
def test_what_the_policies_leave_out_is_skipped_with_the_reason(
    books: Books, policy: dict[str, object], sentence: str
) -> None:
    day = {name: _day(value) for name, value in policy.items()}
    weather.rule(books, **day)
    invoice = books.invoice()
    assert (weather.state(invoice), weather.reason(invoice)) == (SKIPPED, sentence)


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


def test_what_was_skipped_goes_when_a_person_asks_for_it(books: Books) -> None:
    weather.rule(books, automatic_push=False)
    invoice = books.invoice()
    with transaction():
        invoicing.ask_to_send([books.fresh(invoice)], actor=ANN)
    books.send()
    assert weather.state(invoice) is DONE


def test_what_is_kept_back_is_not_sent(books: Books) -> None:
    draft = books.firm.draft()
    with transaction():
        invoicing.keep_back(draft, actor=ANN)
        invoicing.open_document(draft, actor=ANN)
    books.send()
    assert (weather.state(draft), weather.reason(draft)) == (SKIPPED, "Kept out of QuickBooks by Ann.")


def test_a_total_of_nought_is_skipped_unless_the_policy_says_otherwise(books: Books) -> None:
    nought = books.invoice("0")
    assert weather.state(nought) is SKIPPED
    weather.rule(books, zero_total="send")
    assert weather.state(books.invoice("0")) is DONE
