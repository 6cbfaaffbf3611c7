"""The package `python-quickbooks` as a table: each kind it has an object for, as its users would make one.

Nothing of the package is changed and nothing is taken out of what it sends; only its base address is set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from intuitlib.client import AuthClient
from quickbooks import QuickBooks
from quickbooks.objects import (
    Account,
    AccountBasedExpenseLine,
    AccountBasedExpenseLineDetail,
    Address,
    Bill,
    BillPayment,
    BillPaymentLine,
    Class,
    CreditMemo,
    Customer,
    Department,
    EmailAddress,
    Employee,
    Invoice,
    Item,
    ItemBasedExpenseLine,
    ItemBasedExpenseLineDetail,
    LinkedTxn,
    Payment,
    PaymentLine,
    PaymentMethod,
    PhoneNumber,
    Purchase,
    Ref,
    SalesItemLine,
    SalesItemLineDetail,
    TaxAgency,
    Term,
    Vendor,
    VendorCredit,
)
from quickbooks.objects.billpayment import CheckPayment
from quickbooks.objects.companycurrency import CompanyCurrency

from tests.simulation import REALM, Simulation

AMERICAN, TRADING = "9341450000000002", "9341450000000003"
LIVE = ("SIM-PRODUCTION-KEY", "sim-production-secret")
_numbers = count(1)


@dataclass(frozen=True)
class Company:
    """A company that the package speaks to; `tax_code` stands on its lines, `currency` where one is required."""

    books: QuickBooks
    tax_code: str
    currency: str | None = None


def client_of(intuit: Simulation, realm: str = REALM, **more: Any) -> QuickBooks:
    """The package's client with tokens of a company."""
    tokens = intuit.grant(realm)
    discovery = f"{intuit.base}/.well-known/openid_configuration/"
    keys = AuthClient(*LIVE, "https://app.example/back", discovery, access_token=tokens["access_token"])
    books = QuickBooks(
        auth_client=keys, refresh_token=tokens["refresh_token"], company_id=realm, minorversion=75, **more
    )
    books.api_url_v3 = f"{intuit.base}/production/v3"
    return books


def british(intuit: Simulation) -> Company:
    """VAT at the standard rate."""
    return Company(client_of(intuit), "6")


def american(intuit: Simulation) -> Company:
    """Automated sales tax."""
    return Company(client_of(intuit, AMERICAN), "NON")


def trading(intuit: Simulation) -> Company:
    """Several currencies, so that every document names its own."""
    return Company(client_of(intuit, TRADING), "6", "GBP")


COMPANIES = {"uk": british, "us": american, "multi": trading}


def name(of: str) -> str:
    """A name that nobody else has."""
    return f"{of} {next(_numbers)}"


def ref(value: object) -> Ref:
    """A reference as users of the package write it; its name and type stay empty."""
    made = Ref()
    made.value = value
    return made


def sales_line(company: Company, amount: object = 100) -> SalesItemLine:
    """A line with an amount alone; the package adds a price and a quantity of nought."""
    line = SalesItemLine()
    line.Amount = amount
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = ref("2")
    line.SalesItemLineDetail.TaxCodeRef = ref(company.tax_code)
    return line


def expense_line(company: Company, amount: object = 200) -> AccountBasedExpenseLine:
    """A line of a bill by account."""
    line = AccountBasedExpenseLine()
    line.Amount = amount
    line.AccountBasedExpenseLineDetail = AccountBasedExpenseLineDetail()
    line.AccountBasedExpenseLineDetail.AccountRef = ref(80)
    line.AccountBasedExpenseLineDetail.TaxCodeRef = ref(company.tax_code)
    return line


