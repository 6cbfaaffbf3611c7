"""A company that sorts its sales by class and location: what is chosen here arrives there, and stays in step."""

from __future__ import annotations

import pytest

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.outbox.models import MessageState
from app.quickbooks import catalogue
from app.sync.company import news as company_news
from app.sync.first_day import preflight_facts
from app.sync.mapping import choosing
from app.sync.records.mappings import ALL_OTHERS, MappingKind
from app.sync.steering import mending
from app.sync.steering.causes import causes
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync import weather
from tests.sync.books import Books, connection
from tests.sync.catching_up import catch_up, lose_webhooks

CLASS, LOCATION = MappingKind.CLASS, MappingKind.LOCATION


def track(books: Books, **preferences: bool) -> None:
    """The company's bookkeeper says so, and Counterfoil looks."""
    books.simulation.control(f"companies/{REALM}/preferences", {"AccountingInfoPrefs": preferences})
    company_news.look_again(books.engine.quickbooks, books.connection_id)


def make(books: Books, kind: str, name: str) -> str:
    return str(books.simulation.control(f"companies/{REALM}/records/{kind}", {"Name": name})["Id"])


def choose(books: Books, kind: MappingKind, subject_id: int, remote_id: str) -> int:
    db.session.rollback()
    with transaction():
        return choosing.choose(connection(books), kind, subject_id, remote_id, by="Olivia").released


@pytest.fixture
def sorted_books(books: Books) -> dict[str, str]:
    """Turn on classes by line and locations; make one of each; the ids by name."""
    track(books, ClassTrackingPerTxnLine=True, TrackDepartments=True)
    made = {"Projects": make(books, "Class", "Projects"), "Other": make(books, "Class", "Other")}
    made |= {"York": make(books, "Department", "York")}
    catalogue.refresh(books.engine.quickbooks, books.connection_id, ("Class", "Department"))
    return made


def shown(books: Books, invoice: Document) -> tuple[object, object]:
    """Class of the first line and location, by name, as the invoice is there."""
    record = books.simulation.record("Invoice", books.remote_id(invoice))
    detail = record["Line"][0]["SalesItemLineDetail"]
    return detail.get("ClassRef", {}).get("name"), record.get("DepartmentRef", {}).get("name")


def test_class_and_location_arrive_and_nothing_differs(books: Books, sorted_books: dict[str, str]) -> None:
    choose(books, CLASS, books.firm.support.id, sorted_books["Projects"])
    choose(books, LOCATION, books.firm.acme.id, sorted_books["York"])
    invoice = books.invoice()
    assert shown(books, invoice) == ("Projects", "York")
    books.listen()
    books.compare()
    assert books.drifts() == []


def test_the_choice_for_all_others_stands_in_and_without_one_nothing_is_said(
    books: Books, sorted_books: dict[str, str]
) -> None:
    assert shown(books, books.invoice()) == (None, None)
    choose(books, CLASS, ALL_OTHERS, sorted_books["Other"])
    choose(books, LOCATION, ALL_OTHERS, sorted_books["York"])
    assert shown(books, books.invoice()) == ("Other", "York")


def test_a_bookkeeper_may_sort_anew_without_a_difference(books: Books, sorted_books: dict[str, str]) -> None:
    choose(books, LOCATION, ALL_OTHERS, sorted_books["York"])
    invoice = books.invoice()
    leeds = make(books, "Department", "Leeds")
    books.simulation.handle("Invoice", books.remote_id(invoice), "edit", DepartmentRef={"value": leeds})
    books.listen()
    books.compare()
    assert books.drifts() == []
    with transaction():
        invoicing.change(books.fresh(invoice), books.firm.content(books.firm.line("150")), actor=ANN)
    books.send()
    assert shown(books, invoice)[1] == "Leeds"


def test_a_class_made_inactive_is_learnt_by_its_webhook_and_holds_what_would_name_it(
    books: Books, sorted_books: dict[str, str]
) -> None:
    choose(books, CLASS, books.firm.support.id, sorted_books["Projects"])
    books.simulation.webhooks()
    books.simulation.handle("Class", sorted_books["Projects"], "edit", Active=False, Name="Projects")
    books.listen()
    invoice = books.invoice()
    message = weather.message_of(invoice)
    assert (message.state, message.blocker) == (MessageState.PARKED, f"class:{books.firm.support.id}")
    assert choose(books, CLASS, books.firm.support.id, sorted_books["Other"]) == 1
    books.send()
    assert shown(books, invoice)[0] == "Other"


