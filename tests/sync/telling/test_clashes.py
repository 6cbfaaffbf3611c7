"""A number that is taken there: sent under the next one by policy, and known under it ever after."""

from __future__ import annotations

from typing import Any

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import transaction
from app.outbox.models import MessageState
from app.sync.company import connecting, ruling
from app.sync.comparing.drifts import DriftCause
from app.sync.records.policies import WhenNumberTaken
from app.sync.watching import standing
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.answered.test_enquiries import foreign, stopped
from tests.sync.books import Books, connection

DONE, PARKED = MessageState.DONE, MessageState.PARKED


def renumbered(books: Books, *also_taken: str) -> Document:
    """A document whose number a bookkeeper has used, sent under another by policy."""
    document, customer = stopped(books)
    weather.rule(books, number_taken=WhenNumberTaken.SUFFIX)
    foreign(books, document, customer=customer, amount="1.00")
    for count in also_taken:
        taken: Any = f"{document.number}-{count}"
        weather.make_there(books, "Invoice", **{**_any_invoice(customer), "DocNumber": taken})
    with transaction():
        invoicing.ask_to_send([books.fresh(document)], actor=ANN)
    books.send()
    return books.fresh(document)


def _any_invoice(customer: str) -> dict[str, Any]:
    detail = {"ItemRef": {"value": "2"}, "TaxCodeRef": {"value": "6"}}
    line = {"DetailType": "SalesItemLineDetail", "Amount": "1.00", "SalesItemLineDetail": detail}
    return {"CustomerRef": {"value": customer}, "Line": [line]}


def numbers_there(books: Books) -> list[str]:
    return sorted(str(row["DocNumber"]) for row in weather.there(books))


def test_it_goes_under_the_next_number_and_keeps_its_own_here(books: Books) -> None:
    document = renumbered(books)
    assert books.link(document).remote_number == f"{document.number}-2"
    assert standing.of_document(document).sentence.startswith(f"As {document.number}-2 (id ")
    assert weather.outcomes(document)[-2:] == ["later", "sent"]


def test_numbers_that_are_taken_too_are_passed_over_with_one_look(books: Books) -> None:
    document = renumbered(books, "2", "3")
    assert books.link(document).remote_number == f"{document.number}-4"


def test_an_amendment_leaves_the_number_there_alone(books: Books) -> None:
    document = renumbered(books)
    with transaction():
        invoicing.change(document, books.firm.content(books.firm.line("150")), actor=ANN)
    books.send()
    record = books.simulation.record("Invoice", books.remote_id(document))
    assert (record["DocNumber"], record["TotalAmt"]) == (f"{document.number}-2", 180)


def test_a_lost_answer_finds_it_under_its_other_number(books: Books) -> None:
    document, customer = stopped(books)
    weather.rule(books, number_taken=WhenNumberTaken.SUFFIX)
    foreign(books, document, customer=customer, amount="1.00")
    weather.order(books, "lost_after", kind="invoice", operation="create", skip=1)
    books.simulation.control("switches", {"request_id_ignored": True})
    with transaction():
        invoicing.ask_to_send([books.fresh(document)], actor=ANN)
    weather.settle_all(books)
    assert numbers_there(books).count(f"{document.number}-2") == 1
    assert weather.state(document) is DONE


def test_the_comparison_finds_no_difference_in_it(books: Books) -> None:
    document = renumbered(books)
    books.compare()
    (bookkeepers,) = books.drifts()
    assert (bookkeepers.cause, bookkeepers.label) == (DriftCause.ONLY_THERE, document.number)


def test_after_a_disconnect_it_is_found_again_by_its_marker(books: Books) -> None:
    document = renumbered(books)
    there = books.remote_id(document)
    connecting.disconnect(books.engine.quickbooks, books.connection_id, by="Olivia")
    books.reconnect()
    books.compare()
    assert books.link(document).remote_id == there
    books.compare()
    # The bookkeeper's own of that number is told where it is as young as the new connection.
    assert [drift.cause for drift in books.drifts() if drift.kind] == []


def test_a_document_of_ours_that_has_the_number_already_is_passed_over(books: Books) -> None:
    document, customer = stopped(books)
    weather.rule(books, number_taken=WhenNumberTaken.SUFFIX, automatic_push=False)
    other = books.firm.open()
    with transaction() as session:
        session.get_one(Document, other.id).number = f"{document.number}-2"
    weather.rule(books, automatic_push=True)
    foreign(books, document, customer=customer, amount="1.00")
    with transaction():
        invoicing.ask_to_send([books.fresh(document)], actor=ANN)
    books.send()
    assert books.link(document).remote_number == f"{document.number}-3"


def test_where_all_are_taken_a_person_is_asked(books: Books) -> None:
    document = renumbered(books, *[str(count) for count in range(2, 21)])
    assert weather.state(document) is PARKED
    assert weather.message_of(document).blocker == f"number_invoice:{document.id}"


def test_another_answer_to_the_policy_frees_what_was_stopped(books: Books) -> None:
    document, customer = stopped(books)
    foreign(books, document, customer=customer, amount="1.00")
    with transaction():
        invoicing.ask_to_send([books.fresh(document)], actor=ANN)
    books.send()
    assert weather.state(document) is PARKED
    with transaction():
        answers = {"number_taken": WhenNumberTaken.SUFFIX}
        freed = ruling.rule(connection(books), ruling.Ruling(automatic_push=True, go_live_date=None, answers=answers))
    books.send()
    assert (freed, books.link(document).remote_number) == (1, f"{document.number}-2")


def test_what_is_there_is_never_taken_for_a_refused_amendment_of_it(books: Books) -> None:
    """Were its own record found by its number, the amendment would count as told."""
    document = books.invoice()
    weather.order(books, "fault", kind="invoice", operation="update", code="6140")
    with transaction():
        invoicing.change(books.fresh(document), books.firm.content(books.firm.line("150")), actor=ANN)
    books.send()
    assert weather.state(document) is PARKED
    assert books.link(document).total_pence == 12000
