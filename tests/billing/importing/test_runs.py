"""Files handed in, and their dry runs."""

from __future__ import annotations

import io
from datetime import date

import pytest
from sqlalchemy import func, select

from app.billing.document import Document
from app.billing.entity import TaxRegime
from app.billing.importing import runs, snapshot
from app.billing.importing.planning import Verdict
from app.billing.kinds import DocumentKind
from app.foundation.database import db, transaction
from app.foundation.errors import BadInputError
from tests.billing import firm as worlds
from tests.billing.firm import ANN, Firm
from tests.billing.importing.files import handed_in, imported, retail, row, standard
from tests.world import World


def test_a_dry_run_says_what_would_happen_and_does_nothing(firm: Firm) -> None:
    imported(firm, retail(row("1"), row("2")))
    run = handed_in(
        firm, retail(row("1"), row("2", price="9"), row("3"), row("4", price="0"), row("C5", quantity="-1"))
    )
    plan = runs.dry_run(run)
    assert [planned.verdict.value for planned in plan.documents] == ["unchanged", "changed", "new", "refused", "new"]
    assert plan.counts()[Verdict.NEW] == 2
    assert plan.refused_by_code() == {"zero_total": 1}
    assert plan.gross_pence(DocumentKind.INVOICE) == 1836 + 6480 + 1836
    assert plan.gross_pence(DocumentKind.CREDIT_NOTE) == 306
    assert db.session.scalar(select(func.count(Document.id))) == 2


def test_a_file_is_kept_piece_by_piece_and_read_back_whole(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_PIECE", 10)
    content = retail(row())
    run = handed_in(firm, content)
    with runs.read_back(run) as stream:
        assert stream.read() == content
    assert run.file_bytes == len(content)


@pytest.mark.parametrize(
    ("country", "day"), [("GB", date(2026, 4, 3)), ("US", date(2026, 3, 4)), ("CA", None), ("JP", None)]
)
def test_a_date_with_slashes_is_read_as_the_country_of_the_billing_entity_writes_it(
    firm: Firm, country: str, day: date | None
) -> None:
    with transaction():
        firm.entity.country = country
    file = standard("1,Acme,A").replace(b"2026-02-01", b"03/04/2026")
    (planned,) = runs.dry_run(handed_in(firm, file, "standard")).documents
    assert (planned.document.issue_date if planned.document else None) == day


def test_a_shops_file_from_britain_stays_british_for_whoever_hands_it_in(firm: Firm) -> None:
    with transaction():
        firm.entity.country = "US"
    file = retail(row()).replace(b"2010-12-01 08:26:00", b"03/04/2010")
    (planned,) = runs.dry_run(handed_in(firm, file)).documents
    assert planned.document
    assert planned.document.issue_date == date(2010, 4, 3)


def test_a_file_that_is_too_large_or_of_an_unknown_kind_is_refused(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MAX_BYTES", 10)
    for profile, reason in (("retail", "larger than"), ("wholesale", "no profile")):
        with pytest.raises(BadInputError, match=reason), transaction():
            runs.hand_in(firm.entity, profile, ("x.csv", io.BytesIO(retail(row()))), actor=ANN)


def test_many_documents_are_looked_up_at_once(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    file = retail(row("1"), row("2"))
    imported(firm, file)
    monkeypatch.setattr(snapshot, "MANY", 1)
    assert runs.dry_run(handed_in(firm, file)).counts()[Verdict.UNCHANGED] == 2


def test_elsewhere_the_codes_of_the_uk_are_not_laid_out(northgate: World) -> None:
    firm = worlds.build(TaxRegime.NONE)
    run = handed_in(firm, retail(row()))
    assert runs.dry_run(run).refused_by_code() == {"tax_code": 1}


def test_where_the_books_compute_the_tax_a_line_takes_its_services_code(northgate: World) -> None:
    firm = worlds.build(TaxRegime.US_AUTOMATED)
    file = standard("1,Acme,A").replace(b"20.0% S", b"")
    assert runs.dry_run(handed_in(firm, file, "standard")).refused_by_code() == {"tax_code_id": 1}
    with transaction():
        firm.support.tax_code_id = firm.codes["TAX"]
    assert imported(firm, file, "standard").made == 1
