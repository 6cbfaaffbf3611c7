"""A lane is drained: what it costs, what goes where, and what holds it up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.billing import catalogue, invoicing
from app.billing.catalogue_fields import ClientFields
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.tenancy import current_organisation
from app.outbox.models import MessageState, Priority
from app.quickbooks import lease as leases
from app.quickbooks.ports import HttpAnswer, HttpRequest
from app.quickbooks.realm import Governor, Realm
from app.sync.records.links import LinkState
from app.sync.steering import controls
from app.sync.telling.drain import drain
from tests.billing.firm import ANN, told
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books, connection

DONE, WAITING, SKIPPED, CANCELLED = (
    MessageState.DONE,
    MessageState.WAITING,
    MessageState.SKIPPED,
    MessageState.CANCELLED,
)


def change(books: Books, document: Document, *prices: str) -> None:
    """Amend an open document."""
    with transaction():
        lines = [books.firm.line(price) for price in prices]
        invoicing.change(books.fresh(document), books.firm.content(*lines), actor=ANN)


def void(books: Books, document: Document) -> None:
    with transaction():
        invoicing.void(books.fresh(document), "twice", actor=ANN)


def test_a_cold_client_costs_no_read_and_two_writes(books: Books) -> None:
    weather.forget(books)
    books.invoice()
    seen = weather.counts(books)
    assert (seen["reads"], seen["writes"], seen["operations"]) == (0, 2, 3)


def test_a_warm_push_is_one_write_and_no_read(books: Books) -> None:
    books.invoice()
    weather.forget(books)
    books.invoice("55")
    assert (weather.counts(books)["reads"], weather.counts(books)["writes"]) == (0, 1)


def test_an_amended_invoice_is_told_sparse_with_all_its_lines(books: Books) -> None:
    invoice = books.invoice()
    change(books, invoice, "100", "50")
    weather.forget(books)
    books.send()
    assert (weather.counts(books)["reads"], weather.counts(books)["writes"]) == (0, 1)
    last = weather.writes(books, "invoice")[-1]["sent"]
    assert '"sparse":true' in last.replace(" ", "")
    priced = [line for line in weather.there(books)[0]["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    assert [line["Amount"] for line in priced] == [100, 50]


def test_two_amendments_before_the_next_turn_are_one_write(books: Books) -> None:
    invoice = books.invoice()
    change(books, invoice, "110")
    change(books, invoice, "120")
    weather.forget(books)
    books.send()
    assert weather.counts(books)["writes"] == 1
    assert books.link(invoice).total_pence == 14400


def test_an_invoice_changed_there_costs_one_read_before_it_is_told_again(books: Books) -> None:
    invoice = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", PrivateNote="seen by the accountant")
    change(books, invoice, "110")
    weather.forget(books)
    weather.settle_all(books)
    assert (weather.counts(books)["reads"], weather.counts(books)["writes"]) == (1, 2)
    assert (weather.state(invoice), books.link(invoice).total_pence) == (DONE, 13200)


def test_a_void_invoice_is_voided_there(books: Books) -> None:
    invoice = books.invoice()
    void(books, invoice)
    books.send()
    (record,) = weather.there(books)
    assert (record["TotalAmt"], books.link(invoice).state) == (0, LinkState.VOIDED)


def test_a_void_credit_note_is_deleted_there_for_intuit_has_no_void_for_it(books: Books) -> None:
    note = books.credit_note()
    void(books, note)
    books.send()
    assert weather.there(books, "CreditMemo") == []
    assert books.link(note).state is LinkState.REMOVED


def test_an_invoice_voided_before_it_was_told_is_never_heard_of(books: Books) -> None:
    weather.rule(books, paused_at=clock.now())
    invoice = books.firm.open()
    void(books, invoice)
    weather.rule(books, paused_at=None)
    books.send()
    assert (weather.there(books), weather.state(invoice)) == ([], CANCELLED)


def test_an_edit_during_a_flight_is_told_behind_it(books: Books) -> None:
    books.invoice()
    weather.order(books, "lost_after", kind="invoice")
    invoice = books.firm.open()
    books.send()
    change(books, invoice, "110")
    assert weather.state(invoice) is WAITING
    weather.settle_all(books)
    assert (len(weather.there(books)), books.link(invoice).total_pence) == (2, 13200)


def test_a_void_during_a_flight_is_told_behind_it(books: Books) -> None:
    books.invoice()
    weather.order(books, "lost_after", kind="invoice")
    invoice = books.firm.open()
    books.send()
    void(books, invoice)
    weather.settle_all(books)
    assert sorted(record["TotalAmt"] for record in weather.there(books)) == [0, 120]


def test_one_subjects_unknown_outcome_does_not_stop_the_others(books: Books) -> None:
    books.invoice()
    weather.order(books, "lost_before", kind="invoice", count=0)
    stuck = books.firm.open()
    books.send()
    weather.clear(books)
    weather.delay()
    other = books.invoice()
    assert (weather.state(stuck), weather.state(other)) == (MessageState.SENDING, DONE)


def test_a_paused_lane_sends_nothing_and_goes_on_when_resumed(books: Books) -> None:
    controls.pause(connection(books), ANN, "Year end")
    invoice = books.invoice()
    assert weather.state(invoice) is WAITING
    controls.resume(connection(books), ANN)
    books.send()
    assert weather.state(invoice) is DONE


def test_a_lane_that_is_paused_meanwhile_stops_after_the_envelope_in_flight(books: Books) -> None:
    books.invoice()
    for _number in range(7):
        books.firm.open()
    line = Pausing(books)
    books.engine.quickbooks._sending._http = line
    books.send()
    assert line.sent == 1


class Pausing:
    """A line during whose first call somebody pauses the lane."""

    def __init__(self, books: Books) -> None:
        self.books, self.line, self.sent = books, books.engine.quickbooks._sending._http, 0

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it, paused."""
        self.sent += 1
        weather.rule(self.books, paused_at=clock.now())
        return self.line.send(request)


