"""Imports: hand in, dry run, start, progress, refusals."""

from __future__ import annotations

import io

import pytest

from app.billing.importing.carrying import carry_out
from app.billing.importing.run import ImportRun, RunState
from app.foundation.database import db
from tests.billing.firm import Firm
from tests.web import abroad
from tests.web.walking import Walker, words
from tests.world import World

HEAD = "InvoiceNo,InvoiceDate,Client,Service,Description,Quantity,UnitPrice,TaxCode\n"
GOOD = "M-1,2026-03-02,Acme,SUP,Support,2,85,20.0% S\n"
BAD = "M-2,never,Acme,SUP,Support,2,85,20.0% S\n"


def hand_in(person: Walker, text: str = HEAD + GOOD + BAD, profile: str = "standard") -> int:
    """Hand a file in; the id of its run."""
    file = (io.BytesIO(text.encode()), "march.csv")
    answer = person.post("/imports", file=file, profile=profile)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def state_of(run: int) -> RunState:
    db.session.rollback()
    return db.session.get_one(ImportRun, run).state


def test_a_file_is_kept_and_nothing_imported_yet(firm: Firm, stella: Walker) -> None:
    run = hand_in(stella)
    assert state_of(run) is RunState.UPLOADED
    assert "Reading the file" in stella.get(f"/imports/{run}").text
    assert "INV" not in stella.fragment("/invoices").text


def test_the_dry_run_tells_what_each_document_becomes(firm: Firm, stella: Walker) -> None:
    page = words(stella.fragment(f"/imports/{hand_in(stella)}/dry-run").text)
    assert "New 1 Changed 0 Unchanged 0 Refused 1 Invoices come to £204.00" in page
    assert "is not a date" in page
    assert "Import 1 documents and open them" in page


def test_the_dry_run_says_how_it_read_the_dates(northgate: World, stella: Walker) -> None:
    abroad.build("US")
    file = HEAD + GOOD.replace("2026-03-02", "03/04/2026").replace("SUP", "SUP-US").replace("20.0% S", "TAX")
    page = words(stella.fragment(f"/imports/{hand_in(stella, file)}/dry-run").text)
    assert "Invoices come to $170.00" in page
    assert "read month first: 03/04/2026 is the fourth of March." in page
    assert "Mar 4, 2026" in page


def test_a_number_that_quickbooks_cannot_take_is_told_beforehand(firm: Firm, stella: Walker) -> None:
    long = GOOD.replace("M-1", "M-" + "1" * 20)
    page = words(stella.fragment(f"/imports/{hand_in(stella, HEAD + GOOD + long)}/dry-run").text)
    assert "1 document has a number of more than 21 characters" in page
    assert page.count("The number is too long for QuickBooks.") == 1


def test_the_dry_run_is_narrowed_to_a_verdict(firm: Firm, stella: Walker) -> None:
    page = words(stella.get(f"/imports/{hand_in(stella)}/dry-run?verdict=refused").text)
    assert "M-2" in page
    assert "M-1" not in page


def test_a_file_that_is_no_table_is_said_to_be_none(firm: Firm, stella: Walker) -> None:
    run = hand_in(stella, "Apples,Pears\n1,2\n")
    assert "lacks the columns" in stella.fragment(f"/imports/{run}/dry-run").text


@pytest.mark.parametrize(("answer", "opened"), [("yes", True), ("no", False)])
def test_starting_leaves_the_rest_to_the_worker(firm: Firm, stella: Walker, answer: str, *, opened: bool) -> None:
    run = hand_in(stella)
    page = stella.follow(f"/imports/{run}/start", open=answer)
    assert "Waiting for the worker" in page
    assert state_of(run) is RunState.RUNNING
    assert db.session.get_one(ImportRun, run).open_documents is opened


def test_an_import_is_started_once(firm: Firm, stella: Walker) -> None:
    run = hand_in(stella)
    stella.post(f"/imports/{run}/start", open="yes")
    assert stella.post(f"/imports/{run}/start", open="yes").status_code == 409


def test_progress_is_silent_until_something_moves_and_ends_by_itself(firm: Firm, stella: Walker) -> None:
    run = hand_in(stella)
    stella.post(f"/imports/{run}/start", open="yes")
    assert stella.fragment(f"/imports/{run}/progress?revision=running-0").status_code == 204
    carry_out(run)
    assert stella.fragment(f"/imports/{run}/progress?revision=running-0").status_code == 286


def test_what_was_refused_is_listed_with_lines_and_taken_away_as_a_file(firm: Firm, stella: Walker) -> None:
    run = hand_in(stella, HEAD + GOOD + BAD.replace("M-2", "=2+2"))
    stella.post(f"/imports/{run}/start", open="yes")
    carry_out(run)
    assert "New 1 Changed 0 Unchanged 0 Refused 1" in words(stella.get(f"/imports/{run}").text)
    file = stella.get(f"/imports/{run}/refusals.csv")
    assert "attachment" in file.headers["Content-Disposition"]
    assert file.text.splitlines()[1].startswith("'=2+2,3,bad_issued,")


def test_an_import_is_put_away_or_stopped(firm: Firm, stella: Walker) -> None:
    run = hand_in(stella)
    assert "The file was put away." in stella.follow(f"/imports/{run}/cancel")
    assert state_of(run) is RunState.CANCELLED
    assert "Nothing was imported" in stella.get(f"/imports/{run}").text


def test_without_a_file_the_form_comes_back(firm: Firm, stella: Walker) -> None:
    answer = stella.post("/imports", profile="retail")
    assert answer.status_code == 422
    assert "Choose a file." in answer.text


@pytest.mark.parametrize("profile", ["standard", "retail"])
def test_the_sample_of_a_profile_can_be_imported(firm: Firm, stella: Walker, profile: str) -> None:
    sample = stella.get(f"/imports/sample.csv?profile={profile}").text
    page = words(stella.fragment(f"/imports/{hand_in(stella, sample, profile)}/dry-run").text)
    assert "New 2 Changed 0 Unchanged 0 Refused 0" in page


def test_there_is_no_sample_of_an_unknown_profile(stella: Walker) -> None:
    assert stella.get("/imports/sample.csv?profile=excel").status_code == 404


def test_readers_import_nothing(firm: Firm, rhea: Walker) -> None:
    assert rhea.get("/imports").status_code == 403


def test_without_a_billing_entity_the_way_leads_there(stella: Walker) -> None:
    assert "/settings/billing-entity" in stella.get("/imports").text
