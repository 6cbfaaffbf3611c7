"""What is done in QuickBooks reaches this side: told by webhooks, read again, taken in."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.foundation.database import db, transaction
from app.outbox.models import Subject
from app.quickbooks.models import ConnectionState
from app.quickbooks.webhooks import RemoteEvent
from app.sync.comparing.drifts import DriftCause
from app.sync.listening import claimed, inbox, pull, unpacking
from app.sync.listening.cursors import Gap
from app.sync.listening.deliveries import Event, EventState
from app.sync.records.effects import KNOWN
from app.sync.records.links import LinkState, link_of
from app.sync.records.mappings import MappingKind, mapping_of
from app.sync.watching import standing
from app.sync.watching.standing import Place
from tests.billing.firm import told
from tests.simulation import Call
from tests.sync.books import Books, connection
from tests.sync.catching_up import catch_up


def events(books: Books) -> list[Event]:
    return list(db.session.scalars(select(Event).order_by(Event.id)))


def event(books: Books, entity: str, remote_id: str, **more: str) -> RemoteEvent:
    told = {"id": f"{entity}-{remote_id}", "verb": "updated", "deleted_id": None, **more}
    return RemoteEvent(realm_id="9341450000000001", entity=entity, remote_id=remote_id, at=None, **told)  # type: ignore[arg-type]


def hear(books: Books, *about: RemoteEvent) -> None:
    with transaction():
        unpacking.remember(books.connection_id, about, None)
    books.take_in()


def reads(books: Books) -> int:
    return int(books.simulation.look("stats")["total"]["reads"])


def test_the_echo_of_what_we_made_costs_no_read(books: Books) -> None:
    books.invoice()
    before = reads(books)
    books.listen()
    assert (reads(books), set(books.effects())) == (before, {KNOWN.sentence})


def test_what_was_changed_there_right_after_we_made_it_is_read(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "void")
    books.listen()
    assert books.link(invoice).state is LinkState.VOIDED


def test_an_invoice_paid_there_is_paid_here(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "120.00")
    books.listen()
    assert books.fresh(invoice).status is DocumentStatus.PAID
    assert "Nothing is owed any more." in told(invoice.subject)[-1]


def test_a_part_paid_there_is_a_part_paid_here(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "50.00")
    books.listen()
    paid = books.fresh(invoice)
    assert (paid.status, paid.settled_pence) == (DocumentStatus.PARTIALLY_PAID, 5000)


def test_one_payment_over_two_invoices_pays_both(books: Books) -> None:
    one, two = books.invoice(), books.invoice("50")
    books.pay(one, "180.00", (two, "60.00"), part="120.00")
    books.listen()
    assert [books.fresh(each).status for each in (one, two)] == [DocumentStatus.PAID] * 2


def test_the_effect_names_what_was_paid(books: Books) -> None:
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    books.listen()
    assert f"Payment {payment} of £120.00: Invoice {invoice.number} is paid." in books.effects()


def test_a_payment_deleted_there_opens_the_invoice_again(books: Books) -> None:
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    books.listen()
    books.simulation.handle("Payment", payment, "delete")
    books.listen()
    assert books.fresh(invoice).status is DocumentStatus.OPEN


def test_a_payment_voided_there_opens_the_invoice_again(books: Books) -> None:
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    books.listen()
    books.simulation.handle("Payment", payment, "void")
    books.listen()
    assert books.fresh(invoice).status is DocumentStatus.OPEN


def test_events_in_the_wrong_order_end_the_same(books: Books) -> None:
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    paid = books.simulation.webhooks()
    books.simulation.handle("Payment", payment, "delete")
    deleted = books.simulation.webhooks()
    for call in (*deleted, *paid):
        keep(books, call)
    books.take_in()
    assert books.fresh(invoice).status is DocumentStatus.OPEN


def keep(books: Books, call: Call) -> None:
    assert inbox.keep(call.raw, call.headers["intuit-signature"], "test", books.verifiers) is None


def test_an_event_that_comes_again_changes_nothing(books: Books) -> None:
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    books.listen()
    hear(books, event(books, "Payment", payment, id="once more"))
    assert books.effects()[-1] == "Our own change, or one that is known already."
    assert books.fresh(invoice).settled_pence == 12000


def test_our_own_change_come_back_is_known(books: Books) -> None:
    books.invoice()
    books.listen()
    (own,) = [each for each in events(books) if each.entity == "Invoice"]
    assert (own.state, own.effect) == (EventState.IGNORED, "Our own change, or one that is known already.")


def test_a_picture_older_than_ours_is_left_aside(books: Books) -> None:
    invoice = books.invoice()
    with transaction():
        books.link(invoice).sync_token = "7"
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", PrivateNote="a note")
    books.listen()
    assert "Older than what is known already." in books.effects()
    assert books.link(invoice).sync_token == "7"


def test_an_amount_changed_there_is_told_as_a_difference(books: Books) -> None:
    invoice = books.invoice()
    edit_total(books, invoice, 200)
    books.listen()
    (drift,) = books.drifts()
    assert (drift.cause, drift.ours, drift.theirs) == (DriftCause.PRICE, "£120.00", "£240.00")
    assert standing.of_document(books.fresh(invoice)).place is Place.DIFFERS


def test_an_amount_changed_back_closes_the_difference(books: Books) -> None:
    invoice = books.invoice()
    for net in (200, 100):
        edit_total(books, invoice, net)
        books.listen()
    assert books.drifts() == []
    assert standing.of_document(books.fresh(invoice)).place is Place.THERE


def edit_total(books: Books, invoice: Document, net: int) -> None:
    remote_id = books.remote_id(invoice)
    lines = books.simulation.record("Invoice", remote_id)["Line"]
    priced = next(line for line in lines if line["DetailType"] == "SalesItemLineDetail")
    priced["Amount"] = net
    priced["SalesItemLineDetail"].update(Qty=1, UnitPrice=net)
    books.simulation.handle("Invoice", remote_id, "edit", Line=[priced])


def test_an_invoice_voided_there_is_told_and_not_void_here(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "void")
    books.listen()
    (drift,) = books.drifts()
    assert (drift.cause, books.link(invoice).state) == (DriftCause.VOIDED_THERE, LinkState.VOIDED)
    assert books.fresh(invoice).status is DocumentStatus.OPEN


def test_an_invoice_deleted_there_is_told_and_never_made_again(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "delete")
    books.listen()
    assert [drift.cause for drift in books.drifts()] == [DriftCause.REMOVED_THERE]
    assert standing.of_document(books.fresh(invoice)).place is Place.REMOVED


def test_a_customer_made_inactive_there_is_marked_on_its_link(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "120.00")
    books.simulation.handle("Customer", books.customer(invoice), "edit", Active=False)
    books.listen()
    link = link_of(books.connection_id, Subject("client", books.firm.acme.id))
    assert link is not None
    assert link.state is LinkState.REMOVED


def test_a_customer_merged_into_another_takes_its_link_along(books: Books) -> None:
    invoice = books.invoice()
    customer = books.customer(invoice)
    hear(books, event(books, "Customer", "2", verb="merged", deleted_id=customer))
    link = link_of(books.connection_id, Subject("client", books.firm.acme.id))
    assert link is not None
    assert (link.remote_id, link.state) == ("2", LinkState.LIVE)


def test_an_item_merged_into_another_takes_its_mapping_along(books: Books) -> None:
    books.invoice()
    mapping = mapping_of(books.connection_id, MappingKind.SERVICE, books.firm.support.id)
    assert mapping is not None
    hear(books, event(books, "Item", "3", verb="merged", deleted_id=mapping.remote_id))
    again = mapping_of(books.connection_id, MappingKind.SERVICE, books.firm.support.id)
    assert again is not None
    assert again.remote_id == "3"


def test_what_is_not_followed_says_so(books: Books) -> None:
    hear(books, event(books, "Vendor", "1"))
    assert books.effects() == ["Counterfoil does not follow this kind of record."]


def test_what_is_not_ours_says_so(books: Books) -> None:
    hear(books, event(books, "Invoice", "4711", verb="deleted"))
    assert books.effects() == ["About nothing of ours."]


def test_events_wait_while_the_company_is_to_be_reconnected(books: Books) -> None:
    with transaction():
        connection(books).state = ConnectionState.RECONNECT
    hear(books, event(books, "Invoice", "1"))
    assert [each.state for each in events(books)] == [EventState.WAITING]


def test_events_of_a_company_that_was_disconnected_come_to_an_end(books: Books) -> None:
    remote_id = books.pay(books.invoice(), "120.00")
    with transaction():
        connection(books).state = ConnectionState.DISCONNECTED
    hear(books, event(books, "Payment", remote_id))
    assert {each.state for each in events(books)} == {EventState.LEFT}
    assert all("not connected any more" in effect for effect in books.effects())


def test_what_was_left_is_found_once_the_company_is_connected_again(books: Books) -> None:
    invoice = books.invoice()
    remote_id = books.pay(invoice, "120.00")
    with transaction():
        connection(books).state = ConnectionState.DISCONNECTED
    hear(books, event(books, "Payment", remote_id))
    with transaction():
        connection(books).state = ConnectionState.ACTIVE
    catch_up(books, Gap.RECONNECTED)
    assert books.fresh(invoice).status is DocumentStatus.PAID


def test_an_event_that_another_worker_takes_in_is_left_alone(books: Books) -> None:
    with transaction():
        unpacking.remember(books.connection_id, [event(books, "Invoice", "1")], None)
    books.hurry()
    assert claimed.claim(books.connection_id)
    assert pull.work(books.engine) == 0


def test_a_fault_of_quickbooks_puts_the_events_off(books: Books) -> None:
    books.simulation.control("faults", {"effect": "server_error", "method": "GET"})
    hear(books, event(books, "Invoice", "1"))
    (one,) = events(books)
    assert (one.state, one.tries) == (EventState.WAITING, 1)


def test_a_throttled_read_charges_no_try(books: Books) -> None:
    books.simulation.control("faults", {"effect": "throttle", "method": "GET"})
    hear(books, event(books, "Invoice", "1"))
    (one,) = events(books)
    assert (one.state, one.tries) == (EventState.WAITING, 0)


def test_the_simulator_speaks_both_forms(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.webhooks()
    books.simulation.control("switches", {"webhook_format": "legacy"})
    books.pay(invoice, "120.00")
    (call,) = books.simulation.webhooks()
    assert "eventNotifications" in json.loads(call.raw)
    keep(books, call)
    books.take_in()
    assert books.fresh(invoice).status is DocumentStatus.PAID
