"""The company's lists taken over here: each record once, linked to what is there, and nothing written in QuickBooks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.billing.client import Client
from app.billing.service import Service
from app.billing.tax import TaxCode, Treatment
from app.billing.terms import PaymentTerm
from app.foundation.database import db, transaction
from app.outbox.models import Message, Subject
from app.quickbooks import catalogue
from app.sync.importing.lists import SOURCES, take
from app.sync.importing.offers import Offer, Place, Standing, Tally, order
from app.sync.records.links import LinkMade, link_of
from app.sync.records.mappings import MappingKind, mapping_of
from tests.billing.firm import ANN
from tests.sync.another_company import disconnect
from tests.sync.books import Books, connection


def listed(books: Books, entity: str, remote_id: str, **record: Any) -> str:
    """A record of the company's list, as it was last read; its key."""
    with transaction() as session:
        row = catalogue.note(session, books.connection_id, entity, {"Id": remote_id, "SyncToken": "0", **record})
        if "rate" in record:
            row.data = {**row.data, "rate": record["rate"]}
    return order(remote_id)


def place(books: Books) -> Place:
    return Place(books.firm.entity, connection(books))


def offers(books: Books, what: str) -> dict[str, Offer]:
    """What the list offers, by name."""
    return {offer.name: offer for offer in SOURCES[what].look(place(books))}


def taken(books: Books, what: str, *keys: str) -> Tally:
    with transaction():
        return take(place(books), SOURCES[what], keys, ANN)


def one(table: Any, **named: Any) -> Any:
    return db.session.scalars(select(table).filter_by(**named)).one()


@pytest.fixture
def cafe(books: Books) -> str:
    """A customer there who is nobody here."""
    address = {"Line1": "1 Quay", "City": "Hull", "PostalCode": "HU1 1AA", "Country": "GB"}
    record = {"DisplayName": "Quayside Cafe", "PrimaryEmailAddr": {"Address": "a@cafe.example"}, "BillAddr": address}
    return listed(books, "Customer", "900", **record, CurrencyRef={"value": "EUR"})


def test_a_customer_becomes_a_client_that_is_linked_to_it(books: Books, cafe: str) -> None:
    assert offers(books, "customers")["Quayside Cafe"].standing is Standing.NEW
    assert taken(books, "customers", cafe).made == 1
    client = one(Client, name="Quayside Cafe")
    assert (client.email, client.city, client.postcode, client.currency) == ("a@cafe.example", "Hull", "HU1 1AA", "EUR")
    link = link_of(books.connection_id, Subject("client", client.id))
    assert link is not None
    assert (link.remote_id, link.made) == ("900", LinkMade.MATCHED)


def test_the_state_of_a_customer_comes_with_its_address_and_is_compared(books: Books) -> None:
    austin = {"City": "Austin", "CountrySubDivisionCode": "TX", "PostalCode": "78701", "Country": "US"}
    key = listed(books, "Customer", "900", DisplayName="Lone Star", BillAddr=austin)
    taken(books, "customers", key)
    client = one(Client, name="Lone Star")
    assert (client.city, client.region, client.postcode, client.country) == ("Austin", "TX", "78701", "US")
    assert offers(books, "customers")["Lone Star"].standing is Standing.SAME
    listed(books, "Customer", "900", DisplayName="Lone Star", BillAddr=austin | {"CountrySubDivisionCode": "OK"})
    assert offers(books, "customers")["Lone Star"].differences == (("State or region", "TX", "OK"),)
    taken(books, "customers", key)
    assert client.region == "OK"


def test_a_state_that_only_we_know_is_no_difference_and_stays(books: Books) -> None:
    key = listed(books, "Customer", "900", DisplayName="Lone Star", BillAddr={"City": "Austin"})
    taken(books, "customers", key)
    client = one(Client, name="Lone Star")
    with transaction():
        client.region = "TX"
    assert offers(books, "customers")["Lone Star"].standing is Standing.SAME
    listed(books, "Customer", "900", DisplayName="Lone Star", BillAddr={"City": "Dallas"}, SyncToken="1")
    taken(books, "customers", key)
    assert (client.city, client.region) == ("Dallas", "TX")


