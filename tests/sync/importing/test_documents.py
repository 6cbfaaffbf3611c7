"""What QuickBooks alone has becomes ours: linked and never sent, once, under its number or one that is free here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.billing import invoicing
from app.billing.client import Client
from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.outbox.models import MessageState
from app.quickbooks.answers import DocumentSeen
from app.sync.comparing.pictures import Key
from app.sync.importing import carrying, runs
from app.sync.importing import documents as importing_documents
from app.sync.importing.offers import Standing
from app.sync.importing.runs import DocumentImport, ImportState
from app.sync.records.links import LinkMade, LinkState
from app.sync.records.mappings import Mapping, MappingKind
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.another_company import accept_another, disconnect
from tests.sync.books import Books
from tests.sync.importing.desk import SINCE, begun, customer, imported, numbers, offers, ours, place, typed_there


def killed_while_writing(books: Books, portion: dict[Key, DocumentSeen]) -> None:
    with transaction():
        importing_documents.take(place(books), portion, ANN)
        raise KeyboardInterrupt


def test_an_invoice_there_becomes_an_open_one_here_to_the_penny(history: Books) -> None:
    remote_id = typed_there(history, "1007", DueDate="2026-03-05")
    run = imported(history)
    document = ours("1007")
    assert (run.state, run.made, run.left_out) == (ImportState.DONE, 1, 0)
    assert (document.status, document.owed_pence, document.tax_pence) == (DocumentStatus.OPEN, 12000, 2000)
    assert (document.issue_date, document.due_date) == (date(2026, 2, 3), date(2026, 3, 5))
    (line,) = document.lines
    assert (line.service_id, line.quantity, line.unit_price) == (history.firm.support.id, Decimal(2), Decimal(50))
    link = history.link(document)
    assert (link.remote_id, link.made, link.state) == (remote_id, LinkMade.MATCHED, LinkState.LIVE)


def test_a_credit_note_comes_over_too(history: Books) -> None:
    typed_there(history, "C-7", "CreditMemo")
    imported(history)
    assert ours("C-7", DocumentKind.CREDIT_NOTE).gross_pence == 12000


def test_what_was_imported_is_never_sent(history: Books) -> None:
    typed_there(history, "1007")
    imported(history)
    before = weather.counts(history)
    history.send()
    assert weather.counts(history) == before
    assert importing_documents.look(place(history), SINCE) == []


def test_importing_twice_makes_nothing_twice(history: Books) -> None:
    typed_there(history, "1007")
    imported(history)
    before = numbers()
    assert imported(history).made == 0
    assert numbers() == before


def test_payments_of_what_was_imported_come_with_the_comparison_that_follows(history: Books) -> None:
    remote_id = typed_there(history, "1007")
    history.simulation.pay(customer(history), "120.00", **{f"i{remote_id}": "120.00"})
    imported(history)
    history.run_waiting()
    assert history.fresh(ours("1007")).status is DocumentStatus.PAID
    assert history.drifts() == []


def test_a_number_that_is_taken_here_gets_the_id_of_quickbooks_behind_it(history: Books) -> None:
    weather.rule(history, automatic_push=False)
    taken = history.firm.open(history.firm.line("300")).number or ""
    remote_id = typed_there(history, taken)
    wanted = f"{taken}-{remote_id}"
    assert offers(history)[f"Invoice {taken}"].note == f"{taken} is taken here, so it becomes {wanted}."
    imported(history)
    assert history.link(ours(wanted)).remote_id == remote_id
    history.run_waiting()
    assert history.drifts() == []


def test_two_of_the_same_number_there_are_two_here(history: Books) -> None:
    typed_there(history, "1007")
    history.compare()
    ((key, seen),) = importing_documents.theirs(history.connection_id, SINCE).items()
    both = {key: seen, (key[0], "9999"): replace(seen, id="9999")}
    with transaction():
        assert importing_documents.take(place(history), both, ANN).made == 2
    assert {"1007", "1007-9999"} <= set(numbers())


def test_what_may_be_a_document_of_ours_is_linked_and_not_imported(history: Books) -> None:
    weather.rule(history, automatic_push=False)
    mine = history.firm.open()
    history.send()
    typed_there(history, mine.number or "", TxnDate=mine.issue_date.isoformat())
    (offer,) = offers(history).values()
    assert (offer.standing, "Link history" in offer.note) == (Standing.LEFT_OUT, True)
    assert imported(history).left_out == 1


def test_a_document_of_ours_that_waits_is_not_made_a_second_time(history: Books) -> None:
    mine = history.firm.open()
    typed_there(history, mine.number or "", TxnDate=mine.issue_date.isoformat())
    history.send()
    assert weather.state(mine) is MessageState.PARKED
    (offer,) = offers(history).values()
    assert offer.note.startswith(f"It may be {mine.title} of yours, which is on its way")
    assert imported(history).made == 0


def act_on(document: Document, act: str) -> None:
    if act == "keep back":
        invoicing.keep_back(document, actor=ANN)
    elif act == "void":
        invoicing.void(document, "a mistake", actor=ANN)


def imported_and_disconnected(books: Books) -> str:
    """An invoice was imported, then the company was disconnected; its id there."""
    remote_id = typed_there(books, "1007")
    imported(books)
    disconnect(books)
    return remote_id


@pytest.mark.parametrize("act", ["leave", "void", "keep back"])
def test_what_was_imported_before_a_disconnect_is_known_behind_it(history: Books, act: str) -> None:
    remote_id = imported_and_disconnected(history)
    with transaction():
        act_on(history.fresh(ours("1007")), act)
    history.simulation.handle("Invoice", remote_id, "edit", TxnDate="2026-02-09", DocNumber="1008")
    history.reconnect()
    history.invoice()
    assert offers(history)["Invoice 1008"].note.startswith("It was Invoice 1007 of yours")
    assert imported(history).made == 0


def test_what_is_void_here_and_agrees_in_all_is_not_opened_again(history: Books) -> None:
    weather.rule(history, automatic_push=False)
    mine = history.firm.open()
    history.send()
    with transaction():
        invoicing.void(history.fresh(mine), "a mistake", actor=ANN)
    typed_there(history, mine.number or "", TxnDate=mine.issue_date.isoformat())
    typed_there(history, "1007", TxnDate=mine.issue_date.isoformat())
    assert imported(history).made == 1


def test_a_stranger_among_the_customers_is_the_reason(history: Books) -> None:
    stranger = weather.make_there(history, "Customer", DisplayName="Stranger")
    typed_there(history, "1007", CustomerRef={"value": stranger})
    assert "No client here is linked to “Stranger”" in offers(history)["Invoice 1007"].note
    assert imported(history).made == 0


def test_an_item_that_is_mapped_to_nothing_is_the_reason(history: Books) -> None:
    with transaction() as session:
        for row in session.scalars(select(Mapping).where(Mapping.kind == MappingKind.SERVICE)):
            session.delete(row)
    typed_there(history, "1007")
    assert "an item that is mapped to no service here" in offers(history)["Invoice 1007"].note


def test_another_currency_is_the_reason(history: Books) -> None:
    with transaction() as session:
        session.get_one(Client, history.firm.acme.id).currency = "EUR"
    typed_there(history, "1007")
    assert offers(history)["Invoice 1007"].note == "It is in GBP, and its client is billed in EUR."


def test_one_without_a_number_is_left_out(history: Books) -> None:
    remote_id = typed_there(history, "")
    assert "no number" in offers(history)[f"Invoice {remote_id}"].note


def test_older_ones_and_void_ones_are_not_looked_at(history: Books) -> None:
    typed_there(history, "1001", TxnDate="2025-12-31")
    history.simulation.handle("Invoice", typed_there(history, "1002"), "void")
    assert offers(history) == {}


def test_a_worker_that_is_killed_in_the_middle_is_followed_by_one_that_goes_on(history: Books) -> None:
    for number in range(1001, 1006):
        typed_there(history, str(number))
    history.compare()
    run_id = begun(history)
    todo = carrying.left(run_id)
    carrying.write(run_id, todo[:2], of=5)
    with pytest.raises(KeyboardInterrupt):
        killed_while_writing(history, dict(todo[2:4]))
    carrying.carry_out(current_organisation(), run_id)
    assert sorted(str(number) for number in numbers())[:5] == ["1001", "1002", "1003", "1004", "1005"]
    assert db.session.get_one(DocumentImport, run_id, populate_existing=True).made == 5


def test_two_workers_on_one_import_write_each_document_once(history: Books) -> None:
    typed_there(history, "1007")
    history.compare()
    run_id = begun(history)
    todo = carrying.left(run_id)
    assert carrying.write(run_id, todo, of=1)
    assert carrying.write(run_id, todo, of=1)
    assert numbers().count("1007") == 1


def test_an_import_that_runs_is_not_begun_a_second_time_and_can_be_stopped(history: Books) -> None:
    typed_there(history, "1007")
    history.compare()
    run_id = begun(history)
    assert begun(history) == run_id
    with transaction():
        runs.stop(run_id)
    assert not carrying.write(run_id, carrying.left(run_id), of=1)
    assert "1007" not in numbers()


def test_an_import_that_waits_is_found_by_the_worker(history: Books) -> None:
    run_id = begun(history)
    assert runs.waiting() == [(current_organisation(), run_id)]
    assert clock.now() >= db.session.get_one(DocumentImport, run_id).asked_at


@pytest.mark.parametrize("leave", [accept_another, disconnect])
def test_from_a_company_that_was_left_nothing_more_is_imported(history: Books, leave: Callable[[Books], None]) -> None:
    typed_there(history, "1007")
    history.compare()
    run_id = begun(history)
    leave(history)
    carrying.carry_out(current_organisation(), run_id)
    run = db.session.get_one(DocumentImport, run_id, populate_existing=True)
    assert (run.state, run.made, "1007" in numbers()) == (ImportState.STOPPED, 0, False)
    assert run.problem is not None