def test_one_that_was_not_heard_of_is_learnt_by_the_refusal(books: Books, sorted_books: dict[str, str]) -> None:
    choose(books, LOCATION, books.firm.acme.id, sorted_books["York"])
    books.invoice()
    books.simulation.handle("Department", sorted_books["York"], "edit", Active=False, Name="York")
    message = weather.message_of(books.invoice())
    assert (message.state, message.blocker) == (MessageState.PARKED, f"location:{books.firm.acme.id}")
    assert "which is inactive in QuickBooks" in (message.reason or "")


def test_a_choice_taken_back_lets_go_what_waited_for_it(books: Books, sorted_books: dict[str, str]) -> None:
    choose(books, LOCATION, books.firm.acme.id, sorted_books["York"])
    books.simulation.handle("Department", sorted_books["York"], "edit", Active=False, Name="York")
    invoice = books.invoice()
    with transaction():
        assert choosing.clear(connection(books), LOCATION, books.firm.acme.id) == 1
    books.send()
    assert shown(books, invoice) == (None, None)


def test_turned_off_there_it_is_not_said_and_what_waited_goes(books: Books, sorted_books: dict[str, str]) -> None:
    choose(books, CLASS, books.firm.support.id, sorted_books["Projects"])
    books.simulation.handle("Class", sorted_books["Projects"], "edit", Active=False, Name="Projects")
    invoice = books.invoice()
    assert weather.state(invoice) is MessageState.PARKED
    track(books, ClassTrackingPerTxnLine=False)
    books.send()
    assert shown(books, invoice) == (None, None)


def test_a_company_with_one_class_for_a_document_is_told_it_at_the_head(
    books: Books, sorted_books: dict[str, str]
) -> None:
    track(books, ClassTrackingPerTxnLine=False, ClassTrackingPerTxn=True)
    choose(books, CLASS, books.firm.support.id, sorted_books["Projects"])
    invoice = books.invoice()
    assert books.simulation.record("Invoice", books.remote_id(invoice))["ClassRef"]["name"] == "Projects"
    assert shown(books, invoice)[0] is None


def test_the_lists_are_read_when_a_company_begins_to_sort(books: Books) -> None:
    assert catalogue.all_active(books.connection_id, "Class") == []
    books.simulation.control(f"companies/{REALM}/preferences", {"AccountingInfoPrefs": {"ClassTrackingPerTxn": True}})
    make(books, "Class", "Projects")
    company_news.look_again(books.engine.quickbooks, books.connection_id)
    assert [row.name for row in catalogue.all_active(books.connection_id, "Class")] == ["Projects"]


def test_what_no_webhook_told_of_a_class_is_caught_up(books: Books, sorted_books: dict[str, str]) -> None:
    books.simulation.handle("Class", sorted_books["Other"], "edit", Active=True, Name="Renamed")
    lose_webhooks(books)
    assert catch_up(books).problem is None
    assert "Renamed" in [row.name for row in catalogue.all_active(books.connection_id, "Class")]


def test_the_check_counts_what_has_no_class_until_one_is_chosen_for_all_others(
    books: Books, sorted_books: dict[str, str]
) -> None:
    books.firm.open()
    assert checked(books) == ({"class": 1, "location": 1}, 0)
    choose(books, CLASS, ALL_OTHERS, sorted_books["Other"])
    choose(books, LOCATION, books.firm.acme.id, sorted_books["York"])
    assert checked(books) == ({"class": 0, "location": 0}, 0)
    with transaction() as session:
        catalogue.forget(session, books.connection_id, "Class", sorted_books["Other"])
    assert checked(books)[1] == 1


def checked(books: Books) -> tuple[dict[str, int], int]:
    company = preflight_facts.facts_of(books.engine, books.firm.entity).company
    assert company is not None
    return dict(company.unsorted), company.broken


def test_a_class_that_is_broken_is_mended_where_the_log_shows_it(books: Books, sorted_books: dict[str, str]) -> None:
    choose(books, CLASS, ALL_OTHERS, sorted_books["Projects"])
    with transaction() as session:
        catalogue.forget(session, books.connection_id, "Class", sorted_books["Projects"])
    invoice = books.invoice()
    (cause,) = causes()
    mender = mending.mender(cause)
    assert mender is not None
    assert (mender.noun, [one.label for one in mender.options]) == ("class", ["Other"])
    with transaction():
        assert mending.mend(cause, sorted_books["Other"], actor=ANN).released == 1
    books.send()
    assert shown(books, invoice)[0] == "Other"