def test_while_another_process_holds_the_company_nothing_is_sent(books: Books) -> None:
    held = leases.take_lease(Realm(REALM, "live"), "other:1", clock.now(), 60)
    assert held is not None
    invoice = books.firm.open()
    assert drain(books.engine, current_organisation(), books.firm.entity.lane) is False
    assert weather.state(invoice) is WAITING


def test_the_lease_is_given_back(books: Books) -> None:
    books.invoice()
    row = db.session.get_one(Governor, Realm(REALM, "live"))
    assert (row.owner, row.lease_until) == (None, None)


def test_a_zombie_that_was_taken_over_writes_nothing(books: Books) -> None:
    books.invoice()
    invoice = books.firm.open()
    line = Overtaking(books)
    books.engine.quickbooks._sending._http = line
    books.send()
    assert (weather.state(invoice), len(weather.there(books))) == (MessageState.SENDING, 2)
    assert weather.outcomes(invoice) == []
    books.engine.quickbooks._sending._http = line.line
    _let_go(books)
    weather.settle_all(books)
    assert (weather.state(invoice), len(weather.there(books))) == (DONE, 2)


class Overtaking:
    """A line during whose call another process takes the company over, believing ours dead."""

    def __init__(self, books: Books) -> None:
        self.books, self.line = books, books.engine.quickbooks._sending._http

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it; it arrives, but we are no longer the holder."""
        answer = self.line.send(request)
        with transaction() as session:
            row = session.get_one(Governor, Realm(REALM, "live"))
            row.owner, row.fence = "other:1", row.fence + 1
        return answer


def _let_go(books: Books) -> None:
    with transaction() as session:
        row = session.get_one(Governor, Realm(REALM, "live"))
        row.owner = row.lease_until = row.call_over_at = None


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_the_timeline_tells_where_it_went(books: Books, kind: DocumentKind) -> None:
    document = books.firm.open(kind=kind)
    books.send()
    where = f"In QuickBooks as {document.number} (id {books.remote_id(document)})"
    assert told(document.subject)[-1].startswith(f"{where}, £120.00")


def test_what_is_above_500_lines_goes_alone(books: Books) -> None:
    books.invoice()
    drafts = [books.firm.draft(*[books.firm.line("1")] * count) for count in (1, 501, 1)]
    with transaction():
        for draft in drafts:
            invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)
    weather.forget(books)
    books.send()
    assert (weather.counts(books)["writes"], weather.counts(books)["batches"]) == (3, 0)


def test_a_person_goes_before_a_run(books: Books) -> None:
    books.invoice()
    drafts = [books.firm.draft() for _number in range(3)]
    with transaction():
        for draft in drafts:
            invoicing.open_document(draft, actor=ANN, priority=Priority.RUN)
    clicked = books.firm.open()
    books.send()
    assert int(books.remote_id(clicked)) < min(int(books.remote_id(draft)) for draft in drafts)


def test_a_client_that_quickbooks_knows_is_kept_in_step(books: Books) -> None:
    books.invoice()
    with transaction():
        catalogue.change_client(books.firm.acme, ClientFields(name="Acme", phone="01904 555010"), actor=ANN)
    books.send()
    (customer,) = [row for row in weather.there(books, "Customer") if row["DisplayName"] == "Acme"]
    assert customer["PrimaryPhone"]["FreeFormNumber"] == "01904 555010"


def test_the_company_of_a_worker_that_died_between_two_calls_goes_on_at_once(books: Books) -> None:
    realm = Realm(REALM, "live")
    dead = leases.take_lease(realm, "anna:1", clock.now(), 25)
    assert dead is not None
    invoice = books.firm.open(books.firm.line())
    books.send()
    assert weather.state(invoice) == WAITING  # nobody knows yet
    knowing = replace(books.engine, has_ended=lambda holder: holder == "anna:1")
    drain(knowing, current_organisation(), books.firm.entity.lane)
    assert weather.state(invoice) == DONE
