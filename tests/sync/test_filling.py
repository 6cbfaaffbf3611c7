"""Filling an envelope: what needs no call is settled, what must wait says why, and is let go by what mends it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields, ServiceFields
from app.billing.client import Client
from app.billing.document import Document
from app.billing.line import DocumentLine
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.mail import Mail
from app.outbox import tray
from app.outbox.models import MessageState, Priority, Subject
from app.sync import deciding, filling, mapping
from app.sync.decisions import Due
from app.sync.mappings import MappingKind, mapping_of
from app.sync.policies import WhenClientMissing, WhenServiceMissing
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection

DONE, WAITING, PARKED, CANCELLED = (
    MessageState.DONE,
    MessageState.WAITING,
    MessageState.PARKED,
    MessageState.CANCELLED,
)


def client_of(books: Books, name: str) -> Client:
    with transaction():
        return catalogue.create_client(ClientFields(name=name), actor=ANN)


def items(books: Books) -> list[str]:
    return [str(row["Name"]) for row in weather.there(books, "Item")]


def customers(books: Books, name: str) -> list[str]:
    return [
        str(row["Id"]) for row in weather.there(books, "Customer") if row["DisplayName"].casefold() == name.casefold()
    ]


def hold_services(books: Books) -> None:
    weather.rule(books, service_missing=WhenServiceMissing.HOLD)


def map_support(books: Books) -> None:
    with transaction():
        mapping.choose(connection(books), MappingKind.SERVICE, books.firm.support.id, "2", by="Olivia")


def test_a_service_without_an_item_holds_the_document_by_name(books: Books) -> None:
    hold_services(books)
    invoice = books.invoice()
    message = weather.message_of(invoice)
    assert (message.state, message.blocker) == (PARKED, f"service:{books.firm.support.id}")
    assert message.reason == "Service “SUP” has no item in QuickBooks yet."


def test_mapping_it_pushes_exactly_those_that_waited_for_it(books: Books) -> None:
    hold_services(books)
    waiting = books.invoice()
    weather.rule(books, automatic_push=False)
    left_out = books.invoice()
    weather.rule(books, automatic_push=True)
    map_support(books)
    books.send()
    assert (weather.state(waiting), weather.state(left_out)) == (DONE, MessageState.SKIPPED)
    assert len(weather.there(books)) == 1


def test_a_tax_code_that_is_not_mapped_holds_it_and_mapping_lets_it_go(books: Books) -> None:
    code = books.firm.codes["20.0% S"]
    chosen = _unmap(books, MappingKind.TAX_CODE, code)
    invoice = books.invoice()
    assert weather.message_of(invoice).blocker == f"tax_code:{code}"
    with transaction():
        mapping.choose(connection(books), MappingKind.TAX_CODE, code, chosen, by="Olivia")
    books.send()
    assert weather.state(invoice) is DONE


def _unmap(books: Books, kind: MappingKind, subject_id: int) -> str:
    with transaction():
        row = mapping_of(books.connection_id, kind, subject_id)
        assert row is not None
        db.session.delete(row)
        return row.remote_id


def test_a_mapping_made_while_we_decide_is_not_overlooked(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    hold_services(books)
    first = iter([True])

    def decided_too_early(*told: object) -> object:
        decisions = deciding.decide(*told)  # type: ignore[arg-type]
        if next(first, False):
            map_support(books)
        return decisions

    monkeypatch.setattr(filling, "decide", decided_too_early)
    invoice = books.invoice()
    assert weather.state(invoice) is DONE


def test_with_the_policy_create_the_item_is_made_once_and_mapped(books: Books) -> None:
    books.invoice()
    books.invoice()
    assert items(books).count("SUP") == 1
    chosen = mapping_of(books.connection_id, MappingKind.SERVICE, books.firm.support.id)
    assert chosen is not None
    assert chosen.chosen_by == "policy"


def test_without_an_income_account_no_item_is_made(books: Books) -> None:
    _unmap(books, MappingKind.DEFAULT_INCOME, 0)
    invoice = books.invoice()
    assert weather.message_of(invoice).blocker == "default_income:0"


def test_a_client_that_is_there_by_name_is_linked_and_not_made_again(books: Books) -> None:
    client = client_of(books, "harbour  CAFE")
    invoice = books.invoice(client=client)
    assert (len(customers(books, "Harbour Cafe")), weather.state(invoice)) == (1, DONE)
    assert weather.outcomes(Subject("client", client.id)) == ["matched"]


def test_with_the_policy_hold_a_client_waits_for_a_person(books: Books) -> None:
    weather.rule(books, client_missing=WhenClientMissing.HOLD)
    invoice = books.invoice()
    message = weather.message_of(invoice)
    assert (message.state, message.blocker) == (PARKED, f"client:{books.firm.acme.id}")


def test_of_two_clients_with_one_name_the_second_is_held(books: Books) -> None:
    twins = [client_of(books, "Twin Ltd"), client_of(books, "twin ltd")]
    weather.rule(books, paused_at=clock.now())
    invoices = [books.firm.open(client=twin) for twin in twins]
    weather.rule(books, paused_at=None)
    books.send()
    assert [weather.state(invoice) for invoice in invoices] == [DONE, WAITING]
    assert len(customers(books, "Twin Ltd")) == 1
    assert "Another client is called" in weather.reason(Subject("client", twins[1].id))


def test_twins_far_apart_in_the_queue_are_found_too(books: Books) -> None:
    books.invoice()
    weather.rule(books, paused_at=clock.now())
    twins = [client_of(books, "Twin Ltd"), client_of(books, "Twin Ltd")]
    kinds = [Subject("client", twins[0].id), *_links_of_many(books, 29), Subject("client", twins[1].id)]
    _ask_for(books, kinds)
    weather.rule(books, paused_at=None)
    books.send()
    assert len(customers(books, "Twin Ltd")) == 1
    assert [weather.state(Subject("client", twin.id)) for twin in twins] == [DONE, PARKED]


def _links_of_many(books: Books, count: int) -> list[Subject]:
    """Clients of whom there is nothing to tell."""
    return [
        Subject("service", books.firm.support.id),
        *[Subject("client", client_of(books, f"C{n}").id) for n in range(count)],
    ]


def _ask_for(books: Books, subjects: list[Subject]) -> None:
    with transaction():
        for subject in subjects:
            tray.post(subject, books.firm.entity.lane, asked=True)


def test_a_new_name_lets_the_held_twin_go(books: Books) -> None:
    first, second = client_of(books, "Twin Ltd"), client_of(books, "Twin Ltd")
    books.invoice(client=first)
    invoice = books.invoice(client=second)
    assert weather.state(invoice) is WAITING
    with transaction():
        catalogue.change_client(db.session.get_one(Client, second.id), ClientFields(name="Twin (York)"), actor=ANN)
    books.send()
    assert weather.state(invoice) is DONE


def test_editing_a_client_that_quickbooks_does_not_know_tells_nobody(books: Books) -> None:
    client = client_of(books, "Quiet Ltd")
    with transaction():
        catalogue.change_client(client, ClientFields(name="Quiet Ltd", phone="1"), actor=ANN)
    books.send()
    assert (customers(books, "Quiet Ltd"), weather.state(Subject("client", client.id))) == ([], CANCELLED)


def test_editing_a_service_that_nobody_waits_for_neither_makes_an_item_nor_bothers_the_owners(books: Books) -> None:
    hold_services(books)
    with transaction():
        service = catalogue.create_service(ServiceFields(code="NEW", name="New"), actor=ANN)
        catalogue.change_service(service, ServiceFields(code="NEW", name="Newer"), actor=ANN)
    books.send()
    assert weather.state(Subject("service", service.id)) is CANCELLED
    assert ("NEW" in items(books), list(db.session.scalars(select(Mail)))) == (False, [])


def test_an_edit_of_a_client_that_a_document_waits_for_leaves_it_not_waiting_for_ever(books: Books) -> None:
    weather.rule(books, paused_at=clock.now())
    client = client_of(books, "Slow Ltd")
    invoice = books.firm.open(client=client)
    with transaction():
        catalogue.change_client(client, ClientFields(name="Slow Ltd", phone="2"), actor=ANN)
    weather.rule(books, paused_at=None)
    books.send()
    assert weather.state(invoice) is DONE


def test_a_customer_that_was_only_matched_is_not_overwritten(books: Books) -> None:
    client = client_of(books, "Harbour Cafe")
    books.invoice(client=client)
    weather.forget(books)
    with transaction():
        catalogue.change_client(db.session.get_one(Client, client.id), ClientFields(name="Harbour Café"), actor=ANN)
    books.send()
    assert weather.counts(books)["writes"] == 0


def test_one_message_that_meets_a_defect_does_not_stop_its_lane(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    books.invoice()
    bad, good = books.firm.open(), books.firm.open()

    def stumbling(dues: list[Due], books_: object) -> object:
        if any(due.subject == bad.subject for due in dues):
            raise KeyError("a defect")
        return deciding.decide(dues, books_)  # type: ignore[arg-type]

    monkeypatch.setattr(filling, "decide", stumbling)
    books.send()
    assert (weather.state(bad), weather.state(good)) == (PARKED, DONE)
    assert "could not be prepared" in weather.reason(bad)


def test_a_body_that_breaks_a_documented_rule_is_held_and_the_others_go(books: Books) -> None:
    books.invoice()
    bad, good = books.firm.draft(), books.firm.draft()
    with transaction():
        for draft in (bad, good):
            invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)
        db.session.scalars(select(DocumentLine).where(DocumentLine.document_id == bad.id)).one().quantity = Decimal(
            10**12
        )
    books.send()
    assert (weather.state(bad), weather.state(good)) == (PARKED, DONE)
    assert "It can't be sent" in weather.reason(bad)


def test_a_number_that_is_too_long_is_held(books: Books) -> None:
    draft = books.firm.draft()
    with transaction():
        invoicing.open_document(draft, actor=ANN)
        db.session.get_one(Document, draft.id).number = "N" * 22
    books.send()
    assert weather.reason(draft) == "Its number has 22 characters; QuickBooks takes at most 21."


def test_closed_books_hold_and_a_new_date_lets_go(books: Books) -> None:
    with transaction():
        connection(books).book_close_date = books.firm.content().issue_date
    invoice = books.invoice()
    message = weather.message_of(invoice)
    assert (message.state, message.blocker) == (PARKED, "closed_books")
    assert message.reason == "It is dated 2 March 2026, and the books are closed up to 2 March 2026."


def test_with_the_other_policy_a_closed_date_moves_behind_it(books: Books) -> None:
    with transaction():
        connection(books).book_close_date = books.firm.content().issue_date
    weather.rule(books, closed_books="first_open_day")
    books.invoice()
    assert weather.there(books)[0]["TxnDate"] == "2026-03-03"


def test_the_owners_get_one_mail_for_many_that_wait_for_the_same(books: Books) -> None:
    hold_services(books)
    for _number in range(4):
        books.invoice()
    mails = list(db.session.scalars(select(Mail)))
    assert [(mail.recipient, mail.subject) for mail in mails] == [
        ("olivia@northgate-it.example", "An invoice waits for you before it can go to QuickBooks")
    ]


def test_a_second_look_at_the_same_trouble_adds_no_line_to_the_log(books: Books) -> None:
    hold_services(books)
    invoice = books.invoice()
    for _time in range(2):
        with transaction():
            invoicing.ask_to_send([books.fresh(invoice)], actor=ANN)
        books.send()
    assert weather.outcomes(invoice) == ["held"]


def test_a_service_matched_by_code_is_mapped_to_the_item_that_is_there(books: Books) -> None:
    weather.make_there(books, "Item", Name="CODE9", Type="Service", IncomeAccountRef={"value": "1"})
    with transaction():
        service = catalogue.create_service(ServiceFields(code="CODE9", name="Nine"), actor=ANN)
    draft = books.firm.draft(replace(books.firm.line(), service_id=service.id))
    with transaction():
        invoicing.open_document(draft, actor=ANN)
    books.send()
    assert (weather.state(draft), items(books).count("CODE9")) == (DONE, 1)
