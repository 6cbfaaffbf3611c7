"""Classes and locations: what a document says of them, and what it does when one can't be used any more."""

from __future__ import annotations

import pytest

from app.outbox.models import Subject
from app.quickbooks import documents as rules
from app.quickbooks.models import ClassTracking
from app.sync.judging import documents, headings
from app.sync.judging.facts import Heading, LineFacts
from app.sync.judging.readiness import Step, first_finding
from tests.sync.facts import LINK, books, document, line

PROJECTS, SUPPORT = Heading("51", "", "class:42"), Heading("52", "", "class:43")
YORK = Heading("61", "", "location:5")
GONE = Heading("53", "“Old”, which is inactive in QuickBooks", "class:42")
PER_LINE = books(class_tracking=ClassTracking.PER_LINE)
PER_DOCUMENT = books(class_tracking=ClassTracking.PER_TRANSACTION)
PLACES = books(tracks_locations=True)
COMMENT = line(is_comment=True, service_id=None)


def classes(made: dict[str, object]) -> list[object]:
    lines = made["Line"]
    assert isinstance(lines, list)
    return [one["SalesItemLineDetail"].get("ClassRef") for one in lines if "SalesItemLineDetail" in one]


def test_a_company_that_sorts_nothing_is_told_neither() -> None:
    made = documents.sales_document(document(lines=(line(heading=PROJECTS),), location=YORK), books())
    assert (classes(made), "ClassRef" in made, "DepartmentRef" in made) == ([None], False, False)


def test_each_line_goes_under_the_class_of_its_service_and_its_discount_too() -> None:
    lines = (line(heading=PROJECTS, discount_pence=100), line(heading=None), COMMENT)
    made = documents.sales_document(document(lines=lines), PER_LINE)
    rules.check("Invoice", made)
    assert classes(made) == [{"value": "51"}, {"value": "51"}, None]
    assert "ClassRef" not in made


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((line(heading=PROJECTS), line(heading=PROJECTS), COMMENT), "51"),
        ((line(heading=PROJECTS), line(heading=SUPPORT)), "52"),
        ((line(heading=PROJECTS), line(heading=None)), "52"),
    ],
)
def test_a_document_with_one_class_gets_what_its_lines_share_else_the_default(
    lines: tuple[LineFacts, ...], told: str
) -> None:
    made = documents.sales_document(document(lines=lines, default_class=SUPPORT), PER_DOCUMENT)
    rules.check("Invoice", made)
    assert (made["ClassRef"], set(map(str, classes(made)))) == ({"value": told}, {"None"})


@pytest.mark.parametrize("kind", ["invoice", "credit_note"])
def test_a_new_document_names_the_location_of_its_client(kind: str) -> None:
    made = documents.sales_document(document(subject=Subject(kind, 9), location=YORK), PLACES)
    assert made["DepartmentRef"] == {"value": "61"}


def test_an_amendment_leaves_to_the_bookkeeper_what_stands_at_its_head() -> None:
    company = books(class_tracking=ClassTracking.PER_TRANSACTION, tracks_locations=True)
    made = documents.sales_document(document(link=LINK, location=YORK, lines=(line(heading=PROJECTS),)), company)
    assert not {"ClassRef", "DepartmentRef"} & made.keys()


def test_an_amendment_says_the_class_of_its_lines_again_for_they_are_written_whole() -> None:
    made = documents.sales_document(document(link=LINK, lines=(line(heading=PROJECTS),)), PER_LINE)
    assert classes(made) == [{"value": "51"}]


def test_a_class_that_became_inactive_holds_what_would_name_it() -> None:
    finding = first_finding(document(lines=(line(heading=GONE),)), PER_LINE)
    assert finding is not None
    assert (finding.step, finding.blocker, finding.fix) == (Step.HOLD, "class:42", headings.MAP_CLASSES)
    assert finding.sentence == "Its class is “Old”, which is inactive in QuickBooks."


def test_what_is_not_said_holds_nothing() -> None:
    broken_place = YORK._replace(trouble="“Leeds”, which is inactive in QuickBooks")
    whole = document(lines=(line(heading=GONE),), location=broken_place)
    assert first_finding(whole, books()) is None
    assert first_finding(document(link=LINK, location=broken_place), PLACES) is None
    finding = first_finding(whole, PLACES)
    assert finding is not None
    assert (finding.blocker, finding.fix) == ("location:5", headings.MAP_LOCATIONS)


def test_a_class_that_is_broken_twice_is_told_once() -> None:
    broken = document(lines=(line(heading=GONE), line(heading=GONE)))
    assert len(list(headings.unusable(broken, PER_LINE))) == 1
