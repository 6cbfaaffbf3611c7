"""A cause is mended where it is shown: what may be chosen, what is suggested, what the choice releases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.billing import catalogue as ours
from app.billing.catalogue_fields import ServiceFields
from app.billing.document import Document
from app.billing.tax import TaxCode
from app.billing.timeline import entries
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError, NotFoundError
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.sync.mapping import linking
from app.sync.records.links import LinkMade, link_of
from app.sync.records.policies import WhenClientMissing, WhenServiceMissing, policy_of
from app.sync.steering import mending
from app.sync.steering.causes import Cause, causes
from app.sync.steering.mending import mender
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync.books import Books, connection

_CAUSE = Cause(
    key="k",
    entity_id=1,
    sentence="S",
    blocker="",
    reasons=("S",),
    is_own=False,
    number=1,
    behind=0,
    documents={"invoice": 1},
    clients=1,
    oldest=datetime(2026, 3, 2, tzinfo=UTC),
)


def only_cause() -> Cause:
    db.session.rollback()
    (cause,) = causes()
    return cause


@pytest.fixture
def unmapped(books: Books) -> list[Document]:
    """Two invoices of a service that has no item."""
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
        backup = ours.create_service(ServiceFields(code="BACKUP", name="Backup per GB"), actor=ANN)
    line = replace(books.firm.line("35"), service_id=backup.id)
    held = [books.firm.open(line), books.firm.open(line, client=books.firm.bolt)]
    books.send()
    return held


@pytest.fixture
def unlinked(books: Books) -> list[Document]:
    """Two invoices of a client that nobody has linked."""
    with transaction():
        policy_of(books.connection_id).client_missing = WhenClientMissing.HOLD
    held = [books.firm.open(client=books.firm.bolt), books.firm.open(client=books.firm.bolt)]
    books.send()
    return held


def made(books: Books, kind: str, **fields: object) -> str:
    """A new record in QuickBooks, in the lists here; returns its id."""
    books.simulation.control(f"companies/{REALM}/records/{kind}", fields)
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    name = fields.get("Name") or fields["DisplayName"]
    row = catalogue.by_name(books.connection_id, kind, str(name))
    assert row is not None
    return row.remote_id


def an_item(books: Books, name: str) -> str:
    return made(books, "Item", Name=name, Type="Service", IncomeAccountRef={"value": "1"})


def test_a_service_is_mapped_in_place_and_exactly_those_are_pushed(books: Books, unmapped: list[Document]) -> None:
    item = an_item(books, "Backup per GB")
    cause = only_cause()
    found = mender(cause)
    assert found is not None
    assert found.suggested is not None
    assert (found.noun, found.ours, found.suggested.remote_id) == ("item", "“Backup per GB”", item)
    with transaction():
        chosen = mending.mend(cause, item, actor=ANN)
    assert (chosen.name, chosen.released) == ("Backup per GB", 2)
    books.send()
    assert all(books.link(document) for document in unmapped)
    assert causes() == []


def test_a_short_list_is_offered_whole_and_a_long_one_is_searched(books: Books, unmapped: list[Document]) -> None:
    short = mender(only_cause())
    assert short is not None
    assert not short.searches
    for number in range(16):
        books.simulation.control(
            f"companies/{REALM}/records/Item",
            {"Name": f"Licence {number}", "Type": "Service", "IncomeAccountRef": {"value": "1"}},
        )
    an_item(books, "Backup per GB")
    cause = only_cause()
    long = mender(cause)
    assert long is not None
    assert (long.searches, list(long.options)) == (True, [])
    assert [option.label for option in mending.found(cause, "licence 1")][:2] == ["Licence 1", "Licence 10"]
    assert [option.label for option in mending.found(cause, "")] == ["Backup per GB"]


def test_a_record_that_can_t_be_used_is_refused(books: Books, unmapped: list[Document]) -> None:
    with pytest.raises(BadInputError), transaction():
        mending.mend(only_cause(), "4711", actor=ANN)


def test_a_client_is_linked_in_place_to_a_customer_that_nobody_has(books: Books, unlinked: list[Document]) -> None:
    customer = made(books, "Customer", DisplayName="Bolt Holdings")
    cause = only_cause()
    found = mender(cause)
    assert found is not None
    assert (found.noun, found.ours) == ("customer", "client “Bolt”")
    with transaction():
        chosen = mending.mend(cause, customer, actor=ANN)
    assert chosen.released == 2
    books.send()
    assert {books.customer(document) for document in unlinked} == {customer}
    bolt = Subject("client", books.firm.bolt.id)
    link = link_of(books.connection_id, bolt)
    assert link is not None
    assert link.made is LinkMade.BY_HAND
    assert entries(bolt)[0].sentence == "Linked to the customer “Bolt Holdings” in QuickBooks."
    assert entries(bolt)[0].actor_name == "Ann"


def test_another_client_s_customer_is_neither_offered_nor_taken(books: Books) -> None:
    books.invoice()
    acme = link_of(books.connection_id, Subject("client", books.firm.acme.id))
    assert acme is not None
    listed = catalogue.find(books.connection_id, "Customer", "Acme")
    assert linking.free_customers(books.connection_id, listed) == []
    with pytest.raises(BadInputError, match="your client “Acme” already"), transaction():
        linking.link_client(connection(books), books.firm.bolt.id, acme.remote_id, actor=ANN)


def test_what_no_choice_heals_has_no_control(books: Books) -> None:
    fault = {"effect": "fault", "method": "POST", "kind": "invoice", "operation": "create", "code": "6000"}
    books.simulation.control("faults", {**fault, "message": "m", "detail": "The amounts do not add up."})
    books.firm.open()
    books.send()
    cause = only_cause()
    assert mender(cause) is None
    assert mending.found(cause, "x") == []
    with pytest.raises(NotFoundError):
        mending.mend(cause, "1", actor=ANN)


def test_a_tax_code_and_an_income_account_are_chosen_in_place(books: Books) -> None:
    code = db.session.scalars(select(TaxCode.id)).first()
    for blocker, noun in ((f"tax_code:{code}", "tax code"), ("default_income:0", "income account")):
        cause = replace(_CAUSE, blocker=blocker, entity_id=books.firm.entity.id)
        found = mender(cause)
        assert found is not None
        assert (found.noun, bool(found.options or found.searches)) == (noun, True)
