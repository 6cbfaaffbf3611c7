"""Companies in the United States: dollars, automated sales tax, TAX and NON on the lines (§3.7, §4.4)."""

from app.simulator.bookkeeping.wire import Body
from app.simulator.companies import lists
from app.simulator.companies.company import Company
from app.simulator.companies.lists import Home, Records, Row, exact
from app.simulator.companies.multi_currency import DOLLAR

HOME = Home(
    "US", "USA", {"Line1": "1200 Bayshore Ave", "City": "San Mateo", "CountrySubDivisionCode": "CA",
                  "PostalCode": "94401"}, "(650) 555-0142", "books@northgate-us.example", "January",
)  # fmt: skip
# Rates as they might stand in 2026; the figures only have to be believable. A state may have several (§4.4).
_RATES = (
    ("3", "California State", exact("7.25"), "NONE"), ("4", "San Mateo County District", exact("2.125"), "NONE"),
    ("5", "New York State", exact("4"), "NONE"), ("6", "New York City", exact("4.5"), "NONE"),
    ("7", "Texas State", exact("6.25"), "NONE"), ("8", "Texas Local", exact("2"), "NONE"),
    ("9", "Washington State", exact("6.5"), "NONE"), ("10", "Oregon", 0, "ZERO_RATE"),
)  # fmt: skip
# (id, name, description: the state the engine looks for, sales rates, purchase rates)
_CODES = (
    ("2", "California", "CA", ("3", "4"), ()), ("3", "New York", "NY", ("5", "6"), ()),
    ("4", "Texas", "TX", ("7", "8"), ()), ("5", "Washington", "WA", ("9",), ()),
    ("6", "Oregon", "OR", ("10",), ()),
)  # fmt: skip
_PSEUDO_CODES = (("TAX", True), ("NON", False), ("CustomSalesTax", True))
_ACCOUNTS = (
    ("1", "Services", "Income", "ServiceFeeIncome"),
    ("4", "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    ("33", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    ("35", "Checking", "Bank", "Checking"),
    ("41", "Mastercard", "Credit Card", "CreditCard"),
    ("60", "Software Subscriptions", "Expense", "OfficeGeneralAdministrativeExpenses"),
    ("61", "Travel", "Expense", "Travel"),
    ("79", "Sales of Product Income", "Income", "SalesOfProductIncome"),
    ("80", "Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    ("81", "Inventory Asset", "Other Current Asset", "Inventory"),
    ("84", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    ("90", "Sales Tax Payable", "Other Current Liability", "GlobalTaxPayable"),
)
_ITEMS = (
    ("1", "Services", "Service", "1", 0, False), ("2", "Managed support", "Service", "1", 75, False),
    ("3", "Hours", "Service", "1", 140, False), ("4", "Hardware", "NonInventory", "79", 0, True),
)  # fmt: skip
_CUSTOMERS = (
    ("1", "Amy's Bird Sanctuary", "birds@amy.example", "4581 Finch St.", "Bayshore", "CA", "94326"),
    ("2", "Hudson Law Group", "ap@hudsonlaw.example", "77 Water Street", "New York", "NY", "10005"),
    ("3", "Lone Star Clinics", "billing@lonestar.example", "905 Congress Ave", "Austin", "TX", "78701"),
    ("4", "Cascade Outfitters", "office@cascade.example", "12 Pine Street", "Portland", "OR", "97204"),
    ("5", "Great Lakes Freight", "ap@greatlakes.example", "1 Canal Street", "Chicago", "IL", "60606"),
)


def _item(row: Row) -> Body:
    *known, taxable = row
    return lists.item(tuple(known), _ACCOUNTS) | {"Taxable": taxable}


def _customer(row: Row) -> Body:
    customer_id, name, email, street, city, state, postcode = row
    address = {"Line1": street, "City": city, "CountrySubDivisionCode": state, "PostalCode": postcode}
    made = lists.customer(customer_id, name, email, address=address, currency=DOLLAR)
    return made | {"ShipAddr": made["BillAddr"], "DefaultTaxCodeRef": {"value": "2"}}


def _pseudo_codes() -> Records:
    """Id and name are the same word; no Active, no SyncToken (§3.7)."""
    empty: Body = {"TaxRateDetail": []}
    return [
        ("TaxCode", {"Id": word, "Name": word, "Description": word, "Taxable": taxable, "TaxGroup": False,
                     "SalesTaxRateList": empty, "PurchaseTaxRateList": empty})
        for word, taxable in _PSEUDO_CODES
    ]  # fmt: skip


def american_company(realm: str, environment: str, name: str) -> Company:
    """A company whose sales tax QuickBooks computes."""
    tax = {"UsingSalesTax": True, "PartnerTaxEnabled": True, "TaxGroupCodeRef": {"value": "2"}}
    agency = {"Id": "1", "DisplayName": "State sales tax agencies", "TaxTrackedOnSales": True,
              "TaxTrackedOnPurchases": False}  # fmt: skip
    records = [
        ("CompanyInfo", lists.company_info(name, HOME)),
        ("Preferences", lists.preferences("USD", "January", TaxPrefs=tax)),
        ("TaxAgency", agency),
        *lists.terms(),
        *lists.methods(),
        *lists.each("Account", lambda row: lists.account(row, DOLLAR), _ACCOUNTS),
        *lists.each("TaxRate", lists.rate, _RATES),
        *_pseudo_codes(),
        *lists.each("TaxCode", lambda row: lists.code(row, _RATES), _CODES),
        *lists.each("Item", _item, _ITEMS),
        ("Item", lists.bundle("5", "Starter kit", ("3", "Hours", 2), ("4", "Hardware", 1))),
        *lists.each("Customer", _customer, _CUSTOMERS),
        ("Vendor", lists.vendor("50", "Bay Area Hosting LLC", DOLLAR)),
        ("Vendor", lists.vendor("51", "Redwood Telecom", DOLLAR)),
        ("Vendor", lists.vendor("52", "Summit Software Supply", DOLLAR)),
        ("Employee", lists.employee("70", "Maria", "Delgado")),
    ]
    return Company(realm, environment, name, "America/Los_Angeles", tuple(records), "us")
