"""Where a document is: one word, one sentence, and nothing that is not sent without a reason."""

from __future__ import annotations

from datetime import timedelta

from app.billing import invoicing
from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.foundation import clock
from app.foundation.database import transaction
from app.foundation.tenancy import acting_for
from app.outbox import settling, tray
from app.outbox.models import Lane, Mode, Subject
from app.quickbooks.models import ConnectionState
from app.sync.company import connecting
from app.sync.records.policies import WhenClientMissing, WhenServiceMissing, policy_of
from app.sync.steering import old_documents
from app.sync.watching import standing
from app.sync.watching.standing import Place, Standing
from tests.billing import firm
from tests.billing.firm import ANN
from tests.sync.books import Books, connection
from tests.world import World


def of(books: Books, document: Document) -> Standing:
    return standing.of_document(books.fresh(document))


def test_a_draft_is_never_sent(books: Books) -> None:
    assert of(books, books.firm.draft()).place is Place.NOT_SENT


def test_what_was_just_opened_is_next_in_line(books: Books) -> None:
    found = of(books, books.firm.open())
    assert (found.place, found.sentence, found.again_at) == (Place.WAITING, "Next in line.", None)


def test_what_arrived_names_its_record(books: Books) -> None:
    found = of(books, books.invoice())
    assert (found.place, found.sentence, found.remote_id) == (Place.THERE, "As INV-00001 (id 1).", "1")


def test_without_a_connection_it_says_so(northgate: World) -> None:
    document = firm.build().open()
    found = standing.of_document(document)
    assert (found.place, found.sentence) == (Place.NOT_SENT, "QuickBooks is not connected.")
    with transaction():
        settling.cancel(document.subject, reason="")
    assert standing.of_document(document).sentence == "QuickBooks is not connected."


def test_what_was_opened_before_connecting_says_so(books: Books) -> None:
    document = books.firm.open()
    with transaction():
        settling.cancel(document.subject, reason="")
    assert of(books, document).sentence == "It was opened before QuickBooks was connected."


def test_what_was_paid_or_voided_before_connecting_stays_here(books: Books) -> None:
    paid, void, used = books.firm.open(), books.firm.open(), books.firm.open(kind=DocumentKind.CREDIT_NOTE)
    with transaction() as session:
        for document, status in ((paid, DocumentStatus.PAID), (void, DocumentStatus.VOID), (used, DocumentStatus.PAID)):
            settling.cancel(document.subject, reason="")
            session.get_one(Document, document.id).status = status
    assert of(books, paid) == Standing(Place.STAYS, "It was paid before QuickBooks was connected.")
    assert of(books, used) == Standing(Place.STAYS, "It was used up before QuickBooks was connected.")
    assert of(books, void) == Standing(Place.STAYS, "Void here; QuickBooks never heard of it.")


