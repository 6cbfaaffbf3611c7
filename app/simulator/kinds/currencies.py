"""Currencies as references: the home currency of a company and the names QuickBooks shows."""

from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body

_NAMES = {"GBP": "British Pound Sterling", "EUR": "Euro", "USD": "United States Dollar"}


def home_currency(books: Books) -> Body:
    """The company's home currency as records show it."""
    preference = books.preference("CurrencyPrefs", "HomeCurrency")
    code = str(preference["value"]) if isinstance(preference, dict) else "GBP"
    return {"value": code, "name": _NAMES.get(code, code)}
