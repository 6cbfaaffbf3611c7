"""Links into QuickBooks itself."""

from __future__ import annotations

from flask import Flask

from app.web.books import books_url
from tests import simulation
from tests.sync.books import Books


def test_where_intuit_is_not_intuit_there_is_no_page(books: Books) -> None:
    assert books_url(books.connection_id, "Invoice", "1") is None


def test_a_record_opens_where_a_person_sees_it(books: Books, app: Flask, database_url: str) -> None:
    intuit = "https://quickbooks.api.intuit.com"
    settings = simulation.settings_at(books.simulation.base, database_url, quickbooks_api_url=intuit)
    with simulation.hung(app, settings):
        assert books_url(books.connection_id, "Invoice", "12") == "https://app.qbo.intuit.com/app/invoice?txnId=12"
        assert (
            books_url(books.connection_id, "Customer", "7") == "https://app.qbo.intuit.com/app/customerdetail?nameId=7"
        )
        assert books_url(books.connection_id, "Vendor", "12") is None
