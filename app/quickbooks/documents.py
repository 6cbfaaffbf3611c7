"""What a record may say: the documented writable properties and their limits, checked before the call (pure).

Names and limits are those of Intuit's entity pages (autumn 2026). Properties that only QuickBooks writes, such as
Balance, are left out on purpose: sending them changes nothing and hides a mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.foundation.money import to_pence, to_pounds
from app.quickbooks.errors import BadDocumentError
from app.quickbooks.shapes import Day, Flag, Id, Number, OneOf, Record, Rows, Shape, Text

_REF = Record({"value": Text(60), "name": Text(1000), "type": Text(30)}, needed=("value",))
_FLAG, _DAY, _ID, _NUMBER, _AMOUNT = Flag(), Day(), Id(), Number(), Number(after=2)
_TAX_MODE = OneOf(frozenset({"TaxExcluded", "TaxInclusive", "NotApplicable"}))
_NAME = Text(500, without=":\t\n\r")
_PHONE = Record({"FreeFormNumber": Text(30)})
_MAIL = Record({"Address": Text(100)}, needed=("Address",))
_ADDRESS = Record(
    {
        **{f"Line{number}": Text(500) for number in range(1, 6)},
        **dict.fromkeys(("City", "Country", "CountrySubDivisionCode"), Text(255)),
        "PostalCode": Text(30),
        "Id": _ID,
    }
)
_LINK = Record(
    {"TxnId": _ID, "TxnType": Text(30), "TxnLineId": Text(20)},
    needed=("TxnId", "TxnType"),
)
_LINKS = Rows(_LINK)
_HEAD: dict[str, Shape] = {"Id": _ID, "SyncToken": Text(20), "sparse": _FLAG}

_CUSTOMER: dict[str, Shape] = {
    **_HEAD,
    "DisplayName": _NAME,
    **dict.fromkeys(("GivenName", "MiddleName", "FamilyName", "CompanyName"), Text(100)),
    **dict.fromkeys(("Title", "Suffix", "ResaleNum"), Text(16)),
    "PrintOnCheckName": Text(110),
    "Notes": Text(2000),
    "PrimaryEmailAddr": _MAIL,
    **dict.fromkeys(("PrimaryPhone", "AlternatePhone", "Mobile", "Fax"), _PHONE),
    "WebAddr": Record({"URI": Text(1000)}),
    **dict.fromkeys(("BillAddr", "ShipAddr"), _ADDRESS),
    **dict.fromkeys(("Active", "Taxable", "Job", "BillWithParent"), _FLAG),
    **dict.fromkeys(("CurrencyRef", "SalesTermRef", "DefaultTaxCodeRef", "ParentRef", "PaymentMethodRef"), _REF),
    "CustomerTypeRef": _REF,
    "PreferredDeliveryMethod": OneOf(frozenset({"Print", "Email", "None"})),
    "PrimaryTaxIdentifier": Text(20),
    "TaxExemptionReasonId": Text(2),
}
_ITEM: dict[str, Shape] = {
    **_HEAD,
    "Name": Text(100, without=":\t\n\r"),
    "Sku": Text(100),
    "Description": Text(4000),
    "PurchaseDesc": Text(1000),
    "Type": OneOf(frozenset({"Service", "NonInventory", "Inventory", "Category"})),
    **dict.fromkeys(("UnitPrice", "PurchaseCost", "QtyOnHand"), Number(before=11, after=10)),
    "InvStartDate": _DAY,
    **dict.fromkeys(("Active", "Taxable", "SalesTaxIncluded", "PurchaseTaxIncluded", "TrackQtyOnHand"), _FLAG),
    "SubItem": _FLAG,
    **dict.fromkeys(("IncomeAccountRef", "ExpenseAccountRef", "AssetAccountRef", "ParentRef", "ClassRef"), _REF),
    **dict.fromkeys(("SalesTaxCodeRef", "PurchaseTaxCodeRef", "PrefVendorRef"), _REF),
}
_SALES_ITEM = Record(
    {
        **dict.fromkeys(("ItemRef", "TaxCodeRef", "ClassRef", "ItemAccountRef", "TaxClassificationRef"), _REF),
        "UnitPrice": Number(before=11, after=10),
        "Qty": Number(before=11, after=10),
        "ServiceDate": _DAY,
        "TaxInclusiveAmt": _AMOUNT,
    }
)
_DISCOUNT = Record(
    {
        "PercentBased": _FLAG,
        "DiscountPercent": _NUMBER,
        **dict.fromkeys(("DiscountAccountRef", "TaxCodeRef", "ClassRef"), _REF),
    }
)
_SALES_LINE = Record(
    {
        "Id": _ID,
        "LineNum": _NUMBER,
        "Description": Text(4000),
        "Amount": _AMOUNT,
        "DetailType": OneOf(frozenset({"SalesItemLineDetail", "DescriptionOnly", "DiscountLineDetail"})),
        "SalesItemLineDetail": _SALES_ITEM,
        "DescriptionLineDetail": Record({"ServiceDate": _DAY, "TaxCodeRef": _REF}),
        "DiscountLineDetail": _DISCOUNT,
        "LinkedTxn": _LINKS,
    },
    needed=("DetailType",),
)
_TAX_DETAIL = Record(
    {
        "TxnTaxCodeRef": _REF,
        "TotalTax": _AMOUNT,
        "TaxLine": Rows(
            Record(
                {
                    "Amount": _AMOUNT,
                    "DetailType": OneOf(frozenset({"TaxLineDetail"})),
                    "TaxLineDetail": Record(
                        {"TaxRateRef": _REF, "PercentBased": _FLAG, "TaxPercent": _NUMBER, "NetAmountTaxable": _AMOUNT}
                    ),
                },
                needed=("DetailType",),
            )
        ),
    }
)
_SALE: dict[str, Shape] = {
    **_HEAD,
    "DocNumber": Text(21),
    "TxnDate": _DAY,
    "PrivateNote": Text(4000),
    "CustomerMemo": Record({"value": Text(1000)}),
    "Line": Rows(_SALES_LINE, fewest=1),
    "TxnTaxDetail": _TAX_DETAIL,
    "GlobalTaxCalculation": _TAX_MODE,
    **dict.fromkeys(("CustomerRef", "CurrencyRef", "ClassRef", "DepartmentRef", "SalesTermRef"), _REF),
    "ExchangeRate": Number(after=10),
    "BillEmail": _MAIL,
    **dict.fromkeys(("BillAddr", "ShipAddr", "ShipFromAddr"), _ADDRESS),
    "PrintStatus": OneOf(frozenset({"NotSet", "NeedToPrint", "PrintComplete"})),
    "EmailStatus": OneOf(frozenset({"NotSet", "NeedToSend", "EmailSent"})),
    "ApplyTaxAfterDiscount": _FLAG,
}
_INVOICE: dict[str, Shape] = {
    **_SALE,
    "DueDate": _DAY,
    **dict.fromkeys(("BillEmailCc", "BillEmailBcc"), _MAIL),
    "ShipDate": _DAY,
    "TrackingNum": Text(31),
    "ShipMethodRef": _REF,
    "Deposit": _AMOUNT,
    "DepositToAccountRef": _REF,
    **dict.fromkeys(("AllowOnlineCreditCardPayment", "AllowOnlineACHPayment"), _FLAG),
}
_CREDIT_MEMO: dict[str, Shape] = {**_SALE, "PaymentMethodRef": _REF, "InvoiceRef": _REF}
_PAYMENT: dict[str, Shape] = {
    **_HEAD,
    "TotalAmt": _AMOUNT,
    "TxnDate": _DAY,
    "PaymentRefNum": Text(21),
    "PrivateNote": Text(4000),
    **dict.fromkeys(("CustomerRef", "CurrencyRef", "DepositToAccountRef", "PaymentMethodRef", "ARAccountRef"), _REF),
    "ExchangeRate": Number(after=10),
    "ProcessPayment": _FLAG,
    "Line": Rows(Record({"Amount": _AMOUNT, "LinkedTxn": Rows(_LINK, fewest=1)}, needed=("Amount",))),
}

_PROPERTIES: dict[str, dict[str, Shape]] = {
    "Customer": _CUSTOMER,
    "Item": _ITEM,
    "Invoice": _INVOICE,
    "CreditMemo": _CREDIT_MEMO,
    "Payment": _PAYMENT,
}
_NEEDED: dict[str, tuple[str, ...]] = {
    "Item": ("Name", "Type"),
    "Invoice": ("CustomerRef", "Line"),
    "CreditMemo": ("CustomerRef", "Line"),
    "Payment": ("CustomerRef", "TotalAmt"),
}
_MAILS = frozenset({"PrimaryEmailAddr", "BillEmail", "BillEmailCc", "BillEmailBcc"})
_NO_DETAIL: Mapping[str, Any] = {}
_NAME_PARTS = ("DisplayName", "Title", "GivenName", "MiddleName", "FamilyName", "Suffix")


def check(entity: str, body: Mapping[str, Any], *, changing: bool = False) -> None:
    """Raises BadDocumentError, naming the property, when Intuit would refuse this record as it stands.

    A record that is changed needs only Id and SyncToken. Kinds that we never write raise it too.
    """
    if entity not in _PROPERTIES:
        raise BadDocumentError(entity, "is not a kind of record that is written to QuickBooks")
    needed = ("Id", "SyncToken") if changing else _NEEDED.get(entity, ())
    Record(_PROPERTIES[entity], needed=needed).check("", body)
    if entity == "Customer" and not changing and not any(body.get(part) for part in _NAME_PARTS):
        raise BadDocumentError("DisplayName", "is required, or one part of a person's name")
    _check_agreement(body, changing=changing)


def _check_agreement(body: Mapping[str, Any], *, changing: bool) -> None:
    """What no single property shows: addresses, amounts of lines, and what one property asks of another."""
    for name in _MAILS & body.keys():
        _check_mail(name, body[name])
    for index, line in enumerate(body.get("Line", ())):
        _check_amount(index, line)
    if body.get("EmailStatus") == "NeedToSend" and not changing and "BillEmail" not in body:
        raise BadDocumentError("BillEmail", "is required where it shall be sent; give the client an e-mail address")


def _check_mail(name: str, mail: Mapping[str, Any]) -> None:
    """Several addresses may stand in one field, separated by commas; each needs an @ and a dot (faults 2050, 6000)."""
    for address in mail["Address"].split(","):
        _name, _at, domain = address.strip().partition("@")
        if "." not in domain:
            raise BadDocumentError(f"{name}.Address", f"is no e-mail address: {address.strip()}")


def _check_amount(index: int, line: Mapping[str, Any]) -> None:
    """Quantity times price at full precision, rounded half up, must be the amount to the penny (fault 6070)."""
    detail = line.get("SalesItemLineDetail") or _NO_DETAIL
    if "Qty" in detail and "UnitPrice" in detail and "Amount" in line:
        pence = to_pence(Decimal(detail["Qty"]) * detail["UnitPrice"])
        if pence != to_pence(Decimal(line["Amount"])):
            wanted = f"must be quantity times price, {to_pounds(pence)}; correct one of the three"
            raise BadDocumentError(f"Line[{index}].Amount", wanted)
