"""Lists as users of `python-quickbooks` fill them; nothing is taken out of what it sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quickbooks.objects import (
    Account,
    Address,
    Class,
    Customer,
    Department,
    EmailAddress,
    Employee,
    Item,
    PaymentMethod,
    PhoneNumber,
    TaxAgency,
    Term,
    Vendor,
)
from quickbooks.objects.companycurrency import CompanyCurrency

from tests.simulator.clients.python_companies import Company, Row, name, numbers, ref


def _account(_company: Company) -> Account:
    account = Account()
    account.Name, account.AcctNum, account.AccountSubType = name("Account"), str(next(numbers)), "CashOnHand"
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
    term.Name, term.DueDays = name("Days"), 21
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
    "CompanyCurrency": Row(CompanyCurrency, _currency, ("Active", False), ("multi",)),
}
AGENCY = Row(TaxAgency, _agency, ("DisplayName", "never"))
