"""CompanyInfo and Preferences (§3.1, §3.2): one record each, read and updated only."""

from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.contact import ADDRESS, EMAIL, PHONE, WEB
from app.simulator.kinds.fields import (
    Field,
    Reader,
    flag,
    number,
    plain_reference,
    read_only,
    reference,
    structure,
    text,
)  # fmt: skip
from app.simulator.kinds.kind import SYSTEM_ORDER, Draft, Kind

_UPDATE = frozenset({"update"})
PRODUCT = "QuickBooks Online Plus"


_ORDER = (
    "CompanyName", "LegalName", "CompanyAddr", "LegalAddr", "CustomerCommunicationAddr", "PrimaryPhone",
    "CompanyStartDate", "FiscalYearStartMonth", "Country", "Email", "WebAddr", "SupportedLanguages", "NameValue",
    *SYSTEM_ORDER,
)  # fmt: skip
COMPANY_INFO = Kind(
    "CompanyInfo",
    (
        Field("CompanyName", text(1024), required=True),
        Field("LegalName", text(1024), keeps=True),
        Field("CompanyAddr", ADDRESS, required=True),
        Field("LegalAddr", ADDRESS, keeps=True),
        Field("CustomerCommunicationAddr", ADDRESS, keeps=True),
        Field("PrimaryPhone", PHONE),
        Field("Email", EMAIL),
        Field("WebAddr", WEB),
        *(Field(name, text(100), keeps=True) for name in ("CompanyStartDate", "FiscalYearStartMonth")),
        *read_only("Country", "SupportedLanguages", "NameValue", "DefaultTimeZone"),
    ),
    (Column("CompanyName"), Column("Country")),
    _UPDATE, order=_ORDER, events=frozenset(),
)  # fmt: skip


def _section(name: str, *closed: str, **readers: Reader) -> Field:
    """A section of Preferences; `closed` are the keys that only QuickBooks itself may set."""
    known = (Field(key, read) for key, read in readers.items())
    return Field(name, structure(name, *known, *read_only(*closed)), keeps=True)


def _flags(*names: str) -> dict[str, Reader]:
    return dict.fromkeys(names, flag)


def _texts(limit: int, *names: str) -> dict[str, Reader]:
    return dict.fromkeys(names, text(limit))


# Mailed with each sort of form; python-quickbooks' tests change a subject in a live company.
_MAILED = ("InvoiceMessage", "EstimateMessage", "SalesReceiptMessage", "StatementMessage")


_SECTIONS = (
    "AccountingInfoPrefs", "SalesFormsPrefs", "VendorAndPurchasesPrefs", "TaxPrefs", "CurrencyPrefs",
    "ProductAndServicesPrefs", "ReportPrefs", "TimeTrackingPrefs", "EmailMessagesPrefs", "OtherPrefs",
)  # fmt: skip


def _complete_preferences(draft: Draft) -> Body:
    """Sections are laid over what is there, key by key."""
    old = draft.old or {}
    sections = {name: old.get(name, {}) | value for name, value in draft.sent.items() if isinstance(value, dict)}
    return old | sections


PREFERENCES = Kind(
    "Preferences",
    (
        _section(
            "AccountingInfoPrefs", "BookCloseDate",
            **_flags("UseAccountNumbers", "TrackDepartments", "ClassTrackingPerTxn", "ClassTrackingPerTxnLine"),
            **_texts(30, "FirstMonthOfFiscalYear", "TaxYearMonth", "CustomerTerminology", "DepartmentTerminology"),
            TaxForm=text(10),
        ),
        _section(
            "SalesFormsPrefs", "CustomField",
            **_flags(
                "CustomTxnNumbers", "AllowDeposit", "AllowDiscount", "AllowShipping", "AllowServiceDate",
                "AllowEstimates", "AutoApplyCredit", "AutoApplyPayments", "EmailCopyToCompany", "IPNSupportEnabled",
                "UsingPriceLevels", "UsingProgressInvoicing", "ETransactionPaymentEnabled", "ETransactionAttachPDF",
                "DefaultShippingAccount",
            ),
            **_texts(1000, "DefaultCustomerMessage", "EstimateMessage"),
            DefaultTerms=reference("Term"), DefaultDiscountAccount=text(20), ETransactionEnabledStatus=text(30),
            SalesEmailCc=EMAIL, SalesEmailBcc=EMAIL,
        ),
        _section("TaxPrefs", "PartnerTaxEnabled", UsingSalesTax=flag, TaxGroupCodeRef=reference("TaxCode")),
        _section("CurrencyPrefs", MultiCurrencyEnabled=flag, HomeCurrency=plain_reference),
        _section("ProductAndServicesPrefs",
                 **_flags("ForSales", "ForPurchase", "QuantityWithPriceAndRate", "QuantityOnHand",
                          "RevenueRecognition"),
                 RevenueRecognitionFrequency=text(20)),
        _section("VendorAndPurchasesPrefs", "POCustomField",
                 **_flags("TrackingByCustomer", "BillableExpenseTracking", "TPAREnabled"),
                 DefaultMarkup=number, DefaultTerms=reference("Term"), DefaultMarkupAccount=reference("Account")),
        _section("ReportPrefs", ReportBasis=text(20), CalcAgingReportFromTxnDate=flag),
        _section("EmailMessagesPrefs", **dict.fromkeys(_MAILED, structure(
            "EmailMessageType", Field("Subject", text(1000)), Field("Message", text(4000))))),
        *read_only("TimeTrackingPrefs", "OtherPrefs"),
    ),
    (),
    _UPDATE, _complete_preferences, order=(*_SECTIONS, *SYSTEM_ORDER), events=frozenset({"Update"}),
)  # fmt: skip