def bought_line(company: Company) -> ItemBasedExpenseLine:
    """A line of a bill by item."""
    line = ItemBasedExpenseLine()
    line.Amount = 90
    line.ItemBasedExpenseLineDetail = ItemBasedExpenseLineDetail()
    detail = line.ItemBasedExpenseLineDetail
    detail.ItemRef, detail.Qty, detail.UnitPrice, detail.TaxCodeRef = ref("4"), 2, 45, ref(company.tax_code)
    return line


def _account(_company: Company) -> Account:
    account = Account()
    account.Name, account.AcctNum, account.AccountSubType = name("Account"), str(next(_numbers)), "CashOnHand"
    return account


def _customer(_company: Company) -> Customer:
    customer = Customer()
    customer.DisplayName, customer.Title, customer.GivenName, customer.FamilyName = name("Customer"), "Mr", "A", "King"
    customer.BillAddr = Address()
    customer.BillAddr.Line1, customer.BillAddr.City = "123 Main", "Whitby"
    customer.PrimaryEmailAddr = EmailAddress()
    customer.PrimaryEmailAddr.Address = "king@customer.example"
    return customer


def _vendor(_company: Company) -> Vendor:
    vendor = Vendor()
    vendor.DisplayName, vendor.AcctNum, vendor.TaxIdentifier = name("Vendor"), "V-17", "99-9999999"
    vendor.PrimaryPhone = PhoneNumber()
    vendor.PrimaryPhone.FreeFormNumber = "555-555-5555"
    return vendor


def _employee(_company: Company) -> Employee:
    employee = Employee()
    employee.GivenName, employee.FamilyName, employee.HiredDate = "Jo", name("Smith"), "2020-07-22"
    employee.PrimaryAddr = Address()
    employee.PrimaryAddr.Line1 = "45 N. Elm Street"
    return employee


def _item(_company: Company) -> Item:
    item = Item()
    item.Name, item.Type, item.UnitPrice, item.IncomeAccountRef = name("Item"), "Service", 45.5, ref("1")
    return item


def _stock(_company: Company) -> Item:
    item = Item()
    item.Name, item.Type, item.TrackQtyOnHand = name("Stock"), "Inventory", True
    item.QtyOnHand, item.InvStartDate = 10, "2026-01-01"
    item.IncomeAccountRef, item.ExpenseAccountRef, item.AssetAccountRef = ref("79"), ref("80"), ref("81")
    return item


def _named(kind: Callable[[], Any]) -> Callable[[Company], Any]:
    def make(_company: Company) -> Any:
        record = kind()
        record.Name = name(record.qbo_object_name)
        return record

    return make


def _term(_company: Company) -> Term:
    term = Term()
    term.Name, term.DueDays = name("Net"), 21
    return term


def _agency(_company: Company) -> TaxAgency:
    agency = TaxAgency()
    agency.DisplayName = name("Agency")
    return agency


def _currency(_company: Company) -> CompanyCurrency:
    currency = CompanyCurrency()
    currency.Code = next(_CODES)
    return currency


_CODES = iter(("CAD", "AUD", "CHF", "SEK", "DKK", "NOK", "JPY", "NZD", "INR", "ZAR", "SGD", "AED", "HKD"))


def _dated(record: Any, company: Company) -> Any:
    """With the currency that a company of several asks for."""
    if company.currency:
        record.CurrencyRef = ref(company.currency)
    return record


def sales_form(kind: Callable[[], Any]) -> Callable[[Company], Any]:
    """Makes an invoice or a credit memo of a hundred."""

    def make(company: Company) -> Any:
        form = kind()
        form.CustomerRef = ref("1")
        form.Line.append(sales_line(company))
        return _dated(form, company)

    return make


def purchase_form(kind: Callable[[], Any]) -> Callable[[Company], Any]:
    """Makes a bill or a vendor credit of two hundred and ninety."""

    def make(company: Company) -> Any:
        form = kind()
        form.VendorRef = ref("50")
        form.Line += [expense_line(company), bought_line(company)]
        return _dated(form, company)

    return make


