"""Imports carried out: once, changed, gone on with after a crash."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.billing import invoicing
from app.billing.client import Client
from app.billing.document import Document
from app.billing.importing import carrying, runs
from app.billing.importing.carrying import carry_out
from app.billing.importing.run import ImportRun, RunState
from app.billing.kinds import DocumentStatus
from app.billing.service import Service
from app.foundation.database import db, transaction
from app.foundation.errors import ConflictError
from app.outbox.models import MessageState
from tests.billing.firm import ANN, Firm, messages, told
from tests.billing.importing.files import counts, handed_in, imported, retail, row, standard


def documents() -> list[Document]:
    return list(db.session.scalars(select(Document).order_by(Document.id)))


def only() -> Document:
    (document,) = documents()
    return document


def test_an_invoice_is_made_opened_and_posted_with_its_own_number(firm: Firm) -> None:
    imported(firm, retail(row(), row(code="71053", price="3.39")))
    invoice = only()
    assert (invoice.number, invoice.status, invoice.gross_pence) == ("536365", DocumentStatus.OPEN, 4277)
    assert messages(invoice.subject) == [MessageState.WAITING]
    assert told(invoice.subject) == ["Opened as 536365 over £42.77."]


def test_the_client_is_the_customer_and_the_service_is_the_code_with_its_first_description(firm: Firm) -> None:
    blank, later = row(code="85123a").replace("HEART", ""), row("2", code="85123A")
    imported(firm, retail(blank, later))
    service = db.session.scalars(select(Service).where(Service.code_folded == "85123a")).one()
    assert (service.code, service.name, service.description) == ("85123a", "85123a", "HEART")
    assert db.session.scalars(select(Client.name).where(Client.external_key == "retail:17850")).one() == "17850"


def test_the_same_file_again_changes_nothing(firm: Firm) -> None:
    file = retail(row(), row("C2", quantity="-1"))
    assert counts(imported(firm, file)) == (2, 0, 0, 0)
    before = [document.version for document in documents()]
    assert counts(imported(firm, file)) == (0, 0, 2, 0)
    assert [document.version for document in documents()] == before


def test_changed_content_is_a_new_revision(firm: Firm) -> None:
    imported(firm, retail(row()))
    assert counts(imported(firm, retail(row(price="3.00")))) == (0, 1, 0, 0)
    assert (only().revision, only().gross_pence) == (2, 2160)
    assert counts(imported(firm, retail(row(price="3.00")))) == (0, 0, 1, 0)


def test_the_only_client_of_a_name_is_billed_and_no_second_one_made(firm: Firm) -> None:
    imported(firm, standard("1,Acme,"), "standard")
    assert db.session.scalars(select(Document)).one().client_id == firm.acme.id
    with transaction():
        db.session.get_one(Client, firm.acme.id).name = "Acme Holdings"
    imported(firm, standard("1,Acme,", "2,Acme,"), "standard")
    assert db.session.scalar(select(func.count(Client.id))) == 2


def test_a_key_in_the_file_makes_a_client_of_its_own(firm: Firm) -> None:
    imported(firm, standard("1,Acme,ACME-LEEDS"), "standard")
    assert db.session.scalars(select(Document)).one().client_id not in {firm.acme.id, firm.bolt.id}


def test_a_refused_document_leaves_neither_client_nor_service(firm: Firm) -> None:
    run = imported(firm, retail(row(code="SAMPLE", price="0"), row("2", code="71053").replace("17850", "13047")))
    assert counts(run) == (1, 0, 0, 1)
    assert [(refusal.number, refusal.lines, refusal.code) for refusal in runs.refusals(run).rows] == [
        ("536365", "2", "zero_total")
    ]
    assert runs.refusal_counts(run) == {"zero_total": 1}
    assert set(db.session.scalars(select(Service.code))) == {"SUP", "71053"}
    assert set(db.session.scalars(select(Client.name))) == {"Acme", "Bolt", "13047"}


def test_documents_may_stay_drafts(firm: Firm) -> None:
    imported(firm, retail(row()), open_documents=False)
    draft = only()
    assert (draft.status, draft.number, messages(draft.subject)) == (DocumentStatus.DRAFT, "536365", [])
    with transaction():
        invoicing.open_document(draft, actor=ANN)
    assert draft.number == "536365"


@pytest.mark.parametrize("end", ["void", "paid", "below"])
def test_what_is_void_or_paid_here_does_not_become_a_new_revision(firm: Firm, end: str) -> None:
    imported(firm, retail(row()))
    invoice = only()
    if end == "void":
        with transaction():
            invoicing.void(invoice, "", actor=ANN)
    else:
        firm.learn(0, (invoice, {"paid": invoice.owed_pence, "below": 100}[end]))
    run = imported(firm, retail(row(price="0.01")))
    assert counts(run) == (0, 0, 0, 1)
    assert set(runs.refusal_counts(run)) == {"void" if end == "void" else "paid"}


def test_an_invoice_does_not_turn_into_a_credit_note(firm: Firm) -> None:
    header = "InvoiceNo,InvoiceDate,Client,Service,Description,Quantity,UnitPrice,TaxCode\n"
    file = header + "1,2026-02-01,Acme,SUP,Support,{},5,20.0% S"
    imported(firm, file.format(1).encode(), "standard")
    run = imported(firm, file.format(-1).encode(), "standard")
    assert runs.refusal_counts(run) == {"kind": 1}


def test_a_number_that_somebody_else_holds_is_refused(firm: Firm) -> None:
    with transaction():
        firm.entity.invoice_prefix = ""
    number = firm.open().number
    run = imported(firm, retail(row(str(number))))
    assert runs.refusal_counts(run) == {"number_taken": 1}


def test_a_document_that_can_t_be_written_is_refused_by_name_and_the_others_are_made(firm: Firm) -> None:
    """Part of it is paid, so it can't be billed to somebody else; until a person decides, nothing waits for it."""
    imported(firm, standard("1,Acme,A", "2,Acme,A"), "standard")
    firm.learn(0, (documents()[0], 100))
    run = imported(firm, standard("1,Bolt,B", "2,Bolt,B", "3,Acme,A"), "standard")
    assert (run.state, counts(run)) == (RunState.DONE, (1, 1, 0, 1))
    (refusal,) = runs.refusals(run).rows
    assert (refusal.number, refusal.lines, refusal.code) == ("1", "2", "not_written")
    assert refusal.reason.startswith("Payments are applied to it")