def test_taking_a_list_twice_makes_nothing_twice(books: Books, cafe: str) -> None:
    taken(books, "customers", cafe)
    assert taken(books, "customers", cafe) == Tally()
    assert offers(books, "customers")["Quayside Cafe"].standing is Standing.SAME


def test_taking_a_list_posts_nothing(books: Books, cafe: str) -> None:
    before = db.session.scalars(select(Message.id)).all()
    taken(books, "customers", cafe)
    listed(books, "Customer", "900", DisplayName="Quayside Cafe Ltd")
    assert taken(books, "customers", cafe).changed == 1
    assert db.session.scalars(select(Message.id)).all() == before


def test_a_client_of_the_same_name_is_linked_and_not_made_twice(books: Books) -> None:
    name = books.firm.bolt.name
    key = listed(books, "Customer", "901", DisplayName=name.upper())
    offer = offers(books, "customers")[name.upper()]
    assert (offer.standing, offer.here) == (Standing.TO_LINK, name)
    assert taken(books, "customers", key).linked == 1
    assert [row.name for row in db.session.scalars(select(Client)) if row.name.upper() == name.upper()] == [name]


def test_a_client_who_was_linked_before_a_disconnect_is_not_made_twice_whatever_the_two_are_called(
    books: Books, cafe: str
) -> None:
    taken(books, "customers", cafe)
    client = one(Client, name="Quayside Cafe")
    with transaction() as session:
        session.get_one(Client, client.id).name = "Harbour Restaurants"
    disconnect(books)
    books.reconnect()
    listed(books, "Customer", "900", DisplayName="Quayside Cafe")
    assert offers(books, "customers")["Quayside Cafe"].standing is Standing.TO_LINK
    tally = taken(books, "customers", cafe)
    assert (tally.made, tally.linked) == (0, 1)


def test_a_customer_who_may_be_two_of_ours_is_left_to_a_person(books: Books) -> None:
    with transaction() as session:
        session.add(Client(name=books.firm.bolt.name))
    key = listed(books, "Customer", "901", DisplayName=books.firm.bolt.name)
    offer = offers(books, "customers")[books.firm.bolt.name]
    assert (offer.standing, "link the right one by hand" in offer.note) == (Standing.LEFT_OUT, True)
    assert taken(books, "customers", key) == Tally()


def test_what_differs_is_shown_and_taken_over_where_it_was_ticked(books: Books, cafe: str) -> None:
    taken(books, "customers", cafe)
    listed(books, "Customer", "900", DisplayName="Quayside Cafe", BillAddr={"City": "Leeds"}, SyncToken="1")
    (found,) = offers(books, "customers")["Quayside Cafe"].differences
    assert found == ("Town", "Hull", "Leeds")
    taken(books, "customers", cafe)
    client = one(Client, name="Quayside Cafe")
    assert (client.city, client.email) == ("Leeds", "a@cafe.example")


def test_an_item_becomes_a_service_with_its_price_words_and_tax_code(books: Books) -> None:
    vat = mapping_of(books.connection_id, MappingKind.TAX_CODE, books.firm.codes["20.0% S"])
    assert vat is not None
    record = {"Name": "Router", "FullyQualifiedName": "Hardware:Router", "Type": "NonInventory", "UnitPrice": "49.5"}
    tax = {"SalesTaxCodeRef": {"value": vat.remote_id}, "Description": "A small router"}
    assert taken(books, "items", listed(books, "Item", "900", **record, **tax)).made == 1
    service = one(Service, code="Router")
    assert (service.unit_price, service.description) == (Decimal("49.5"), "A small router")
    assert service.tax_code_id == books.firm.codes["20.0% S"]
    mapped = mapping_of(books.connection_id, MappingKind.SERVICE, service.id)
    assert mapped is not None
    assert (mapped.remote_id, offers(books, "items")["Hardware:Router"].standing) == ("900", Standing.SAME)


def test_an_item_of_a_services_code_is_mapped_to_it(books: Books) -> None:
    code = books.firm.support.code
    key = listed(books, "Item", "900", Name=code, Type="Service")
    assert offers(books, "items")[code].standing is Standing.TO_LINK
    assert taken(books, "items", key).linked == 1
    assert mapping_of(books.connection_id, MappingKind.SERVICE, books.firm.support.id) is not None