def test_a_missing_mapping_holds_it_with_what_it_waits_for(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    document = books.firm.open()
    books.send()
    found = of(books, document)
    assert (found.place, found.blocker) == (Place.HELD, f"service:{books.firm.support.id}")


def test_what_waits_for_a_parked_client_is_held_with_the_client_s_reason(books: Books) -> None:
    document = books.firm.open()
    client = Subject("client", books.firm.acme.id)
    with transaction():
        waits = tray.post(document.subject, books.firm.entity.lane)
        first = tray.post(client, books.firm.entity.lane)
    with transaction():
        settling.await_subject(waits.id, client, "Waits until the client is there.")
        settling.park(first.id, f"client:{client.id}", "The name is taken.")
    found = of(books, document)
    assert (found.place, found.sentence) == (Place.HELD, "The name is taken.")


def test_a_client_parked_in_the_sandbox_holds_nothing_in_production(books: Books) -> None:
    document = books.firm.open()
    client = Subject("client", books.firm.acme.id)
    with transaction():
        waits = tray.post(document.subject, books.firm.entity.lane)
        other = tray.post(client, Lane(books.firm.entity.id, Mode.TEST))
    with transaction():
        settling.await_subject(waits.id, client, "Waits until the client is there.")
        settling.park(other.id, f"client:{client.id}", "The name is taken.")
    assert of(books, document).place is Place.WAITING


def test_what_waits_for_another_has_no_next_try(books: Books) -> None:
    """Its due time lies at the end of days: only a release makes it due."""
    document = books.firm.open()
    with transaction():
        waits = tray.post(document.subject, books.firm.entity.lane)
    with transaction():
        waits.tries = 2
        settling.await_subject(waits.id, Subject("client", books.firm.acme.id), "Waits.")
    assert of(books, document).again_at is None


def test_what_failed_and_heals_says_when_it_is_tried_again(books: Books) -> None:
    document, later = books.firm.open(), clock.now() + timedelta(minutes=5)
    with transaction():
        waits = tray.post(document.subject, books.firm.entity.lane)
    with transaction():
        settling.give_back(waits.id, later, "QuickBooks has trouble.", charge=True)
    found = of(books, document)
    assert (found.place, found.sentence, found.again_at) == (Place.WAITING, "QuickBooks has trouble.", later)


def test_while_the_company_is_to_be_reconnected_it_says_so(books: Books) -> None:
    with transaction():
        connection(books).state = ConnectionState.RECONNECT
    assert of(books, books.firm.open()).sentence == "It is sent once QuickBooks is connected again."


def test_an_opted_out_document_names_who_decided(books: Books) -> None:
    document = books.firm.draft()
    with transaction():
        invoicing.keep_back(document, actor=ANN)
        invoicing.open_document(document, actor=ANN)
    books.send()
    found = of(books, document)
    assert (found.place, found.sentence) == (Place.OPTED_OUT, "Kept out of QuickBooks by Ann.")


def test_what_was_sent_to_a_company_that_is_gone_says_so(books: Books) -> None:
    document = books.invoice()
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    assert "disconnected since" in of(books, document).sentence


def test_a_client_held_by_policy_holds_the_document(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).client_missing = WhenClientMissing.HOLD
    document = books.firm.open()
    books.send()
    assert of(books, document).place is Place.HELD


def test_a_page_of_documents_costs_a_few_questions(books: Books) -> None:
    documents = [books.invoice(str(price)) for price in (10, 20, 30)]
    with acting_for(documents[0].organisation_id):
        found = standing.of_documents(books.firm.entity, documents)
    assert [found[document.id].place for document in documents] == [Place.THERE] * 3


def test_what_was_amended_while_nothing_goes_by_itself_is_not_called_in_quickbooks(books: Books) -> None:
    document = books.invoice()
    with transaction():
        policy_of(books.connection_id).automatic_push = False
    amend(books, document)
    found = of(books, document)
    said = "QuickBooks has an earlier version of it. Automatic push is off."
    assert (found.place, found.sentence, found.tone) == (Place.SKIPPED, said, "warning")
    assert old_documents.count(books.firm.entity, connection(books)) == 1


def amend(books: Books, document: Document) -> None:
    row = books.fresh(document)
    with transaction():
        invoicing.change(row, books.firm.content(books.firm.line("200")), actor=ANN)
    books.send()


def test_what_was_amended_while_kept_back_says_that_quickbooks_has_the_old_one(books: Books) -> None:
    document = books.invoice()
    with transaction():
        invoicing.keep_back(books.fresh(document), actor=ANN)
    amend(books, document)
    found = of(books, document)
    said = "Kept out of QuickBooks by Ann. QuickBooks has an earlier version of it."
    assert (found.place, found.sentence) == (Place.OPTED_OUT, said)


def test_an_undone_opt_out_says_what_must_be_done_now(books: Books) -> None:
    document = books.firm.open()
    with transaction():
        invoicing.keep_back(books.fresh(document), actor=ANN)
    with transaction():
        invoicing.let_go(books.fresh(document), actor=ANN)
    found = of(books, document)
    assert (found.place, "it is sent when somebody asks for it" in found.sentence) == (Place.NOT_SENT, True)


def test_what_is_void_there_and_open_here_warns(books: Books) -> None:
    document = books.invoice()
    books.simulation.handle("Invoice", books.remote_id(document), "void")
    books.listen()
    found = of(books, document)
    assert (found.place, found.tone) == (Place.VOIDED, "warning")
    assert found.sentence.startswith("It was voided there, and is open here.")
