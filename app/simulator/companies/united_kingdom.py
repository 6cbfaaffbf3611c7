"""The two British companies: VAT registered, pounds, tax codes as the reference suggests (§4.3)."""

from collections.abc import Callable
from typing import Any

from app.simulator.bookkeeping.wire import Body
from app.simulator.companies.company import Company

Row = tuple[Any, ...]
_POUNDS = {"value": "GBP", "name": "British Pound Sterling"}
_RATES = (
    ("3", "20% S", 20, "NONE"), ("4", "20% S (Purchases)", 20, "NONE"),
    ("5", "5% R", 5, "NONE"), ("6", "5% R (Purchases)", 5, "NONE"),
    ("7", "0% Z", 0, "ZERO_RATE"), ("8", "0% Z (Purchases)", 0, "ZERO_RATE"),
    ("9", "Exempt", 0, "NONE"), ("10", "Exempt (Purchases)", 0, "NONE"),
    ("11", "20% RC", 20, "REVERSE_CHARGE"), ("12", "20% RC (contra)", -20, "REVERSE_CHARGE"),
)  # fmt: skip
_CODES = (
    ("4", "0.0% Z", "0% Zero rated", ("7",), ("8",)),
    ("5", "5.0% R", "5% Reduced rate", ("5",), ("6",)),
    ("6", "20.0% S", "20% Standard rate", ("3",), ("4",)),
    ("7", "Exempt", "Exempt", ("9",), ("10",)),
    ("10", "No VAT", "Outside the scope of VAT", (), ()),
    ("12", "20.0% RC", "20% Reverse charge", ("11", "12"), ("11", "12")),
)
_ACCOUNTS = (
    ("1", "Services", "Income", "ServiceFeeIncome"),
    ("4", "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    ("33", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    ("35", "Current Account", "Bank", "Checking"),
    ("79", "Sales of Product Income", "Income", "SalesOfProductIncome"),
    ("80", "Cost of Sales", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    ("84", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    ("90", "VAT Control", "Other Current Liability", "GlobalTaxPayable"),
)
_CLASSIFICATIONS = {
    "Income": "Revenue", "Other Current Asset": "Asset", "Accounts Payable": "Liability", "Bank": "Asset",
    "Cost of Goods Sold": "Expense", "Accounts Receivable": "Asset", "Other Current Liability": "Liability",
}  # fmt: skip
_TERMS = (("1", "Due on receipt", 0), ("2", "Net 15", 15), ("3", "Net 30", 30), ("4", "Net 60", 60))
_ITEMS = (
    ("1", "Services", "Service", "1", 0), ("2", "Managed support", "Service", "1", 45),
    ("3", "Hours", "Service", "1", 85), ("4", "Hardware", "NonInventory", "79", 0),
)  # fmt: skip
_CUSTOMERS = (
    ("1", "Harbour Cafe", "accounts@harbourcafe.example", "2 Quay Street", "Whitby", "YO21 1AA"),
    ("2", "Moorside Dental Practice", "office@moorside.example", "18 Station Road", "Leeds", "LS1 4DT"),
    ("3", "Fenwick & Sons (Builders) Ltd", "ledger@fenwick.example", "Unit 4, Mill Lane", "York", "YO1 7AA"),
)


def _rate(row: Row) -> Body:
    rate_id, name, percent, special = row
    return {
        "Id": rate_id, "Name": name, "Description": name, "Active": True, "RateValue": percent,
        "AgencyRef": {"value": "1"}, "SpecialTaxType": special, "DisplayType": "ReadOnly",
        "EffectiveTaxRate": [{"RateValue": percent, "EffectiveDate": "2011-01-04T00:00:00-08:00"}],
    }  # fmt: skip


def _rate_list(rate_ids: tuple[str, ...]) -> Body:
    names = {rate[0]: rate[1] for rate in _RATES}
    return {
        "TaxRateDetail": [
            {"TaxRateRef": {"value": one, "name": names[one]}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}
            for one in rate_ids
        ]
    }


def _code(row: Row) -> Body:
    code_id, name, description, sales, purchases = row
    return {
        "Id": code_id, "Name": name, "Description": description, "Active": True, "Hidden": False, "Taxable": True,
        "TaxGroup": True, "SalesTaxRateList": _rate_list(sales), "PurchaseTaxRateList": _rate_list(purchases),
        "TaxCodeConfigType": "SYSTEM_GENERATED",
    }  # fmt: skip


def _account(row: Row) -> Body:
    account_id, name, kind, subtype = row
    return {
        "Id": account_id, "Name": name, "SubAccount": False, "FullyQualifiedName": name, "Active": True,
        "Classification": _CLASSIFICATIONS[kind], "AccountType": kind, "AccountSubType": subtype,
        "CurrentBalance": 0, "CurrentBalanceWithSubAccounts": 0, "CurrencyRef": _POUNDS,
    }  # fmt: skip


def _item(row: Row) -> Body:
    item_id, name, kind, account, price = row
    accounts = {one[0]: one[1] for one in _ACCOUNTS}
    return {
        "Id": item_id, "Name": name, "Active": True, "FullyQualifiedName": name, "Taxable": False, "UnitPrice": price,
        "Type": kind, "IncomeAccountRef": {"value": account, "name": accounts[account]}, "PurchaseCost": 0,
        "TrackQtyOnHand": False, "DeferredRevenue": False, "SalesTaxCodeRef": {"value": "6"},
    }  # fmt: skip


def _customer(row: Row) -> Body:
    customer_id, name, email, street, city, postcode = row
    address = {
        "Id": str(100 + int(customer_id)),
        "Line1": street,
        "City": city,
        "PostalCode": postcode,
        "Country": "GB",
    }
    return {
        "Id": customer_id, "Taxable": True, "BillAddr": address, "Job": False, "BillWithParent": False, "Balance": 0,
        "BalanceWithJobs": 0, "CurrencyRef": _POUNDS, "PreferredDeliveryMethod": "Print", "IsProject": False,
        "CompanyName": name, "FullyQualifiedName": name, "DisplayName": name, "PrintOnCheckName": name, "Active": True,
        "PrimaryEmailAddr": {"Address": email},
    }  # fmt: skip


def _company_info(name: str) -> Body:
    address = {"Id": "1", "Line1": "4 Mill Lane", "City": "York", "PostalCode": "YO1 7AA", "Country": "GBR"}
    features = {
        "NeoEnabled": "true", "IndustryType": "Computer services", "SubscriptionStatus": "PAID",
        "OfferingSku": "QuickBooks Online Plus", "PayrollFeature": "false", "AccountantFeature": "false",
    }  # fmt: skip
    return {
        "Id": "1", "CompanyName": name, "LegalName": name, "CompanyAddr": address, "LegalAddr": address,
        "CustomerCommunicationAddr": address, "PrimaryPhone": {"FreeFormNumber": "01904 555010"},
        "CompanyStartDate": "2021-04-06", "FiscalYearStartMonth": "April", "Country": "GB",
        "Email": {"Address": "books@northgate.example"}, "WebAddr": {}, "SupportedLanguages": "en",
        "NameValue": [{"Name": key, "Value": value} for key, value in features.items()],
    }  # fmt: skip


def _preferences() -> Body:
    return {
        "Id": "1",
        "AccountingInfoPrefs": {
            "UseAccountNumbers": False, "TrackDepartments": False, "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": False, "FirstMonthOfFiscalYear": "April", "TaxYearMonth": "April",
            "CustomerTerminology": "Customers",
        },
        "SalesFormsPrefs": {
            "CustomTxnNumbers": True, "AllowDeposit": False, "AllowDiscount": True, "AllowShipping": False,
            "AllowServiceDate": True, "AllowEstimates": True, "DefaultTerms": {"value": "3"}, "AutoApplyCredit": False,
            "AutoApplyPayments": False, "EmailCopyToCompany": False, "UsingPriceLevels": False,
            "UsingProgressInvoicing": False,
        },
        "TaxPrefs": {"UsingSalesTax": True},
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "GBP"}},
        "ProductAndServicesPrefs": {
            "ForSales": True, "ForPurchase": True, "QuantityWithPriceAndRate": True, "QuantityOnHand": False,
        },
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": False, "BillableExpenseTracking": False},
        "ReportPrefs": {"ReportBasis": "Accrual"},
        "OtherPrefs": {"NameValue": [{"Name": "ProjectsEnabled", "Value": "false"}]},
    }  # fmt: skip


def _records(name: str) -> tuple[tuple[str, Body], ...]:
    agency = {
        "Id": "1", "DisplayName": "HM Revenue & Customs (HMRC)", "TaxTrackedOnSales": True,
        "TaxTrackedOnPurchases": True, "TaxRegistrationNumber": "GB123456789",
    }  # fmt: skip
    tables: tuple[tuple[str, Callable[[Row], Body], tuple[Row, ...]], ...] = (
        ("Account", _account, _ACCOUNTS), ("TaxRate", _rate, _RATES), ("TaxCode", _code, _CODES),
        ("Item", _item, _ITEMS), ("Customer", _customer, _CUSTOMERS),
    )  # fmt: skip
    lists = [(kind, make(row)) for kind, make, rows in tables for row in rows]
    terms: list[tuple[str, Body]] = [
        ("Term", {"Id": one, "Name": label, "Active": True, "Type": "STANDARD", "DueDays": days, "DiscountDays": 0})
        for one, label, days in _TERMS
    ]
    singles = [("CompanyInfo", _company_info(name)), ("Preferences", _preferences()), ("TaxAgency", agency)]
    return (*singles, *terms, *lists)


def british_company(realm: str, environment: str, name: str) -> Company:
    """A VAT-registered company of that name in that environment."""
    return Company(realm, environment, name, "Europe/London", _records(name))


NORTHGATE = british_company("9341450000000001", "production", "Northgate IT Services Ltd")
SANDBOX_GB = british_company("4620816365000000001", "sandbox", "Sandbox Company_GB_1")
COMPANIES = (NORTHGATE, SANDBOX_GB)