def test_a_code_that_is_taken_here_gets_the_id_of_quickbooks_behind_it(books: Books) -> None:
    first = listed(books, "Item", "900", Name="Router", Type="Service", Sku="R1")
    second = listed(books, "Item", "901", Name="Big router", Type="Service", Sku="R1")
    assert taken(books, "items", first, second).made == 2
    assert {row.code for row in db.session.scalars(select(Service))} >= {"R1", "R1-900"}


def test_folders_and_bundles_are_left_out_with_the_reason(books: Books) -> None:
    key = listed(books, "Item", "900", Name="Cabling", Type="Category")
    assert "no line of an invoice names it" in offers(books, "items")["Cabling"].note
    assert taken(books, "items", key) == Tally()


def test_a_price_that_differs_is_taken_over_and_a_blank_one_is_not(books: Books) -> None:
    key = listed(books, "Item", "900", Name="Router", Type="Service", UnitPrice="10")
    taken(books, "items", key)
    listed(books, "Item", "900", Name="Router", Type="Service", UnitPrice="12.5", SyncToken="1")
    assert offers(books, "items")["Router"].differences == (("Price", "10", "12.5"),)
    taken(books, "items", key)
    listed(books, "Item", "900", Name="Router", Type="Service", UnitPrice="0", SyncToken="2")
    assert offers(books, "items")["Router"].standing is Standing.SAME
    assert one(Service, code="Router").unit_price == Decimal("12.5")


def test_terms_that_count_days_become_payment_terms(books: Books) -> None:
    days = listed(books, "Term", "900", Name="Net 45", Type="STANDARD", DueDays=45)
    month = listed(books, "Term", "901", Name="End of month", Type="DATE_DRIVEN", DayOfMonthDue=31)
    assert taken(books, "terms", days, month).made == 1
    term = one(PaymentTerm, name="Net 45")
    assert (term.due_days, mapping_of(books.connection_id, MappingKind.TERM, term.id) is not None) == (45, True)
    assert "count days" in offers(books, "terms")["End of month"].note


def test_a_clients_usual_terms_come_with_it_once_they_are_mapped(books: Books) -> None:
    taken(books, "terms", listed(books, "Term", "900", Name="Net 45", Type="STANDARD", DueDays=45))
    taken(books, "customers", listed(books, "Customer", "900", DisplayName="Cafe", SalesTermRef={"value": "900"}))
    assert one(Client, name="Cafe").default_term_id == one(PaymentTerm, name="Net 45").id


def test_a_tax_code_whose_rate_is_known_becomes_one_of_ours(books: Books) -> None:
    key = listed(books, "TaxCode", "900", Name="12.5% H", Description="Hospitality", rate="12.5")
    assert taken(books, "tax-codes", key).made == 1
    code = one(TaxCode, code="12.5% H")
    assert (code.rate_percent, code.treatment) == (Decimal("12.5"), Treatment.REDUCED)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"Name": "Odd"}, "rate on sales is not known"),
        ({"Name": "0.0% ECG", "rate": "0"}, "does not tell what kind of tax"),
        ({"Name": "Old", "Hidden": True, "rate": "20"}, "hidden"),
    ],
)
def test_a_tax_code_that_says_too_little_is_left_out_with_the_reason(
    books: Books, record: dict[str, Any], reason: str
) -> None:
    listed(books, "TaxCode", "900", **record)
    offer = offers(books, "tax-codes")[record["Name"]]
    assert (offer.standing, reason in offer.note) == (Standing.LEFT_OUT, True)


def test_another_rate_is_shown_and_never_taken_over(books: Books) -> None:
    key = listed(books, "TaxCode", "900", Name="12.5% H", rate="12.5")
    taken(books, "tax-codes", key)
    listed(books, "TaxCode", "900", Name="12.5% H", rate="13.5", SyncToken="1")
    offer = offers(books, "tax-codes")["12.5% H"]
    assert (offer.differences, offer.may_be_taken) == ((("Rate", "12.5%", "13.5%"),), False)


def test_one_that_is_inactive_by_now_stops_no_other(books: Books, cafe: str) -> None:
    gone = listed(books, "Customer", "902", DisplayName="Gone", Active=False)
    assert taken(books, "customers", gone, cafe).made == 1
