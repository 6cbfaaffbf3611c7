"""Companies at home in pounds that sell in euro and dollars too (§10.3), with classes and locations."""

from app.simulator.bookkeeping.wire import Body
from app.simulator.companies import lists
from app.simulator.companies.company import Company
from app.simulator.companies.lists import Records, Row
from app.simulator.companies.united_kingdom import HOME, POUNDS, british_customer, british_lists

EURO = {"value": "EUR", "name": "Euro"}
DOLLAR = {"value": "USD", "name": "United States Dollar"}
_FIRST_TRACKING_ID = 5000000000000142238
_RATES = (
    ("EUR", "0.8652", "2026-06-30"), ("EUR", "0.8731", "2026-09-30"), ("EUR", "0.8784", "2026-10-31"),
    ("USD", "0.7291", "2026-06-30"), ("USD", "0.7438", "2026-09-30"), ("USD", "0.7609", "2026-10-31"),
)  # fmt: skip
_ABROAD = (
    ("4", "Kontor Hafenblick GmbH", "rechnung@hafenblick.example", "Am Sandtorkai 12", "Hamburg", "20457", "DE", EURO),
    ("5", "Atelier Lumiere SARL", "compta@lumiere.example", "8 Rue des Carmes", "Nantes", "44000", "FR", EURO),
    ("6", "Dublin Dental Group", "accounts@dublindental.example", "3 Fenian Street", "Dublin", "D02 K8X2", "IE", EURO),
    ("7", "Bayside Robotics Inc", "ap@bayside.example", "400 Harbor Blvd", "Belmont", "94002", "US", DOLLAR),
)  # fmt: skip
_AT_HOME = (
    ("1", "Calder Valley Foods", "ledger@caldervalley.example", "Unit 9, Mill Bank", "Halifax", "HX1 5AA"),
    ("2", "Thornton Legal LLP", "accounts@thornton.example", "22 Park Row", "Leeds", "LS1 5HD"),
    ("3", "Sheffield Instruments Ltd", "office@sheffieldinstruments.example", "7 Don Road", "Sheffield", "S9 2TP"),
)
_LEDGERS = (
    ("91", "Accounts Receivable (A/R) - EUR", "Accounts Receivable", "AccountsReceivable", EURO),
    ("92", "Accounts Receivable (A/R) - USD", "Accounts Receivable", "AccountsReceivable", DOLLAR),
    ("93", "Accounts Payable (A/P) - EUR", "Accounts Payable", "AccountsPayable", EURO),
    ("94", "Accounts Payable (A/P) - USD", "Accounts Payable", "AccountsPayable", DOLLAR),
    ("95", "Euro Account", "Bank", "Checking", EURO),
)


def _abroad(row: Row) -> Body:
    customer_id, name, email, street, city, postcode, country, currency = row
    address = {"Line1": street, "City": city, "PostalCode": postcode, "Country": country}
    return lists.customer(customer_id, name, email, address=address, currency=currency)


def _currencies() -> Records:
    listed = [
        {"Id": str(number), "Code": one["value"], "Name": one["name"], "Active": True}
        for number, one in enumerate((EURO, DOLLAR), start=1)
    ]
    rates = [
        {"Id": str(number), "SourceCurrencyCode": source, "TargetCurrencyCode": "GBP", "Rate": lists.exact(rate),
         "AsOfDate": day}
        for number, (source, rate, day) in enumerate(_RATES, start=1)
    ]  # fmt: skip
    return [*(("CompanyCurrency", one) for one in listed), *(("ExchangeRate", one) for one in rates)]


def _tracking() -> Records:
    """Three teams as classes, two offices as departments."""
    names = (("Class", "SubClass", ("Support", "Projects", "Hardware")),
             ("Department", "SubDepartment", ("York", "Hamburg")))  # fmt: skip
    return [
        (kind, {"Id": str(_FIRST_TRACKING_ID + number), "Name": name, below: False, "FullyQualifiedName": name,
                "Active": True})
        for kind, below, known in names for number, name in enumerate(known)
    ]  # fmt: skip


def trading_company(realm: str, environment: str, name: str) -> Company:
    """A company with multi-currency, classes and locations turned on."""
    turned_on = {
        "TrackDepartments": True, "ClassTrackingPerTxnLine": True, "DepartmentTerminology": "Location",
    }  # fmt: skip
    preferences = lists.preferences(
        "GBP", "April", CurrencyPrefs={"MultiCurrencyEnabled": True}, AccountingInfoPrefs=turned_on
    )
    records = [
        ("CompanyInfo", lists.company_info(name, HOME)),
        ("Preferences", preferences),
        *british_lists(),
        *lists.each("Account", lambda row: lists.account(row, POUNDS), _LEDGERS),
        *_currencies(),
        *_tracking(),
        *lists.each("Customer", british_customer, _AT_HOME),
        *lists.each("Customer", _abroad, _ABROAD),
        ("Vendor", lists.vendor("53", "Rhein Logistik AG", EURO)),
    ]
    return Company(realm, environment, name, "Europe/London", tuple(records), "multi")
