"""Clients and their customers as a file: out, filled in, looked at, and done at once."""

from __future__ import annotations

import csv
import io
import re

import pytest
from werkzeug.test import TestResponse

from app.billing.client import Client
from app.foundation.database import db, transaction
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.sync.records.links import link_of
from tests.sync import weather
from tests.sync.books import Books
from tests.web.walking import Walker, words

PAGE = "/settings/quickbooks/clients"
HEAD = "Client id,Client,E-mail,Action,QuickBooks id,QuickBooks name"


def look(walker: Walker, *lines: str, head: str = HEAD, encoding: str = "utf-8") -> TestResponse:
    text = "\r\n".join((head, *lines))
    return walker.post(f"{PAGE}/file", file=(io.BytesIO(text.encode(encoding)), "clients.csv"))


def agree(walker: Walker, page: str) -> str:
    return words(walker.follow(f"{PAGE}/file", pick=re.findall(r'name="pick" value="([^"]+)"', page)))


def linked_to(books: Books, client: Client) -> str:
    db.session.rollback()
    link = link_of(books.connection_id, Subject("client", client.id))
    return link.remote_id if link else ""


@pytest.fixture
def customers(books: Books) -> dict[str, str]:
    """Acme is there under its name, Bolt with another legal form; {name: id}."""
    ids = {name: weather.make_there(books, "Customer", DisplayName=name) for name in ("Acme", "Bolt Limited", "Café")}
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    return ids


def test_the_table_goes_out_with_who_is_suggested_and_comes_back_as_it_was(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    adam.follow(f"{PAGE}/confirm")
    out = adam.get(f"{PAGE}.csv").text.removeprefix("\ufeff")
    acme, bolt = list(csv.DictReader(io.StringIO(out)))
    assert (acme["QuickBooks id"], bolt["QuickBooks id"]) == (customers["Acme"], "")
    assert (bolt["Suggested id"], bolt["Reason"]) == (customers["Bolt Limited"], "Same name but for its legal form")
    page = words(look(adam, *out.splitlines()[1:], head=out.splitlines()[0]).text)
    assert "Unchanged: 1, Left alone: 1. Nothing would change." in page


def test_a_name_that_would_run_as_a_formula_goes_out_guarded_and_comes_back(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    with transaction():
        books.firm.bolt.name = "=Bolt()"
    out = adam.get(f"{PAGE}.csv").text
    assert "'=Bolt()" in out
    page = look(adam, f"{books.firm.bolt.id},'=Bolt(),,,{customers['Bolt Limited']},").text
    assert "1 client linked." in agree(adam, page)


def test_it_is_looked_at_before_anything_changes_and_then_done_at_once(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    page = look(adam, ",Acme,,,,acme", f",Bolt,,,{customers['Bolt Limited']},").text
    assert linked_to(books, books.firm.acme) == ""
    assert "Change 2 clients" in words(page)
    assert "2 clients linked." in agree(adam, page)
    assert linked_to(books, books.firm.bolt) == customers["Bolt Limited"]
    again = words(look(adam, ",Acme,,,,acme", f",Bolt,,,{customers['Bolt Limited']},").text)
    assert "Unchanged: 2. Nothing would change." in again


def test_to_agree_twice_is_to_agree_once(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    page = look(adam, ",Acme,,,,acme", ",Bolt,,create,,").text
    agree(adam, page)
    moment = link_of(books.connection_id, Subject("client", books.firm.acme.id))
    assert moment is not None
    linked_at = moment.linked_at
    agree(adam, page)
    db.session.rollback()
    link = link_of(books.connection_id, Subject("client", books.firm.acme.id))
    assert link is not None
    assert link.linked_at == linked_at
    books.send()
    assert [row["DisplayName"] for row in weather.there(books, "Customer")].count("Bolt") == 1


def test_windows_letters_and_another_separator_are_read_as_elsewhere(
    books: Books, adam: Walker, customers: dict[str, str]
) -> None:
    page = look(adam, "Acme;;Café", head="Client;QuickBooks id;QuickBooks name", encoding="cp1252").text
    agree(adam, page)
    assert linked_to(books, books.firm.acme) == customers["Café"]


def test_a_file_without_the_columns_or_none_at_all_says_so(books: Books, adam: Walker) -> None:
    assert "lacks the columns Client, QuickBooks id" in words(look(adam, "x", head="Name").text)
    assert "no lines below its heading" in words(look(adam).text)
    assert adam.post(f"{PAGE}/file").status_code == 422
    for nonsense in ("x:1:2", "LINK:x:2", "PROBLEM:1:2"):
        assert adam.post(f"{PAGE}/file", pick=[nonsense]).status_code == 422


def test_what_was_refused_meanwhile_changes_nothing(books: Books, adam: Walker, customers: dict[str, str]) -> None:
    page = look(adam, ",Acme,,,,acme", ",Bolt,,,,Café").text
    adam.follow(f"{PAGE}/{books.firm.bolt.id}", remote_id=customers["Acme"])
    picked = re.findall(r'name="pick" value="([^"]+)"', page)
    answer = adam.post(f"{PAGE}/file", pick=picked[:1])
    assert answer.status_code == 422
    assert "linked to your client “Bolt” already" in words(answer.text)
    assert linked_to(books, books.firm.acme) == ""


def test_whoever_only_reads_takes_the_table_out_and_brings_none_back(books: Books, rhea: Walker) -> None:
    assert rhea.get(f"{PAGE}.csv").status_code == 200
    assert rhea.get(f"{PAGE}/file").status_code == 403
    assert look(rhea, ",Acme,,,,acme").status_code == 403
