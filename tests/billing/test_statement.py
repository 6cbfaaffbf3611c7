"""Statements of account."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.billing import invoicing, receiving, statement
from app.billing.kinds import DocumentKind
from app.billing.owing import Account
from app.billing.payment import PaymentState
from app.billing.statement import Entry, Statement, laid_out
from app.foundation.database import transaction
from app.outbox.models import Subject
from tests.billing.firm import ANN, TODAY, Firm

DAYS = st.dates(date(2026, 1, 1), date(2026, 6, 30))
ENTRIES = st.builds(
    Entry,
    day=DAYS,
    subject=st.builds(Subject, st.just("invoice"), st.integers(1)),
    title=st.just("x"),
    pence=st.integers(),
)


def of_acme(firm: Firm, since: date = TODAY, until: date = TODAY, elsewhere: dict[int, int] | None = None) -> Statement:
    account = Account(firm.acme.id, firm.entity.id, "GBP")
    return statement.statement_of(account, since, until, elsewhere or {})


def test_each_entry_moves_the_balance(firm: Firm) -> None:
    invoice = firm.open()
    firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    firm.learn(5000, (invoice, 5000))
    told = of_acme(firm)
    assert [(row.entry.title, row.entry.pence, row.balance_pence) for row in told.rows] == [
        ("Invoice INV-00001", 12000, 12000),
        ("Credit note CN-00001", -6000, 6000),
        ("Payment BACS 4711", -5000, 1000),
    ]
    assert (told.charged_pence, told.credited_pence, told.closing_pence) == (12000, 11000, 1000)


def test_what_was_before_is_the_opening_balance(firm: Firm) -> None:
    firm.open()
    told = of_acme(firm, date(2026, 3, 3), date(2026, 3, 31))
    assert (told.opening_pence, told.rows, told.closing_pence) == (12000, (), 12000)


def test_void_ones_drafts_and_the_use_of_a_credit_move_nothing(firm: Firm) -> None:
    invoice, void = firm.open(), firm.open()
    credit = firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    firm.draft()
    firm.learn(0, (invoice, 6000), (credit, 6000))
    gone = firm.learn(700)
    with transaction():
        invoicing.void(void, "", actor=ANN)
        receiving.remove_learnt(gone.id, PaymentState.VOID)
    assert of_acme(firm).closing_pence == 6000 == invoice.balance_pence


def test_what_a_payment_settles_elsewhere_is_no_part_of_it(firm: Firm) -> None:
    payment = firm.learn(20000)
    assert of_acme(firm, elsewhere={payment.id: 8000}).closing_pence == -12000


def test_what_a_client_pays_for_another_stands_on_the_other_s_statement(firm: Firm) -> None:
    own, other = firm.open(), firm.open(client=firm.bolt)
    firm.learn(20000, (own, 12000), (other, 5000))
    of_bolt = statement.statement_of(Account(firm.bolt.id, firm.entity.id, "GBP"), TODAY, TODAY, {})
    assert (of_acme(firm).closing_pence, of_bolt.closing_pence) == (-3000, 7000)
    assert [row.entry.title for row in of_bolt.rows] == ["Invoice INV-00002", "Payment BACS 4711"]
    assert statement.statement_of(Account(firm.bolt.id, firm.entity.id, "GBP"), TODAY, date(2026, 1, 1), {}).rows == ()


def test_every_account_is_found(firm: Firm) -> None:
    firm.learn(100)
    other = firm.open()
    with transaction():
        other.currency = "EUR"
    assert [account.currency for account in statement.accounts_ever(firm.acme.id)] == ["EUR", "GBP"]
    assert statement.accounts_ever(firm.bolt.id) == []


@given(st.lists(ENTRIES, max_size=12), DAYS, DAYS)
def test_two_ranges_that_touch_agree_on_the_balance_between(entries: list[Entry], one: date, other: date) -> None:
    first, last = sorted((one, other))
    before = laid_out(entries, date(2026, 1, 1), first)
    after = laid_out(entries, date.fromordinal(first.toordinal() + 1), last)
    assert (before.opening_pence, after.opening_pence) == (0, before.closing_pence)
    assert after.closing_pence == sum(entry.pence for entry in entries if entry.day <= max(last, first))


def test_more_paid_than_owed_is_in_the_favour_of_the_client() -> None:
    day = date(2026, 3, 2)
    words = [laid_out([Entry(day, Subject("payment", 1), "", pence)], day, day).closing_word for pence in (1, -1)]
    assert words == ["Balance owed", "In credit"]