def _purchase(company: Company) -> Purchase:
    purchase = Purchase()
    purchase.PaymentType, purchase.AccountRef, purchase.EntityRef = "CreditCard", ref("41"), ref("50")
    purchase.EntityRef.type = "Vendor"
    purchase.Line.append(expense_line(company))
    made: Purchase = _dated(purchase, company)
    return made


def linked(record: Any) -> LinkedTxn:
    """A link to a record, by the package's own method."""
    made: LinkedTxn = record.to_linked_txn()
    return made


def payment_of(invoice: Invoice, company: Company, amount: object = None) -> Payment:
    """A payment of an invoice."""
    payment = Payment()
    payment.CustomerRef, payment.TotalAmt = ref(invoice.CustomerRef.value), amount or invoice.TotalAmt
    line = PaymentLine()
    line.Amount = payment.TotalAmt
    line.LinkedTxn.append(linked(invoice))
    payment.Line.append(line)
    made: Payment = _dated(payment, company)
    return made


def _payment(company: Company) -> Payment:
    return payment_of(sales_form(Invoice)(company).save(qb=company.books), company)


def _bill_payment(company: Company) -> BillPayment:
    bill = purchase_form(Bill)(company).save(qb=company.books)
    payment = BillPayment()
    payment.VendorRef, payment.PayType, payment.TotalAmt = ref("50"), "Check", bill.TotalAmt
    payment.PrivateNote = "Private"
    payment.CheckPayment = CheckPayment()
    payment.CheckPayment.BankAccountRef = ref("35")
    payment.APAccountRef = ref("33")
    line = BillPaymentLine()
    line.Amount = bill.TotalAmt
    line.LinkedTxn.append(linked(bill))
    payment.Line.append(line)
    made: BillPayment = _dated(payment, company)
    return made


@dataclass(frozen=True)
class Row:
    """A kind as the package has it: how one is made, what an update changes, and where its list is kept."""

    kind: Any
    make: Callable[[Company], Any]
    change: tuple[str, object]
    companies: tuple[str, ...] = ("uk", "us", "multi")


LISTS = {
    "Customer": Row(Customer, _customer, ("Notes", "pays late")),
    "Vendor": Row(Vendor, _vendor, ("AcctNum", "V-18")),
    "Employee": Row(Employee, _employee, ("GivenName", "Joanna")),
    "Item": Row(Item, _item, ("Description", "by the hour")),
    "Stock": Row(Item, _stock, ("Description", "in the cellar"), ("uk", "us")),
    "Account": Row(Account, _account, ("Description", "petty cash")),
    "Class": Row(Class, _named(Class), ("Name", "renamed class"), ("multi",)),
    "Department": Row(Department, _named(Department), ("Name", "renamed office"), ("multi",)),
    "Term": Row(Term, _term, ("DueDays", 28)),
    "PaymentMethod": Row(PaymentMethod, _named(PaymentMethod), ("Type", "CREDIT_CARD")),
    "CompanyCurrency": Row(CompanyCurrency, _currency, ("Name", "our name for it"), ("multi",)),
}
DOCUMENTS = {
    "Invoice": Row(Invoice, sales_form(Invoice), ("PrivateNote", "changed")),
    "CreditMemo": Row(CreditMemo, sales_form(CreditMemo), ("PrivateNote", "changed")),
    "Payment": Row(Payment, _payment, ("PrivateNote", "changed")),
    "Bill": Row(Bill, purchase_form(Bill), ("PrivateNote", "changed")),
    "VendorCredit": Row(VendorCredit, purchase_form(VendorCredit), ("PrivateNote", "changed")),
    "BillPayment": Row(BillPayment, _bill_payment, ("PrivateNote", "changed")),
    "Purchase": Row(Purchase, _purchase, ("PrivateNote", "changed")),
}
AGENCY = Row(TaxAgency, _agency, ("DisplayName", "never"))
WRITABLE = LISTS | DOCUMENTS
