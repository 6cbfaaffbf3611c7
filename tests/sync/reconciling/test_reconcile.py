"""The reconciliation: what webhooks lost is found, what differs is told, what agrees again is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.billing import invoicing
from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.mail import Mail
from app.foundation.tenancy import current_organisation
from app.quickbooks import answers
from app.quickbooks.models import ConnectionState
from app.quickbooks.realm import Realm
from app.sync.company import connecting
from app.sync.comparing import run_claims
from app.sync.comparing.drifts import DriftCause, ReconciliationRun, RunState
from app.sync.reconciling import company_reading, comparisons, reconcile
from app.sync.records.links import Link
from app.sync.watching import standing
from app.sync.watching.standing import Place
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books, connection


def raise_price(books: Books, document: Document, net: int) -> None:
    remote_id = books.remote_id(document)
    lines = books.simulation.record("Invoice", remote_id)["Line"]
    priced = next(line for line in lines if line["DetailType"] == "SalesItemLineDetail")
    priced["Amount"] = net
    priced["SalesItemLineDetail"].update(Qty=1, UnitPrice=net)
    books.simulation.handle("Invoice", remote_id, "edit", Line=[priced])


def test_two_sides_that_agree_have_no_differences(books: Books) -> None:
    books.invoice()
    books.credit_note("40")
    run = books.compare()
    assert (run.state, run.documents, run.matches, run.drifts) == (RunState.DONE, 2, 2, 0)
    assert run.our_total_pence == run.their_total_pence == 7200


def test_a_payment_that_no_webhook_told_is_found(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "120.00")
    run = books.compare()
    assert (run.payments_found, run.drifts, run.problem) == (1, 0, None)
    assert books.fresh(invoice).status is DocumentStatus.PAID


def test_a_comparison_does_not_sleep_through_a_pause_while_other_companies_wait(books: Books) -> None:
    with weather.held_clock() as held:
        until = held.now() + timedelta(seconds=80)
        books.engine.quickbooks.governor.pause(Realm(REALM, "live"), until, "Intuit asked for it")
        run = books.compare()
        assert (run.state, held.monotonic()) == (RunState.WAITING, 0)
        assert run.held_until is not None
        assert abs(run.held_until - until) < timedelta(seconds=1)


def test_a_payment_deleted_there_is_taken_back(books: Books) -> None:
    invoice = books.invoice()
    payment = books.pay(invoice, "120.00")
    books.listen()
    books.simulation.handle("Payment", payment, "delete")
    assert books.compare().payments_found == 1
    assert books.fresh(invoice).status is DocumentStatus.OPEN


def test_a_second_run_finds_no_payment_again(books: Books) -> None:
    books.pay(books.invoice(), "120.00")
    books.compare()
    assert books.compare().payments_found == 0


def test_a_payment_is_completed_when_its_other_invoice_is_linked_later(books: Books) -> None:
    one, two = books.invoice(), books.invoice("50")
    link = books.link(two)
    kept = {column.name: getattr(link, column.name) for column in Link.__table__.columns if column.name != "id"}
    books.pay(one, "180.00", (two, "60.00"), part="120.00")
    with transaction() as session:
        session.delete(session.get_one(Link, link.id))
    books.listen()
    with transaction() as session:
        session.add(Link(**kept))
    books.compare()
    assert books.fresh(two).status is DocumentStatus.PAID


def test_payments_survive_a_disconnect_and_are_not_learnt_twice(books: Books) -> None:
    invoice = books.invoice()
    books.pay(invoice, "50.00")
    books.listen()
    kept = books.link(invoice)
    facts = {column.name: getattr(kept, column.name) for column in Link.__table__.columns if column.name != "id"}
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    told = books.simulation.grant()
    grant = connecting.granted(told["access_token"], told["refresh_token"])
    connecting.tie_without_browser(books.engine.quickbooks, books.firm.entity, REALM, grant)
    with transaction() as session:
        session.add(Link(**facts))
    books.compare()
    assert books.fresh(invoice).settled_pence == 5000


@pytest.mark.parametrize(
    ("wanted", "cause"),
    [
        ({"DocNumber": "OTHER-1"}, DriftCause.NUMBER),
        ({"TxnDate": "2026-02-01"}, DriftCause.DATE),
        ({"CustomerRef": {"value": "2"}}, DriftCause.CUSTOMER),
    ],
)
def test_what_was_changed_there_is_named(books: Books, wanted: dict[str, object], cause: DriftCause) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", **wanted)
    books.compare()
    assert [drift.cause for drift in books.drifts()] == [cause]


def test_an_amount_has_both_values_and_mails_the_owner_once(books: Books) -> None:
    invoice = books.invoice()
    raise_price(books, invoice, 200)
    first = books.compare().id
    books.compare()
    (drift,) = books.drifts()
    assert (drift.ours, drift.theirs, drift.cause) == ("£120.00", "£240.00", DriftCause.PRICE)
    assert mailed() == [f"drift:{books.connection_id}:{first}"]


def mailed() -> list[str]:
    """What the owners were written about, in order."""
    return [mail.occasion or "" for mail in db.session.scalars(select(Mail).order_by(Mail.id))]


def test_the_owner_hears_of_what_a_webhook_told_first_and_of_other_values(books: Books) -> None:
    invoice = books.invoice()
    raise_price(books, invoice, 200)
    books.listen()
    assert (len(books.drifts()), mailed()) == (1, [])
    runs = [books.compare().id, books.compare().id]
    assert mailed() == [f"drift:{books.connection_id}:{runs[0]}"]
    raise_price(books, invoice, 300)
    books.listen()
    later = books.compare().id
    assert mailed() == [f"drift:{books.connection_id}:{run}" for run in (runs[0], later)]


def test_a_difference_that_is_gone_closes_by_itself(books: Books) -> None:
    invoice = books.invoice()
    raise_price(books, invoice, 200)
    books.compare()
    raise_price(books, invoice, 100)
    assert books.compare().drifts == 0
    assert books.drifts() == []


def test_an_ignored_difference_stays_ignored_until_its_values_change(books: Books) -> None:
    invoice = books.invoice()
    raise_price(books, invoice, 200)
    books.compare()
    comparisons.ignore(books.drifts()[0].id, ANN, "agreed by telephone")
    books.compare()
    assert [drift.ignored_by for drift in books.drifts()] == ["Ann"]
    raise_price(books, invoice, 300)
    books.compare()
    assert [drift.ignored_by for drift in books.drifts()] == [None]


def test_a_record_with_our_marker_that_is_linked_to_nothing_is_told(books: Books) -> None:
    link = books.link(books.invoice())
    books.simulation.handle("Invoice", link.remote_id, "edit", DocNumber="INV-99")
    with transaction() as session:
        session.delete(session.get_one(Link, link.id))
    run = books.compare()
    assert [drift.cause for drift in books.drifts()] == [DriftCause.ONLY_THERE]
    assert run.not_compared == "1 not in QuickBooks (each says why on its own page)"


def test_a_document_that_is_on_its_way_is_not_compared(books: Books) -> None:
    books.invoice()
    late = books.firm.open()
    run = books.compare()
    assert (run.documents, run.drifts) == (1, 0)
    books.send()
    assert books.link(late)


def test_a_payment_made_while_we_read_is_no_difference(books: Books) -> None:
    """The documents are read before the payments; what is paid in between shows on one side only."""
    invoice = books.invoice()
    read = company_reading.Reading(started=clock.now() - timedelta(minutes=5))
    books.pay(invoice, "120.00")
    for record in next(iter(books.engine.quickbooks.pages(books.connection_id, "Payment"))):
        seen = answers.payment(record)
        read.payments[seen.id] = seen
    assert read.just_paid == {("Invoice", books.remote_id(invoice))}


def ask(books: Books) -> int:
    with transaction() as session:
        run = ReconciliationRun(connection_id=books.connection_id, asked_by="Olivia", asked_at=clock.now())
        session.add(run)
        session.flush()
        return run.id


def test_a_run_whose_worker_died_is_begun_anew(books: Books) -> None:
    run_id = ask(books)
    run_claims.claim(run_id)
    with transaction() as session:
        session.get_one(ReconciliationRun, run_id).held_until = clock.now() - timedelta(seconds=1)
    reconcile.run(books.engine, run_id, current_organisation())
    assert db.session.get_one(ReconciliationRun, run_id).state is RunState.DONE


def test_a_throttled_run_waits_and_does_not_fail(books: Books) -> None:
    books.simulation.control("faults", {"effect": "throttle", "method": "GET"})
    run = books.compare()
    assert run.state is RunState.WAITING
    assert run.held_until is not None


def test_a_run_says_what_went_wrong(books: Books) -> None:
    books.simulation.control("faults", {"effect": "server_error", "method": "GET", "count": 0})
    run = books.compare()
    assert (run.state, bool(run.problem)) == (RunState.FAILED, True)


def test_a_company_to_be_reconnected_is_not_compared(books: Books) -> None:
    with transaction():
        connection(books).state = ConnectionState.RECONNECT
    assert books.compare().state is RunState.FAILED


def test_a_rounding_that_no_event_told_is_taken_over(books: Books) -> None:
    invoice = books.firm.open(*[books.firm.line("0.03") for _ in range(9)])
    books.send()
    reround(books, invoice)
    books.simulation.webhooks()
    run = books.compare()
    assert (run.drifts, run.variances, books.fresh(invoice).owed_pence) == (0, 1, 36)


def reround(books: Books, invoice: Document) -> None:
    """The bookkeeper saves it again, and the tax is rounded line by line now: £0.36 instead of £0.32."""
    books.simulation.control("switches", {"tax_rounding": "per_line"})
    lines = books.simulation.record("Invoice", books.remote_id(invoice))["Line"]
    sold = [line for line in lines if line["DetailType"] == "SalesItemLineDetail"]
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", Line=sold)


def test_a_few_pence_more_before_tax_are_a_difference_however_many_lines_there_are(books: Books) -> None:
    invoice = books.firm.open(*[books.firm.line("10") for _ in range(20)])
    books.send()
    reprice(books, invoice, "10.15")
    books.simulation.webhooks()
    books.compare()
    (drift,) = books.drifts()
    assert (drift.cause, drift.ours, drift.theirs) == (DriftCause.PRICE, "£240.00", "£240.18")
    assert books.fresh(invoice).owed_pence == 24000
    assert standing.of_document(books.fresh(invoice)).place is Place.DIFFERS


def reprice(books: Books, invoice: Document, price: str) -> None:
    lines = books.simulation.record("Invoice", books.remote_id(invoice))["Line"]
    sold = [line for line in lines if line["DetailType"] == "SalesItemLineDetail"]
    sold[0]["Amount"] = float(price)
    sold[0]["SalesItemLineDetail"].update(Qty=1, UnitPrice=float(price))
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", Line=sold)


def test_an_invoice_deleted_there_without_an_event_is_shown_as_removed(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "delete")
    books.simulation.webhooks()
    books.compare()
    assert standing.of_document(books.fresh(invoice)).place is Place.REMOVED


def test_another_customer_is_told_by_name(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", CustomerRef={"value": "2"})
    books.compare()
    assert [(drift.ours, drift.theirs) for drift in books.drifts()] == [("Acme", "Moorside Dental Practice")]


def test_what_is_kept_out_of_quickbooks_is_listed_with_whoever_keeps_it(books: Books) -> None:
    document = books.firm.open()
    with transaction():
        invoicing.keep_back(document, actor=ANN)
    assert books.compare().not_compared == "1 kept out of QuickBooks by Ann"
