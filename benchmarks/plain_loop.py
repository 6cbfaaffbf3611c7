"""The same job as somebody writes it with the `python-quickbooks` package: a loop that saves invoice after invoice.

In its favour: the customers are read once for all, and nothing is remembered of what was sent.
"""

from __future__ import annotations

import os
import time
from decimal import Decimal

import processes
from intuitlib.client import AuthClient
from quickbooks import QuickBooks
from quickbooks.objects.base import Ref
from quickbooks.objects.customer import Customer
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail
from quickbooks.objects.invoice import Invoice

_ITEMS = {"2": "45.00", "3": "85.00", "4": "119.99"}
_STANDARD_RATE = "6"


def run(simulator: str, realm: str, number: int) -> float:
    """Seconds for so many invoices.

    All that is set are the addresses of QuickBooks and of its discovery document, and that a simulator on this machine
    may be spoken to without TLS.
    """
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    client = _client(simulator, realm)
    customers = Customer.all(max_results=1000, qb=client)
    began = time.monotonic()
    for at in range(number):
        _invoice(customers[at % len(customers)], f"PLAIN-{at}").save(qb=client)
    return time.monotonic() - began


def _client(simulator: str, realm: str) -> QuickBooks:
    wish = {"client_id": "SIM-PRODUCTION-KEY", "tokens": True}
    tokens = processes.ask(f"{simulator}/_simulator/companies/{realm}/authorize", wish)
    keys = AuthClient(
        client_id="SIM-PRODUCTION-KEY",
        client_secret="sim-production-secret",  # noqa: S106 - the simulator's, known to everybody
        redirect_uri=f"{simulator}/back",
        environment=f"{simulator}/.well-known/openid_configuration",
        access_token=tokens["access_token"],
        refresh_token=tokens["refresh_token"],
    )
    client = QuickBooks(auth_client=keys, refresh_token=tokens["refresh_token"], company_id=realm, minorversion=75)
    client.api_url_v3 = client.sandbox_api_url_v3 = f"{simulator}/production/v3"
    return client


def _invoice(customer: Customer, number: str) -> Invoice:
    invoice = Invoice()
    invoice.CustomerRef = customer.to_ref()
    invoice.DocNumber, invoice.TxnDate, invoice.DueDate = number, "2026-11-01", "2026-12-01"
    invoice.Line = [_line(item, Decimal(price)) for item, price in _ITEMS.items()]
    return invoice


def _line(item: str, price: Decimal) -> SalesItemLine:
    line = SalesItemLine()
    line.Amount, line.Description = float(2 * price), "November"
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef, line.SalesItemLineDetail.TaxCodeRef = _ref(item), _ref(_STANDARD_RATE)
    line.SalesItemLineDetail.Qty, line.SalesItemLineDetail.UnitPrice = 2, float(price)
    return line


def _ref(value: str) -> Ref:
    ref = Ref()
    ref.value = value
    return ref
