"""The exceptions of `python-quickbooks` for what the simulator refuses, and for the faults it can be told to play."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from quickbooks import QuickBooks, exceptions
from quickbooks.objects import Customer, Employee, Invoice, Purchase, Term

from tests.simulation import REALM, SANDBOX_REALM, Simulation
from tests.simulator.clients.python_companies import AMERICAN, TRADING, Company, client_of, client_with, ref
from tests.simulator.clients.python_documents import expense_line, invoice_of, payment_of, sales_line
from tests.simulator.clients.python_lists import LISTS

Refusal = type[exceptions.QuickbooksException]


def _stale(uk: Company) -> object:
    customer = LISTS["Customer"].make(uk).save(qb=uk.books)
    for notes in ("first", "second"):
        customer.Notes = notes
        customer.save(qb=uk.books)
    return None


def _unequal(uk: Company) -> object:
    line = sales_line(uk, 90)
    line.SalesItemLineDetail.Qty, line.SalesItemLineDetail.UnitPrice = 2, 50
    return invoice_of(uk, Line=[line]).save(qb=uk.books)


def _duplicate(uk: Company) -> object:
    return [invoice_of(uk, DocNumber="TWICE").save(qb=uk.books) for _ in range(2)]


def _taken(uk: Company) -> object:
    employee = Employee()
    employee.GivenName, employee.FamilyName = "Harbour", "Cafe"
    return employee.save(qb=uk.books)


def _without_rate(uk: Company) -> object:
    line = sales_line(uk)
    line.SalesItemLineDetail.TaxCodeRef = None
    return invoice_of(uk, Line=[line]).save(qb=uk.books)


def _too_much(uk: Company) -> object:
    return payment_of(invoice_of(uk).save(qb=uk.books), uk, amount=1000).save(qb=uk.books)


def _incomplete(uk: Company) -> object:
    purchase = Purchase()
    purchase.AccountRef = ref("41")
    purchase.Line.append(expense_line(uk))
    return purchase.save(qb=uk.books)


def _paid(uk: Company) -> Invoice:
    invoice = invoice_of(uk).save(qb=uk.books)
    payment_of(invoice, uk).save(qb=uk.books)
    return Invoice.get(invoice.Id, qb=uk.books)


def _unknown_property(uk: Company) -> object:
    return invoice_of(uk, BadJson="x").save(qb=uk.books)


def _long_name(uk: Company) -> object:
    term = Term()
    term.Name, term.DueDays = "n" * 32, 7
    return term.save(qb=uk.books)


VALIDATION, OTHER = exceptions.ValidationException, exceptions.QuickbooksException
REFUSED: dict[str, tuple[Callable[[Company], object], Refusal, int]] = {
    "no such id": (lambda uk: Invoice.get("99999", qb=uk.books), exceptions.ObjectNotFoundException, 610),
    "odd id": (lambda uk: Invoice.get("1.5", qb=uk.books), VALIDATION, 2030),
    "no such address": (lambda uk: uk.books.get_report("Nothing"), exceptions.UnsupportedException, 500),
    "no such property": (_unknown_property, VALIDATION, 2010),
    "nothing of what is required": (_incomplete, VALIDATION, 2020),
    "a name too long": (_long_name, VALIDATION, 2050),
    "no such word": (lambda uk: invoice_of(uk, PrintStatus="Maybe").save(qb=uk.books), VALIDATION, 2170),
    "no such customer": (lambda uk: invoice_of(uk, CustomerRef=ref("999")).save(qb=uk.books), VALIDATION, 2500),
    "an old sync token": (_stale, OTHER, 5010),
    "no rate of VAT": (_without_rate, OTHER, 6000),
    "more than is open": (_too_much, OTHER, 6000),
    "voiding what is paid": (lambda uk: _paid(uk).void(qb=uk.books), OTHER, 6000),
    "deleting what is paid": (lambda uk: _paid(uk).delete(qb=uk.books), OTHER, 6000),
    "an amount that is no product": (_unequal, OTHER, 6070),
    "a number twice": (_duplicate, OTHER, 6140),
    "a name on another list": (_taken, OTHER, 6240),
}


@pytest.mark.parametrize(("act", "kind", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_has_its_exception_and_its_code(
    uk: Company, act: Callable[[Company], object], kind: Refusal, code: int
) -> None:
    with pytest.raises(exceptions.QuickbooksException) as refused:
        act(uk)
    assert (type(refused.value), refused.value.error_code) == (kind, code)
    assert refused.value.message
    assert refused.value.detail


@pytest.fixture
def order(intuit: Simulation) -> Iterator[Callable[..., object]]:
    """Give what orders the next call's fault; what is left of it is cleared."""
    yield lambda **fault: intuit.control("faults", fault)
    with intuit.world.turn():
        intuit.world.mischief.clear()


