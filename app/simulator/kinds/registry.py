"""The table of kinds, by name and by the lower-case word in the address (§2.1)."""

from app.simulator.kinds.account import ACCOUNT
from app.simulator.kinds.bill import BILL, VENDOR_CREDIT
from app.simulator.kinds.bill_payment import BILL_PAYMENT
from app.simulator.kinds.company_currency import COMPANY_CURRENCY
from app.simulator.kinds.company_setup import COMPANY_INFO, PREFERENCES
from app.simulator.kinds.credit_memo import CREDIT_MEMO
from app.simulator.kinds.customer import CUSTOMER
from app.simulator.kinds.employee import EMPLOYEE
from app.simulator.kinds.exchange_rate import EXCHANGE_RATE
from app.simulator.kinds.invoice import INVOICE
from app.simulator.kinds.item import ITEM
from app.simulator.kinds.kind import Kind
from app.simulator.kinds.payment import PAYMENT
from app.simulator.kinds.payment_method import PAYMENT_METHOD
from app.simulator.kinds.purchase import PURCHASE
from app.simulator.kinds.tax_lists import TAX_AGENCY, TAX_CODE, TAX_RATE
from app.simulator.kinds.term import TERM
from app.simulator.kinds.tracking import CLASS, DEPARTMENT
from app.simulator.kinds.vendor import VENDOR

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        COMPANY_INFO, PREFERENCES, ACCOUNT, TAX_AGENCY, TAX_RATE, TAX_CODE, TERM, PAYMENT_METHOD, CLASS, DEPARTMENT,
        COMPANY_CURRENCY, EXCHANGE_RATE, ITEM, CUSTOMER, VENDOR, EMPLOYEE,
        INVOICE, CREDIT_MEMO, PAYMENT, BILL, VENDOR_CREDIT, BILL_PAYMENT, PURCHASE,
    )
}  # fmt: skip
BY_WORD = {name.lower(): kind for name, kind in KINDS.items()}
