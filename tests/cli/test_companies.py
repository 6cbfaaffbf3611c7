"""The operator ties a company with tokens that were granted elsewhere."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask

from app.billing.entities import EntityFields, found_entity
from app.foundation.database import db, transaction
from app.quickbooks.models import Connection
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books


def tie(app: Flask, realm: str, tokens: dict[str, str], *entity: object) -> Result:
    given = ("--access-token", tokens["access_token"], "--refresh-token", tokens["refresh_token"])
    named = ("--entity", *map(str, entity)) if entity else ()
    return app.test_cli_runner().invoke(args=["tie", realm, *given, *named])


def test_a_company_is_tied_and_what_is_opened_goes_there(app: Flask, books: Books) -> None:
    told = tie(app, REALM, books.simulation.grant(), books.firm.entity.id)
    assert (told.exit_code, f"is connected to company {REALM}." in told.output) == (0, True), told.output
    books.invoice()
    assert len(weather.there(books)) == 1


def test_an_entity_that_does_not_exist_is_refused_and_those_that_do_are_named(app: Flask, books: Books) -> None:
    refused = tie(app, REALM, {"access_token": "a", "refresh_token": "r"}, 4711)
    named = f"There is no billing entity 4711. There are: {books.firm.entity.id} ({books.firm.entity.name})"
    assert (refused.exit_code, f"--entity: {named}" in " ".join(refused.output.split())) == (2, True), refused.output


def test_a_company_is_named_by_digits(app: Flask, books: Books) -> None:
    refused = tie(app, "Northgate", {"access_token": "a", "refresh_token": "r"}, books.firm.entity.id)
    assert (refused.exit_code, "REALM_ID: " in refused.output, "digits" in refused.output) == (2, True, True)


def test_a_company_that_is_taken_is_refused_in_words_and_stays_where_it_is(app: Flask, books: Books) -> None:
    with transaction():
        second = found_entity(EntityFields(name="Northgate Ireland"))
    refused = tie(app, REALM, {"access_token": "a", "refresh_token": "r"}, second.id)
    assert (refused.exit_code, "already connected elsewhere in the portal" in refused.output) == (1, True)
    books.invoice()
    assert len(weather.there(books)) == 1


def test_tokens_that_intuit_refuses_are_told_in_words(app: Flask, books: Books) -> None:
    books.simulation.control(f"companies/{REALM}/disconnect")
    refused = tie(app, REALM, {"access_token": "a", "refresh_token": "r"}, books.firm.entity.id)
    assert (refused.exit_code, refused.output.splitlines()[-1][:7]) == (1, "Error: "), refused.output


@pytest.mark.parametrize(
    ("realm", "wrong"),
    [(REALM, {"refresh_token": "r"}), (REALM, {"access_token": "a", "refresh_token": "r"}), ("4711", {})],
)
def test_tokens_that_are_of_no_use_leave_the_good_ones_in_place(
    app: Flask, books: Books, realm: str, wrong: dict[str, str]
) -> None:
    refused = tie(app, realm, present(books) | wrong, books.firm.entity.id)
    assert (refused.exit_code, "Error: " in refused.output) == (1, True), refused.output
    books.invoice()
    assert len(weather.there(books)) == 1


def test_an_access_token_that_has_run_out_is_renewed(app: Flask, books: Books) -> None:
    told = tie(app, REALM, present(books) | {"access_token": "a"}, books.firm.entity.id)
    assert told.exit_code == 0, told.output
    books.invoice()
    assert len(weather.there(books)) == 1


def present(books: Books) -> dict[str, str]:
    """The tokens by which the company is connected now."""
    tokens = books.engine.quickbooks.tokens
    refresh = tokens.refresh_token(db.session.get_one(Connection, books.connection_id))
    return {"access_token": tokens.access_token(books.connection_id).value, "refresh_token": refresh.value}
