"""The British companies: VAT registered, pounds, tax codes as the reference suggests (§4.3)."""

from app.simulator.bookkeeping.wire import Body
from app.simulator.companies import lists
from app.simulator.companies.company import Company
from app.simulator.companies.lists import Home, Records, Row

POUNDS = {"value": "GBP", "name": "British Pound Sterling"}
HOME = Home(
    "GB", "GBR", {"Line1": "4 Mill Lane", "City": "York", "PostalCode": "YO1 7AA"}, "01904 555010",
    "books@northgate.example", "April",
)  # fmt: skip
RATES = (
    ("3", "20% S", 20, "NONE"), ("4", "20% S (Purchases)", 20, "NONE"),
    ("5", "5% R", 5, "NONE"), ("6", "5% R (Purchases)", 5, "NONE"),
    ("7", "0% Z", 0, "ZERO_RATE"), ("8", "0% Z (Purchases)", 0, "ZERO_RATE"),
    ("9", "Exempt", 0, "NONE"), ("10", "Exempt (Purchases)", 0, "NONE"),
    ("11", "20% RC", 20, "REVERSE_CHARGE"), ("12", "20% RC (contra)", -20, "REVERSE_CHARGE"),
)  # fmt: skip
CODES = (
    ("4", "0.0% Z", "0% Zero rated", ("7",), ("8",)),
    ("5", "5.0% R", "5% Reduced rate", ("5",), ("6",)),
    ("6", "20.0% S", "20% Standard rate", ("3",), ("4",)),
    ("7", "Exempt", "Exempt", ("9",), ("10",)),
    ("10", "No VAT", "Outside the scope of VAT", (), ()),
    ("12", "20.0% RC", "20% Reverse charge", ("11", "12"), ("11", "12")),
)
ACCOUNTS = (
    ("1", "Services", "Income", "ServiceFeeIncome"),
    ("4", "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    ("33", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    ("35", "Current Account", "Bank", "Checking"),
    ("79", "Sales of Product Income", "Income", "SalesOfProductIncome"),
    ("80", "Cost of Sales", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    ("84", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    ("90", "VAT Control", "Other Current Liability", "GlobalTaxPayable"),
    ("41", "Company Card", "Credit Card", "CreditCard"),
    ("60", "Software Subscriptions", "Expense", "OfficeGeneralAdministrativeExpenses"),
    ("61", "Travel", "Expense", "Travel"),
    ("81", "Stock", "Other Current Asset", "Inventory"),
)
ITEMS = (
    ("1", "Services", "Service", "1", 0), ("2", "Managed support", "Service", "1", 45),
    ("3", "Hours", "Service", "1", 85), ("4", "Hardware", "NonInventory", "79", 0),
)  # fmt: skip
CUSTOMERS = (
    ("1", "Harbour Cafe", "accounts@harbourcafe.example", "2 Quay Street", "Whitby", "YO21 1AA"),
    ("2", "Moorside Dental Practice", "office@moorside.example", "18 Station Road", "Leeds", "LS1 4DT"),
    ("3", "Fenwick & Sons (Builders) Ltd", "ledger@fenwick.example", "Unit 4, Mill Lane", "York", "YO1 7AA"),
)


AGENCY = {
    "Id": "1", "DisplayName": "HM Revenue & Customs (HMRC)", "TaxTrackedOnSales": True,
    "TaxTrackedOnPurchases": True, "TaxRegistrationNumber": "GB123456789",
}  # fmt: skip


def british_item(row: Row) -> Body:
    """An item sold at the standard rate."""
    return lists.item(row, ACCOUNTS, SalesTaxCodeRef={"value": "6"})


def british_customer(row: Row) -> Body:
    """A customer who pays in pounds."""
    customer_id, name, email, street, city, postcode = row
    address = {"Line1": street, "City": city, "PostalCode": postcode, "Country": "GB"}
    return lists.customer(customer_id, name, email, address=address, currency=POUNDS)


def british_lists() -> Records:
    """Agency, rates, codes, terms, accounts and items of a company that charges VAT."""
    return [
        ("TaxAgency", AGENCY),
        *lists.terms(),
        *lists.methods(),
        *lists.each("Account", lambda row: lists.account(row, POUNDS), ACCOUNTS),
        *lists.each("TaxRate", lists.rate, RATES),
        *lists.each("TaxCode", lambda row: lists.code(row, RATES), CODES),
        *lists.each("Item", british_item, ITEMS),
        ("Vendor", lists.vendor("50", "Northern Power Supplies Ltd", POUNDS)),
        ("Vendor", lists.vendor("51", "Ridgeway Telecom", POUNDS)),
        ("Vendor", lists.vendor("52", "Cloudstack Distribution UK", POUNDS)),
        ("Employee", lists.employee("70", "Priya", "Nair")),
        ("Employee", lists.employee("71", "Tom", "Ashworth")),
    ]


def british_company(realm: str, environment: str, name: str) -> Company:
    """A VAT-registered company of that name in that environment."""
    records = [
        ("CompanyInfo", lists.company_info(name, HOME)),
        ("Preferences", lists.preferences("GBP", "April")),
        *british_lists(),
        *lists.each("Customer", british_customer, CUSTOMERS),
    ]
    return Company(realm, environment, name, "Europe/London", tuple(records), "uk")
