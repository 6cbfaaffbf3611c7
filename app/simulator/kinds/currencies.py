"""Currencies: the company's own, the names QuickBooks shows, the rates of its list, the rules of §10.3."""

from decimal import Decimal

from app.simulator.bookkeeping import refusals, wire
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.kind import Draft

NAMES = {
    "GBP": "British Pound Sterling", "EUR": "Euro", "USD": "United States Dollar", "CAD": "Canadian Dollar",
    "AUD": "Australian Dollar", "CHF": "Swiss Franc", "SEK": "Swedish Krona", "DKK": "Danish Krone",
    "NOK": "Norwegian Krone", "JPY": "Japanese Yen", "NZD": "New Zealand Dollar", "INR": "Indian Rupee",
    "ZAR": "South African Rand", "SGD": "Singapore Dollar", "AED": "UAE Dirham", "HKD": "Hong Kong Dollar",
}  # fmt: skip
ONE_FOREIGN = "You can only use one foreign currency per transaction."
_ONE = Decimal(1)


def currency(code: str) -> Body:
    """A currency as records show it."""
    return {"value": code, "name": NAMES.get(code, code)}


def home_code(books: Books) -> str:
    """The code of the company's home currency."""
    preference = books.preference("CurrencyPrefs", "HomeCurrency")
    return str(preference["value"]) if isinstance(preference, dict) else "GBP"


def home_currency(books: Books) -> Body:
    """The company's home currency as records show it."""
    return currency(home_code(books))


def is_multi_currency(books: Books) -> bool:
    """Whether the company keeps books in more than one currency; it cannot go back."""
    return bool(books.preference("CurrencyPrefs", "MultiCurrencyEnabled"))


def party_currency(draft: Draft) -> Body:
    """A customer's or vendor's currency: fixed when it is created (§3.3).

    A new party may name one where multi-currency is on, unless the switch says that Intuit stores the home currency
    all the same (§10.3, conflict). Everywhere else the home currency is stored, with 200 (§10.5).
    """
    if draft.old:
        return dict(draft.old["CurrencyRef"])
    wanted = draft.merged.get("CurrencyRef")
    honoured = is_multi_currency(draft.books) and draft.books.switches["party_currency"] == "honoured"
    if not wanted or not honoured:
        return home_currency(draft.books)
    return currency(_known(draft.books, str(wanted["value"])))


def account_currency(draft: Draft) -> Body:
    """An account's currency: as for a party, without the doubt."""
    if draft.old:
        return dict(draft.old["CurrencyRef"])
    wanted = draft.merged.get("CurrencyRef")
    if not wanted or not is_multi_currency(draft.books):
        return home_currency(draft.books)
    return currency(_known(draft.books, str(wanted["value"])))


def _known(books: Books, code: str) -> str:
    """A currency's code. One that is not on the list yet is added there by QuickBooks (§3.3); nonsense is refused."""
    if code not in NAMES and not books.shelves["CompanyCurrency"].find("Code", code.casefold()):
        raise refusals.invalid_choice(code, "CurrencyRef")
    return code


def document_currency(draft: Draft, party: Body) -> Body:
    """CurrencyRef, and ExchangeRate where multi-currency is on, of a document of this party.

    There CurrencyRef is required (2020), and another than the party's is refused (6000) (§10.3). Sales forms without
    a rate get QuickBooks' own of that day (inferred).
    """
    books, own = draft.books, party.get("CurrencyRef") or home_currency(draft.books)
    wanted = draft.merged.get("CurrencyRef")
    if wanted is None and draft.old is None and is_multi_currency(books):
        raise refusals.Refusal(refusals.missing("CurrencyRef"))
    if wanted is not None and wanted["value"] != own["value"]:
        raise refusals.business(ONE_FOREIGN)
    if not is_multi_currency(books):
        return {"CurrencyRef": own, "ExchangeRate": None}
    is_home = own["value"] == home_code(books)
    known = draft.merged.get("ExchangeRate") or rate_on(books, own["value"], str(draft.merged.get("TxnDate", "")))
    return {"CurrencyRef": own, "ExchangeRate": 1 if is_home else wire.number(known)}


def rate_on(books: Books, code: str, day: str) -> Decimal:
    """Home units per unit of a currency: the last rate of the list on or before the day, else its first, else 1."""
    shelf = books.shelves["ExchangeRate"]
    rates = filter(None, (shelf.get(one) for one in shelf.find("SourceCurrencyCode", code.casefold())))
    known = sorted((rate["AsOfDate"], wire.money(rate["Rate"])) for rate in rates)
    before = [rate for as_of, rate in known if not day or as_of <= day]
    return before[-1] if before else known[0][1] if known else _ONE


def in_home(books: Books, body: Body, *names: str) -> Body:
    """`HomeTotalAmt` and `HomeBalance` of a document where multi-currency is on."""
    if not is_multi_currency(books):
        return {}
    rate = wire.money(body.get("ExchangeRate") or 1)
    return {f"Home{name}": wire.amount(wire.money(body[name]) * rate) for name in names if name in body}
