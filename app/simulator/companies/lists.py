"""Rows made into records: the lists that every company has on its first day, whatever its country."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.simulator.bookkeeping.wire import Body

Row = tuple[Any, ...]
Records = list[tuple[str, Body]]
_CLASSIFICATIONS = {
    "Income": "Revenue", "Other Current Asset": "Asset", "Accounts Payable": "Liability", "Bank": "Asset",
    "Cost of Goods Sold": "Expense", "Accounts Receivable": "Asset", "Other Current Liability": "Liability",
    "Credit Card": "Liability", "Expense": "Expense", "Equity": "Equity", "Other Income": "Revenue",
}  # fmt: skip
TERMS = (("1", "Due on receipt", 0), ("2", "Net 15", 15), ("3", "Net 30", 30), ("4", "Net 60", 60))
METHODS = (
    ("1", "Cash", "NON_CREDIT_CARD"), ("2", "Cheque", "NON_CREDIT_CARD"), ("3", "Visa", "CREDIT_CARD"),
    ("4", "MasterCard", "CREDIT_CARD"), ("5", "Direct Debit", "NON_CREDIT_CARD"),
)  # fmt: skip


def exact(text: str) -> Decimal:
    """A figure without rounding."""
    return Decimal(text)


def rate(row: Row) -> Body:
    """A tax rate from (id, name, percent, special type)."""
    rate_id, name, percent, special = row
    return {
        "Id": rate_id, "Name": name, "Description": name, "Active": True, "RateValue": percent,
        "AgencyRef": {"value": "1"}, "SpecialTaxType": special, "DisplayType": "ReadOnly",
        "EffectiveTaxRate": [{"RateValue": percent, "EffectiveDate": "2011-01-04T00:00:00-08:00"}],
    }  # fmt: skip


def rate_list(rate_ids: Iterable[str], rates: Iterable[Row]) -> Body:
    """The rates of a code on one side, in order."""
    names = {one[0]: one[1] for one in rates}
    return {
        "TaxRateDetail": [
            {"TaxRateRef": {"value": one, "name": names[one]}, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}
            for one in rate_ids
        ]
    }


def code(row: Row, rates: Iterable[Row]) -> Body:
    """A tax code from (id, name, description, sales rates, purchase rates)."""
    code_id, name, description, sales, purchases = row
    return {
        "Id": code_id, "Name": name, "Description": description, "Active": True, "Hidden": False, "Taxable": True,
        "TaxGroup": True, "SalesTaxRateList": rate_list(sales, rates),
        "PurchaseTaxRateList": rate_list(purchases, rates), "TaxCodeConfigType": "SYSTEM_GENERATED",
    }  # fmt: skip


def account(row: Row, currency: Body) -> Body:
    """An account from (id, name, type, sub type) and, where it has its own, a currency."""
    account_id, name, kind, subtype, *own = row
    return {
        "Id": account_id, "Name": name, "SubAccount": False, "FullyQualifiedName": name, "Active": True,
        "Classification": _CLASSIFICATIONS[kind], "AccountType": kind, "AccountSubType": subtype,
        "CurrentBalance": 0, "CurrentBalanceWithSubAccounts": 0, "CurrencyRef": own[0] if own else currency,
    }  # fmt: skip


def item(row: Row, accounts: Iterable[Row], **more: object) -> Body:
    """An item from (id, name, type, income account, price)."""
    item_id, name, kind, income, price = row
    names = {one[0]: one[1] for one in accounts}
    return {
        "Id": item_id, "Name": name, "Active": True, "FullyQualifiedName": name, "Taxable": False, "UnitPrice": price,
        "Type": kind, "IncomeAccountRef": {"value": income, "name": names[income]}, "PurchaseCost": 0,
        "TrackQtyOnHand": False, "DeferredRevenue": False,
    } | more  # fmt: skip


def bundle(item_id: str, name: str, *parts: tuple[str, str, int]) -> Body:
    """A Group item from its parts (item id, name, quantity); the API only reads it (§3.5)."""
    lines = [{"ItemRef": {"value": part, "name": shown}, "Qty": quantity} for part, shown, quantity in parts]
    return {
        "Id": item_id, "Name": name, "Active": True, "FullyQualifiedName": name, "Taxable": False, "UnitPrice": 0,
        "Type": "Group", "PurchaseCost": 0, "ItemGroupDetail": {"ItemGroupLine": lines}, "PrintGroupedItems": False,
    }  # fmt: skip


def customer(customer_id: str, name: str, email: str, *, address: Body, currency: Body) -> Body:
    """A customer who owes nothing yet."""
    return {
        "Id": customer_id, "Taxable": True, "BillAddr": {"Id": str(100 + int(customer_id))} | address, "Job": False,
        "BillWithParent": False, "Balance": 0, "BalanceWithJobs": 0, "CurrencyRef": currency,
        "PreferredDeliveryMethod": "Print", "IsProject": False, "CompanyName": name, "FullyQualifiedName": name,
        "DisplayName": name, "PrintOnCheckName": name, "Active": True, "PrimaryEmailAddr": {"Address": email},
    }  # fmt: skip


def vendor(vendor_id: str, name: str, currency: Body, **more: object) -> Body:
    """A vendor who is owed nothing yet."""
    return {
        "Id": vendor_id, "Balance": 0, "BillRate": 0, "Vendor1099": False, "CostRate": 0, "CurrencyRef": currency,
        "CompanyName": name, "DisplayName": name, "PrintOnCheckName": name, "Active": True,
    } | more  # fmt: skip


def employee(employee_id: str, given: str, family: str) -> Body:
    """An employee: a name."""
    name = f"{given} {family}"
    return {
        "Id": employee_id, "BillableTime": False, "GivenName": given, "FamilyName": family, "DisplayName": name,
        "PrintOnCheckName": name, "Active": True,
    }  # fmt: skip


def terms() -> Records:
    """The usual payment terms."""
    return [
        ("Term", {"Id": one, "Name": label, "Active": True, "Type": "STANDARD", "DueDays": days, "DiscountDays": 0})
        for one, label, days in TERMS
    ]


def methods() -> Records:
    """The usual ways of paying."""
    return [("PaymentMethod", {"Id": one, "Name": name, "Active": True, "Type": kind}) for one, name, kind in METHODS]


def each(kind: str, make: Callable[[Row], Body], rows: Iterable[Row]) -> Records:
    """Every row of a table as a record of that kind."""
    return [(kind, make(row)) for row in rows]


@dataclass(frozen=True)
class Home:
    """Where a company lives."""

    country: str
    iso3: str
    address: Body
    phone: str
    email: str
    first_month: str
    product: str = "QuickBooks Online Plus"


def company_info(name: str, home: Home) -> Body:
    """CompanyInfo as §3.1 records it."""
    address = {"Id": "1"} | home.address | {"Country": home.iso3}
    features = {
        "NeoEnabled": "true", "IndustryType": "Computer services", "SubscriptionStatus": "PAID",
        "OfferingSku": home.product, "PayrollFeature": "false", "AccountantFeature": "false",
        "ItemCategoriesFeature": "true",
    }  # fmt: skip
    return {
        "Id": "1", "CompanyName": name, "LegalName": name, "CompanyAddr": address, "LegalAddr": address,
        "CustomerCommunicationAddr": address, "PrimaryPhone": {"FreeFormNumber": home.phone},
        "CompanyStartDate": "2021-04-06", "FiscalYearStartMonth": home.first_month, "Country": home.country,
        "Email": {"Address": home.email}, "WebAddr": {}, "SupportedLanguages": "en",
        "NameValue": [{"Name": key, "Value": value} for key, value in features.items()],
    }  # fmt: skip


def preferences(currency: str, first_month: str, **sections: Body) -> Body:
    """Preferences as §3.2 records them; `sections` are laid over."""
    usual: dict[str, Body] = {
        "AccountingInfoPrefs": {
            "UseAccountNumbers": False, "TrackDepartments": False, "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": False, "FirstMonthOfFiscalYear": first_month, "TaxYearMonth": first_month,
            "CustomerTerminology": "Customers",
        },
        "SalesFormsPrefs": {
            "CustomTxnNumbers": True, "AllowDeposit": False, "AllowDiscount": True, "AllowShipping": False,
            "AllowServiceDate": True, "AllowEstimates": True, "DefaultTerms": {"value": "3"}, "AutoApplyCredit": False,
            "AutoApplyPayments": False, "EmailCopyToCompany": False, "UsingPriceLevels": False,
            "UsingProgressInvoicing": False,
        },
        "TaxPrefs": {"UsingSalesTax": True},
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": currency}},
        "ProductAndServicesPrefs": {
            "ForSales": True, "ForPurchase": True, "QuantityWithPriceAndRate": True, "QuantityOnHand": False,
        },
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": False, "BillableExpenseTracking": False},
        "ReportPrefs": {"ReportBasis": "Accrual"},
        "TimeTrackingPrefs": {
            "UseServices": True, "BillCustomers": True, "ShowBillRateToAll": False, "WorkWeekStartDate": "Monday",
            "MarkTimeEntriesBillable": False,
        },
        "EmailMessagesPrefs": {
            f"{form}Message": {"Subject": f"{form} from us", "Message": f"Your {form.lower()} is attached."}
            for form in ("Invoice", "Estimate", "SalesReceipt", "Statement")
        },
        "OtherPrefs": {"NameValue": [{"Name": "ProjectsEnabled", "Value": "false"}]},
    }  # fmt: skip
    return {"Id": "1"} | {name: section | sections.get(name, {}) for name, section in usual.items()}
