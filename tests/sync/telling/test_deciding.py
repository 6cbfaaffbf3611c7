"""Whom an invoice goes to: the customer that is the client, and never the one that merely shares its e-mail address."""

from __future__ import annotations

import pytest

from app.billing import catalogue
from app.billing.catalogue_fields import ClientFields
from app.foundation.database import transaction
from tests.billing.firm import ANN
from tests.sync.books import Books

SHARED = "accounts@harbourcafe.example"
"""The address of the customer Harbour Cafe."""


@pytest.mark.parametrize(
    ("name", "customer"),
    [
        ("Harbour Cafe Ltd.", "Harbour Cafe"),
        ("The Harbour-Cafe", "Harbour Cafe"),
        ("Harbour Hotel Ltd", "Harbour Hotel Ltd"),
        ("Acorn Holdings", "Acorn Holdings"),
    ],
)
def test_an_address_that_two_firms_share_does_not_send_one_s_invoice_to_the_other(
    books: Books, name: str, customer: str
) -> None:
    with transaction():
        client = catalogue.create_client(ClientFields(name=name, email=SHARED), actor=ANN)
    invoice = books.invoice(client=client)
    assert books.simulation.record("Invoice", books.remote_id(invoice))["CustomerRef"]["name"] == customer
