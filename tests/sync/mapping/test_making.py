"""An item that a person asks for: made under the account of its service, whatever the policy says."""

from __future__ import annotations

import pytest

from app.billing.document import Document
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError, ConflictError
from app.outbox.models import MessageState
from app.sync.company.connecting import lane_of
from app.sync.mapping import choosing, making
from app.sync.records.mappings import MappingKind, mapping_of
from app.sync.records.policies import WhenServiceMissing
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books, connection

SALES = {"Name": "Sales of licences", "AccountType": "Income", "AccountSubType": "SalesOfProductIncome"}


@pytest.fixture
def held(books: Books) -> Document:
    """Services without an item hold their documents, and one does."""
    weather.rule(books, service_missing=WhenServiceMissing.HOLD)
    invoice = books.invoice()
    assert weather.message_of(invoice).blocker == f"service:{books.firm.support.id}"
    return invoice


def ask(books: Books, account: str = "") -> None:
    db.session.rollback()
    with transaction():
        making.ask_for_item(connection(books), books.firm.support.id, account, by="Olivia")


def income_account(books: Books) -> str:
    """A second income account, known here by its webhook."""
    made = books.simulation.control(f"companies/{REALM}/records/Account", SALES)
    books.listen()
    return str(made["Id"])


def item(books: Books) -> dict[str, object]:
    return next(row for row in weather.there(books, "Item") if row["Name"] == "SUP")


def test_it_is_made_under_the_default_account_and_lets_go_what_waited(books: Books, held: Document) -> None:
    ask(books)
    assert "was asked for" in making.wishes(lane_of(connection(books)), making.SERVICE)[books.firm.support.id]
    books.send()
    assert item(books)["IncomeAccountRef"] == {"value": "1", "name": "Services"}
    assert weather.state(held) is MessageState.DONE
    assert making.wishes(lane_of(connection(books)), making.SERVICE) == {}


def test_it_is_made_under_an_account_of_its_own_and_the_default_stays(books: Books, held: Document) -> None:
    account = income_account(books)
    ask(books, account)
    books.send()
    assert item(books)["IncomeAccountRef"] == {"value": account, "name": "Sales of licences"}
    default = mapping_of(books.connection_id, MappingKind.DEFAULT_INCOME, 0)
    assert default is not None
    assert default.remote_id == "1"


def test_an_item_made_by_policy_is_booked_to_the_account_of_its_service(books: Books) -> None:
    with transaction():
        choosing.clear(connection(books), MappingKind.DEFAULT_INCOME, 0)
    waiting = books.invoice()
    assert weather.message_of(waiting).blocker == "default_income:0"
    account = income_account(books)
    with transaction():
        chosen = choosing.choose(
            connection(books), MappingKind.INCOME_ACCOUNT, books.firm.support.id, account, by="Olivia"
        )
    assert chosen.released == 1
    books.send()
    assert item(books)["IncomeAccountRef"] == {"value": account, "name": "Sales of licences"}
    assert weather.state(waiting) is MessageState.DONE


def test_an_item_that_is_there_keeps_its_account(books: Books) -> None:
    books.invoice()
    account = income_account(books)
    with transaction():
        choosing.choose(connection(books), MappingKind.INCOME_ACCOUNT, books.firm.support.id, account, by="Olivia")
    books.invoice()
    assert item(books)["IncomeAccountRef"] == {"value": "1", "name": "Services"}
    with pytest.raises(ConflictError):
        ask(books)


def test_without_any_account_it_cannot_be_asked_for(books: Books, held: Document) -> None:
    with transaction():
        choosing.clear(connection(books), MappingKind.DEFAULT_INCOME, 0)
    with pytest.raises(BadInputError):
        ask(books)


def test_what_keeps_it_from_being_made_is_said(books: Books, held: Document) -> None:
    account = income_account(books)
    books.simulation.handle("Account", account, "edit", Active=False, Name=SALES["Name"])
    ask(books, account)
    books.send()
    said = making.wishes(lane_of(connection(books)), making.SERVICE)[books.firm.support.id]
    assert said.startswith("Its item could not be made: ")
    assert weather.state(held) is MessageState.PARKED