PLAYED: dict[str, tuple[dict[str, object], Refusal, int]] = {
    "expired token": ({"effect": "unauthorized"}, exceptions.AuthorizationException, 401),
    "no admin any more": ({"effect": "no_access"}, exceptions.AuthorizationException, 401),
    "another cluster": ({"effect": "wrong_cluster"}, exceptions.AuthorizationException, 401),
    "not of this app": ({"effect": "forbidden"}, OTHER, 10000),
    "too many calls": ({"effect": "throttle"}, OTHER, 10000),
    "a failure of the system": ({"effect": "server_error"}, exceptions.SevereException, 10000),
    "the books are closed": ({"effect": "fault", "code": "6210"}, OTHER, 6210),
    "the subscription ended": ({"effect": "fault", "code": "6190"}, OTHER, 6190),
    "a deposited payment": ({"effect": "fault", "code": "6540"}, OTHER, 6540),
    "a rate of exchange is missing": ({"effect": "fault", "code": "2410"}, VALIDATION, 2410),
    "a gateway in HTML": ({"effect": "html_502"}, OTHER, 10000),
    "a stream that timed out": ({"effect": "stream_timeout"}, OTHER, 10000),
}


@pytest.mark.parametrize(("fault", "kind", "code"), PLAYED.values(), ids=PLAYED.keys())
def test_what_is_played_has_its_exception_and_its_code(
    books: QuickBooks, order: Callable[..., object], *, fault: dict[str, object], kind: Refusal, code: int
) -> None:
    order(**fault)
    with pytest.raises(exceptions.QuickbooksException) as told:
        Customer.get("1", qb=books)
    assert (type(told.value), told.value.error_code) == (kind, code)


@pytest.mark.parametrize(
    ("form", "kind", "code"), [("xml", OTHER, 10000), ("lower_json", OTHER, 10000), ("upper_json", VALIDATION, 3001)]
)
def test_a_throttled_call_is_told_as_its_form_allows(
    books: QuickBooks, switch: Any, *, order: Callable[..., object], form: str, kind: Refusal, code: int
) -> None:
    """The package reads neither XML nor the envelope of the gateway; both become its general exception."""
    switch(throttle_body=form)
    order(effect="throttle")
    with pytest.raises(exceptions.QuickbooksException) as told:
        Customer.get("1", qb=books)
    assert (type(told.value), told.value.error_code) == (kind, code)
    assert "ThrottleExceeded" in str(told.value)


def test_a_token_of_another_company_is_refused(intuit: Simulation) -> None:
    books = client_of(intuit, AMERICAN)
    books.company_id = REALM
    with pytest.raises(exceptions.QuickbooksException, match="003100"):
        Customer.get("1", qb=books)


def test_a_token_that_was_revoked_is_an_authorization_exception(intuit: Simulation) -> None:
    books = client_of(intuit, TRADING)
    books.auth_client.revoke(token=books.auth_client.access_token)
    with pytest.raises(exceptions.AuthorizationException) as gone:
        Customer.get("1", qb=books)
    assert "3200" in gone.value.detail


def test_keys_of_production_do_not_open_a_company_of_the_sandbox(intuit: Simulation, uk: Company) -> None:
    books = client_with(uk.books.auth_client, intuit, SANDBOX_REALM)
    books.api_url_v3 = f"{intuit.base}/sandbox/v3"
    with pytest.raises(exceptions.QuickbooksException, match="003100"):
        Customer.get("1", qb=books)