@pytest.mark.parametrize("cell", ["x" * 3000, "A\0B"], ids=["long", "nul"])
def test_a_text_that_no_column_takes_ends_the_run_all_the_same(firm: Firm, cell: str) -> None:
    run = imported(firm, standard(f"1,{cell},", "2,Acme,"), "standard")
    assert (run.state, run.position, run.made + run.refused) == (RunState.DONE, 2, 2)


@pytest.mark.parametrize("number", ["9" * 28, "100000001"])
def test_a_number_that_no_sum_can_hold_is_refused(firm: Firm, number: str) -> None:
    run = imported(firm, retail(row(quantity=number), row("2")))
    assert (counts(run), runs.refusal_counts(run)) == ((1, 0, 0, 1), {"bad_quantity": 1})


def test_a_file_that_stumbles_over_a_defect_ends_as_failed(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_run: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(carrying, "documents_of", stumble)
    run = imported(firm, retail(row()))
    assert (run.state, runs.running_runs()) == (RunState.FAILED, [])
    assert "portal's own log" in str(run.problem)


def test_a_killed_run_goes_on_where_it_stopped(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "CHUNK", 2)
    run = handed_in(firm, retail(*(row(str(number)) for number in range(1, 6)), row("Z9")))
    with transaction():
        runs.start(run)

    def die(position: int, _total: int) -> None:
        raise KeyboardInterrupt(position)

    with pytest.raises(KeyboardInterrupt):
        carry_out(run.id, progress=die)
    assert runs.running_runs() == [(run.organisation_id, run.id)]
    assert len(documents()) == 2
    assert counts(carry_out(run.id)) == (5, 0, 0, 1)
    assert (run.state, run.percent, len(documents())) == (RunState.DONE, 100, 5)


def test_a_chunk_during_which_the_database_goes_away_is_forgotten_whole_and_written_later(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = handed_in(firm, retail(row("1"), row("2")))
    with transaction():
        runs.start(run)
    with monkeypatch.context() as patch:
        patch.setattr(invoicing, "announce_opened", gone)
        with pytest.raises(OperationalError):
            carry_out(run.id)
    assert documents() == []
    assert counts(carry_out(run.id)) == (2, 0, 0, 0)


def gone(*_told: object, **_more: object) -> None:
    raise OperationalError("INSERT", {}, Exception("the database went away"))


def test_a_run_that_was_cancelled_or_not_started_does_nothing(firm: Firm) -> None:
    run = handed_in(firm, retail(row()))
    assert carry_out(run.id).state is RunState.UPLOADED
    with transaction():
        runs.cancel(run)
    assert carry_out(run.id).state is RunState.CANCELLED
    for verb in (runs.start, runs.cancel):
        with pytest.raises(ConflictError), transaction():
            verb(run)
    assert documents() == []


def test_a_file_that_can_not_be_read_ends_the_run_with_its_reason(firm: Firm) -> None:
    run = imported(firm, b"a,b\n1,2\n")
    assert run.state is RunState.FAILED
    assert run.problem is not None
    assert "lacks the columns InvoiceNo" in run.problem


def test_progress_is_told_chunk_by_chunk(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "CHUNK", 2)
    run = handed_in(firm, retail(*(row(str(number)) for number in range(3))))
    with transaction():
        runs.start(run)
    heard: list[tuple[int, int]] = []
    carry_out(run.id, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(2, 3), (3, 3)]
    assert [row.id for row in runs.recent_runs()] == [run.id]
    assert isinstance(run, ImportRun)
