"""At which exchange rate the company takes a document in a foreign currency: the tax is owed at home."""

from __future__ import annotations

from decimal import Decimal

from app.billing.document import Document
from tests.billing.firm import TODAY
from tests.simulation import REALM
from tests.sync import planting
from tests.sync.books import Books


def there(books: Books, invoice: Document) -> Decimal:
    return Decimal(str(books.simulation.record("Invoice", books.remote_id(invoice))["ExchangeRate"]))


def test_the_rate_at_which_it_is_taken_is_known_with_the_answer(books: Books) -> None:
    planting.keep_many_currencies(books)
    client = planting.client("Hafenblick", "EUR")
    books.invoice(client=client)
    told = {"SourceCurrencyCode": "EUR", "Rate": "0.8612", "AsOfDate": TODAY.isoformat()}
    books.simulation.control(f"companies/{REALM}/records/ExchangeRate", told)
    abroad, at_home = books.invoice(client=client), books.invoice()
    assert books.fresh(abroad).exchange_rate == there(books, abroad) == Decimal("0.8612")
    assert books.fresh(at_home).exchange_rate is None


def test_a_rate_that_is_changed_there_is_taken_over(books: Books) -> None:
    planting.keep_many_currencies(books)
    invoice = books.invoice(client=planting.client("Hafenblick", "EUR"))
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", ExchangeRate=0.9)
    books.listen()
    assert books.fresh(invoice).exchange_rate == Decimal("0.9")
    assert books.fresh(invoice).home_tax_pence == 1800
