"""What a person does about a difference: theirs accepted, ours sent again, made again, linked, taken over."""

from __future__ import annotations

from app.billing.document import Document
from app.billing.kinds import DocumentStatus
from app.foundation.database import db, transaction
from app.sync.comparing.drifts import Drift, DriftCause
from app.sync.comparing.remedies import Remedy
from app.sync.reconciling.settling_drifts import Settled, settle
from app.sync.records.links import Link
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync.books import Books
from tests.sync.planting import PLANTED

PLANT = {kind.name: kind.plant for kind in PLANTED}


def planted(books: Books, name: str) -> tuple[Document, Drift]:
    """An invoice to which this was done, and the difference that was found."""
    invoice = books.invoice()
    PLANT[name](books, invoice)
    books.simulation.webhooks()
    books.compare()
    (drift,) = books.drifts()
    return invoice, drift


def do(books: Books, drift: Drift, remedy: Remedy) -> Settled:
    return settle(books.engine.quickbooks, [drift.id], remedy, ANN)


def agrees(books: Books) -> bool:
    """Whether the next comparison finds nothing."""
    return books.compare().drifts == 0


def test_theirs_accepted_is_ours_and_told_to_nobody(books: Books) -> None:
    invoice, drift = planted(books, "line price changed")
    assert do(books, drift, Remedy.ACCEPT) == Settled(1)
    assert (books.fresh(invoice).gross_pence, books.drifts()) == (11400, [])
    assert agrees(books)


def test_ours_sent_again_overwrites_theirs(books: Books) -> None:
    invoice, drift = planted(books, "line price changed")
    do(books, drift, Remedy.SEND)
    books.send()
    assert books.simulation.record("Invoice", books.remote_id(invoice))["TotalAmt"] == 120
    assert agrees(books)


def test_what_was_deleted_there_is_made_again_when_a_person_asks(books: Books) -> None:
    invoice, drift = planted(books, "invoice deleted")
    before = books.remote_id(invoice)
    do(books, drift, Remedy.AGAIN)
    books.send()
    assert books.remote_id(invoice) != before
    assert agrees(books)


def test_what_was_deleted_there_is_voided_here_when_a_person_accepts_it(books: Books) -> None:
    invoice, drift = planted(books, "invoice deleted")
    do(books, drift, Remedy.ACCEPT)
    assert books.fresh(invoice).status is DocumentStatus.VOID
    assert agrees(books)


def test_payments_keep_a_document_from_being_voided_and_say_so(books: Books) -> None:
    invoice = books.invoice()
    books.firm.learn(5000, (invoice, 5000))
    PLANT["invoice deleted"](books, invoice)
    books.listen()
    (drift,) = books.drifts()
    ((label, why),) = do(books, drift, Remedy.ACCEPT).refused
    assert (label, "payments are applied to it (£50.00)" in why) == ("INV-00001", True)


def test_what_is_only_there_is_taken_over_here(books: Books) -> None:
    _invoice, drift = planted(books, "only there")
    assert do(books, drift, Remedy.ADOPT) == Settled(1)
    taken = db.session.query(Document).filter_by(number="HAND-1").one()
    assert (taken.gross_pence, taken.status, books.link(taken).remote_id) == (840, DocumentStatus.OPEN, drift.remote_id)
    assert agrees(books)


def test_what_is_only_there_is_linked_to_ours_of_its_number(books: Books) -> None:
    invoice, _drift = planted(books, "number")
    with transaction() as session:
        session.delete(session.get_one(Link, books.link(invoice).id))
    books.simulation.handle("Invoice", "1", "edit", DocNumber="INV-00001", TxnDate="2026-02-27")
    books.compare()
    drift = next(drift for drift in books.drifts() if drift.cause is DriftCause.ONLY_THERE)
    assert do(books, drift, Remedy.LINK) == Settled(1)
    assert books.link(invoice).remote_id == drift.remote_id
    books.compare()
    assert [drift.cause for drift in books.drifts()] == [DriftCause.DATE]


def test_a_number_that_nobody_has_here_can_t_be_linked(books: Books) -> None:
    _invoice, drift = planted(books, "only there")
    assert do(books, drift, Remedy.LINK).refused == [("HAND-1", "No open document here has the number HAND-1.")]


def test_an_action_that_a_difference_does_not_have_is_refused(books: Books) -> None:
    _invoice, drift = planted(books, "customer made inactive")
    assert do(books, drift, Remedy.SEND).refused == [("Acme", "It has no such action.")]


def test_what_was_mended_there_meanwhile_is_only_closed(books: Books) -> None:
    invoice, drift = planted(books, "number")
    books.simulation.control(
        f"companies/{REALM}/records/Invoice/{books.remote_id(invoice)}/edit", {"DocNumber": "INV-00001"}
    )
    assert do(books, drift, Remedy.ACCEPT) == Settled(1)
    assert (books.fresh(invoice).revision, books.drifts()) == (1, [])
