"""Where a payment that was recorded here is with QuickBooks, step by step."""

from __future__ import annotations

from app.billing import receiving
from app.foundation.database import transaction
from app.sync.mapping import choosing
from app.sync.records.mappings import MappingKind
from app.sync.records.policies import WhenPaidHere, policy_of
from app.sync.watching import payment_standing
from app.sync.watching.standing import Place
from tests.billing.firm import ANN, build
from tests.sync.books import Books, connection
from tests.sync.payment_desk import record, telling
from tests.world import World


def test_where_it_is_follows_from_message_link_and_policy(books: Books) -> None:
    telling(books)
    invoice = books.invoice()
    payment = record(books, 12000, (invoice, 12000))
    assert payment_standing.of_payment(payment).place is Place.WAITING
    books.send()
    assert payment_standing.of_payment(payment).place is Place.THERE
    assert payment_standing.of_a_void(payment).endswith("is voided too.")
    with transaction():
        receiving.void_here(payment, actor=ANN)
    books.send()
    assert payment_standing.of_payment(payment).place is Place.VOIDED
    assert payment_standing.of_a_void(payment).startswith("QuickBooks does not have it")


def test_one_just_recorded_stays_here_at_once_where_the_policy_says_so(books: Books) -> None:
    payment = record(books, 500)
    at_once = payment_standing.of_payment(payment)
    books.send()
    assert (at_once.place, at_once.sentence) == (Place.SKIPPED, "Payments recorded here stay here, as the policy says.")
    assert payment_standing.of_payment(payment).place is Place.SKIPPED


def test_one_that_a_person_asked_for_is_on_its_way_whatever_the_policy_says(books: Books) -> None:
    payment = record(books, 500)
    books.send()
    with transaction():
        receiving.ask_to_send(payment, actor=ANN)
    asked = payment_standing.of_payment(payment)
    assert (asked.place, asked.sentence) == (Place.WAITING, "Next in line.")


def test_a_void_that_stays_here_contradicts_what_is_there(books: Books) -> None:
    telling(books)
    payment = record(books, 12000)
    books.send()
    with transaction():
        policy_of(books.connection_id).payments_here = WhenPaidHere.STAY
        receiving.void_here(payment, actor=ANN)
    books.send()
    assert payment_standing.of_payment(payment).place is Place.DIFFERS


def test_what_is_held_says_for_what(books: Books) -> None:
    telling(books)
    with transaction():
        choosing.clear(connection(books), MappingKind.DEPOSIT_ACCOUNT, 0)
    payment = record(books, 500)
    books.send()
    held = payment_standing.of_payment(payment)
    assert payment_standing.may_be_sent(payment)
    assert (held.place, held.blocker) == (Place.HELD, "deposit_account:0")


def test_without_a_company_it_is_here_alone(northgate: World) -> None:
    firm = build()
    with transaction():
        payment = receiving.record_here(firm.facts(500), actor=ANN)
    standing = payment_standing.of_payment(payment)
    assert not payment_standing.may_be_sent(payment)
    assert (standing.place, standing.sentence) == (Place.NOT_SENT, "QuickBooks is not connected.")
