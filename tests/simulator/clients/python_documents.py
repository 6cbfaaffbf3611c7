"""Documents as users of `python-quickbooks` write them; nothing is taken out of what it sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quickbooks.objects import (
    AccountBasedExpenseLine,
    AccountBasedExpenseLineDetail,
    Bill,
    BillPayment,
    BillPaymentLine,
    CreditMemo,
    Invoice,
    ItemBasedExpenseLine,
    ItemBasedExpenseLineDetail,
    Payment,
    PaymentLine,
    Purchase,
    SalesItemLine,
    SalesItemLineDetail,
    VendorCredit,
)
from quickbooks.objects.billpayment import CheckPayment

from tests.simulator.clients.python_companies import Company, Row, ref


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


def invoice_of(company: Company, **fields: Any) -> Invoice:
    """An invoice that is not saved."""
    invoice = sales_form(Invoice)(company)
    for name, value in fields.items():
        setattr(invoice, name, value)
    return invoice


def purchase_form(kind: Callable[[], Any]) -> Callable[[Company], Any]:
    """Makes a bill or a vendor credit of two hundred and ninety."""

    def make(company: Company) -> Any:
        form = kind()
        form.VendorRef = ref("50")
        form.Line += [expense_line(company), bought_line(company)]
        return _dated(form, company)

    return make


def _purchase(company: Company) -> Any:
    purchase = Purchase()
    purchase.PaymentType, purchase.AccountRef, purchase.EntityRef = "CreditCard", ref("41"), ref("50")
    purchase.EntityRef.type = "Vendor"
    purchase.Line.append(expense_line(company))
    return _dated(purchase, company)


def payment_of(invoice: Invoice, company: Company, amount: object = None) -> Any:
    """A payment of an invoice."""
    payment = Payment()
    payment.CustomerRef, payment.TotalAmt = ref(invoice.CustomerRef.value), amount or invoice.TotalAmt
    line = PaymentLine()
    line.Amount = payment.TotalAmt
    line.LinkedTxn.append(invoice.to_linked_txn())
    payment.Line.append(line)
    return _dated(payment, company)


def _payment(company: Company) -> Any:
    return payment_of(sales_form(Invoice)(company).save(qb=company.books), company)


def _bill_payment(company: Company) -> Any:
    bill = purchase_form(Bill)(company).save(qb=company.books)
    payment = BillPayment()
    payment.VendorRef, payment.PayType, payment.TotalAmt = ref("50"), "Check", bill.TotalAmt
    payment.PrivateNote = "Private"
    payment.CheckPayment = CheckPayment()
    payment.CheckPayment.BankAccountRef = ref("35")
    payment.APAccountRef = ref("33")
    line = BillPaymentLine()
    line.Amount = bill.TotalAmt
    line.LinkedTxn.append(bill.to_linked_txn())
    payment.Line.append(line)
    return _dated(payment, company)


DOCUMENTS = {
    "Invoice": Row(Invoice, sales_form(Invoice), ("PrivateNote", "changed")),
    "CreditMemo": Row(CreditMemo, sales_form(CreditMemo), ("PrivateNote", "changed")),
    "Payment": Row(Payment, _payment, ("PrivateNote", "changed")),
    "Bill": Row(Bill, purchase_form(Bill), ("PrivateNote", "changed")),
    "VendorCredit": Row(VendorCredit, purchase_form(VendorCredit), ("PrivateNote", "changed")),
    "BillPayment": Row(BillPayment, _bill_payment, ("PrivateNote", "changed")),
    "Purchase": Row(Purchase, _purchase, ("PrivateNote", "changed")),
}
