"""Mappings as a file: out, filled in, looked at, and done at once."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.billing.catalogue import create_service
from app.billing.catalogue_fields import ServiceFields
from app.billing.service import Service
from app.foundation.database import db, transaction
from app.quickbooks import catalogue
from app.sync.records.mappings import MappingKind, mapping_of
from tests.billing.firm import ANN
from tests.sync.books import Books
from tests.web.walking import Walker, words

PAGE = "/settings/quickbooks/mappings"
HEAD = "Code,Name,QuickBooks id,QuickBooks name,Open documents\r\n"


def look(walker: Walker, *lines: str, head: str = HEAD) -> TestResponse:
    text = head + "\r\n".join(lines)
    return walker.post(f"{PAGE}/file", file=(io.BytesIO(text.encode()), "services.csv"))


def mapped(books: Books, code: str) -> str | None:
    db.session.rollback()
    found = mapping_of(books.connection_id, MappingKind.SERVICE, service_id(code))
    return found.remote_id if found else None


def service_id(code: str) -> int:
    return db.session.scalars(select(Service.id).where(Service.code == code)).one()


@pytest.fixture(autouse=True)
def backup(books: Books) -> Service:
    """A second service, which nothing stands for either."""
    with transaction():
        return create_service(ServiceFields(code="BAK", name="Backup"), actor=ANN)


def an_item(books: Books) -> tuple[str, str]:
    row = catalogue.all_active(books.connection_id, "Item")[0]
    return row.remote_id, row.name


def test_the_table_goes_out_with_what_is_mapped(books: Books, rhea: Walker) -> None:
    books.invoice()
    lines = rhea.get(f"{PAGE}.csv").text.removeprefix("\ufeff").splitlines()
    assert lines[0] + "\r\n" == HEAD
    assert [line for line in lines if line.startswith("SUP,") and ",SUP," in line]


def test_it_is_looked_at_before_anything_changes_and_then_done_at_once(books: Books, adam: Walker) -> None:
    remote_id, name = an_item(books)
    page = look(adam, f"SUP,,{remote_id},,", f"BAK,,,{name},").text
    assert mapped(books, "SUP") is None
    picked = re.findall(r'name="pick" value="([^"]+)"', page)
    assert "2 services mapped." in words(adam.follow(f"{PAGE}/file", pick=picked))
    assert (mapped(books, "SUP"), mapped(books, "BAK")) == (remote_id, remote_id)


def test_each_line_that_cannot_be_taken_says_why(books: Books, adam: Walker) -> None:
    remote_id, _name = an_item(books)
    page = words(look(adam, f"NONE,,{remote_id},,", "SUP,,99999,,", f"BAK,,{remote_id}").text)
    assert "Nothing here that is in use has the code “NONE”." in page
    assert "is “99999”. Read the lists again" in page
    assert "more or fewer cells" in page
    assert "3 lines can" in page


def test_a_code_that_stands_twice_is_taken_neither_time(books: Books, adam: Walker) -> None:
    remote_id, _name = an_item(books)
    page = look(adam, f"SUP,,{remote_id},,", f"SUP,,{remote_id},,").text
    assert page.count("stands more than once") == 2
    assert 'name="pick"' not in page


def test_an_empty_line_leaves_alone_and_the_same_again_changes_nothing(books: Books, adam: Walker) -> None:
    remote_id, _name = an_item(books)
    adam.follow(f"{PAGE}/file", pick=[f"MAP:{service_id('SUP')}:{remote_id}"])
    page = words(look(adam, f"SUP,,{remote_id},,", "BAK,,,,").text)
    assert "Unchanged" in page
    assert "Left alone" in page


def test_a_file_without_the_columns_or_none_at_all_says_so(books: Books, adam: Walker) -> None:
    assert "lacks the columns" in words(look(adam, "x", head="Name\r\n").text)
    assert adam.post(f"{PAGE}/file").status_code == 422
    assert adam.post(f"{PAGE}/file", pick=["x:y"]).status_code == 422
