"""What holds a document back, or lets it go, with Northgate IT's company on the other side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.billing import invoicing
from app.billing.content import content_of
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from app.quickbooks import catalogue
from app.sync.mapping import choosing
from app.sync.records.mappings import MappingKind, mapping_of
from app.sync.records.policies import WhenClosed, policy_of
from app.sync.watching import standing
from app.sync.watching.standing import Place
from tests.billing.firm import ANN
from tests.sync.books import Books, connection

CODE = "20.0% S"


def amend(books: Books, document: Document, **changes: object) -> None:
    row = books.fresh(document)
    with transaction():
        invoicing.change(row, replace(content_of(row), **changes), actor=ANN)  # type: ignore[arg-type]
    books.send()


def theirs(books: Books, document: Document) -> dict[str, object]:
    return books.simulation.record("Invoice", books.remote_id(document))


def misrate(books: Books, rate: str = "17.5") -> None:
    """Say that the code we mapped ours to charges another percentage now."""
    chosen = mapping_of(books.connection_id, MappingKind.TAX_CODE, books.firm.codes[CODE])
    assert chosen is not None
    with transaction():
        row = catalogue.by_id(books.connection_id, "TaxCode", chosen.remote_id)
        assert row is not None
        row.data = {**row.data, "rate": rate}


def test_a_tax_code_of_another_rate_holds_the_invoice_before_it_is_sent(books: Books) -> None:
    misrate(books)
    document = books.firm.open()
    books.send()
    found = standing.of_document(books.fresh(document))
    assert (found.place, found.blocker) == (Place.HELD, f"tax_code:{books.firm.codes[CODE]}")
    assert "is mapped to “20.0% S (17.5%)”, but here 20% is charged." in found.sentence


def test_a_rate_that_is_corrected_there_sets_free_what_waited_for_it_and_nothing_else(books: Books) -> None:
    misrate(books)
    document = books.firm.open()
    books.send()
    with transaction():
        choosing.clear(connection(books), MappingKind.TAX_CODE, books.firm.codes["0.0% Z"])
    other = books.firm.open(books.firm.line("10", code="0.0% Z"))
    books.send()
    with transaction():
        assert choosing.release_corrected_everywhere() == 0
    misrate(books, "20")
    with transaction():
        assert choosing.release_corrected_everywhere() == 1
    books.send()
    assert standing.of_document(books.fresh(document)).place is Place.THERE
    assert standing.of_document(books.fresh(other)).place is Place.HELD


def test_a_tax_code_of_another_rate_can_t_be_chosen(books: Books) -> None:
    with pytest.raises(BadInputError, match=r"charges 20% here, and 5\.0% R"), transaction():
        choosing.choose(connection(books), MappingKind.TAX_CODE, books.firm.codes[CODE], "5", by="Olivia")


def test_a_service_mapped_to_an_inactive_item_is_held_until_it_is_active_again(books: Books) -> None:
    books.invoice()
    chosen = mapping_of(books.connection_id, MappingKind.SERVICE, books.firm.support.id)
    assert chosen is not None
    books.simulation.handle("Item", chosen.remote_id, "edit", Active=False)
    books.listen()
    document = books.firm.open()
    books.send()
    found = standing.of_document(books.fresh(document))
    assert (found.place, found.blocker) == (Place.HELD, f"service:{books.firm.support.id}")
    assert "which is inactive in QuickBooks" in found.sentence
    books.simulation.handle("Item", chosen.remote_id, "edit", Active=True)
    books.listen()
    books.send()
    assert standing.of_document(books.fresh(document)).place is Place.THERE


def test_an_invoice_amended_to_nothing_is_nothing_there_too(books: Books) -> None:
    document = books.invoice()
    amend(books, document, lines=(books.firm.line("0"),))
    assert theirs(books, document)["TotalAmt"] == 0
    assert books.compare().drifts == 0


def test_a_void_of_what_is_kept_back_is_not_told(books: Books) -> None:
    document = books.invoice()
    with transaction():
        invoicing.keep_back(books.fresh(document), actor=ANN)
    with transaction():
        invoicing.void(books.fresh(document), "wrong client", actor=ANN)
    books.send()
    assert theirs(books, document)["TotalAmt"] == 120
    assert standing.of_document(books.fresh(document)).place is Place.OPTED_OUT


def test_what_was_dated_the_first_open_day_agrees_and_can_be_amended(books: Books) -> None:
    close(books, "2026-03-10")
    document = books.invoice()
    assert theirs(books, document)["TxnDate"] == "2026-03-11"
    assert books.compare().drifts == 0
    amend(books, document, memo="Thank you")
    assert standing.of_document(books.fresh(document)).place is Place.THERE
    assert theirs(books, document)["TxnDate"] == "2026-03-11"


def close(books: Books, day: str) -> None:
    wanted = {"AccountingInfoPrefs": {"BookCloseDate": day}}
    books.simulation.control("companies/9341450000000001/preferences", wanted)
    with transaction():
        connection(books).book_close_date = date.fromisoformat(day)
        policy_of(books.connection_id).closed_books = WhenClosed.FIRST_OPEN_DAY


def test_the_bookkeeper_s_note_outlives_an_amendment_and_a_memo_goes_when_it_is_emptied(books: Books) -> None:
    document = books.invoice()
    amend(books, document, memo="Thanks")
    books.simulation.handle("Invoice", books.remote_id(document), "edit", PrivateNote="Chased by phone")
    books.listen()
    amend(books, document, memo="")
    assert theirs(books, document)["PrivateNote"] == "Chased by phone"
    assert theirs(books, document).get("CustomerMemo") in (None, {}, {"value": ""})
    assert not list(db.session.scalars(select(Document).where(Document.memo != "")))
