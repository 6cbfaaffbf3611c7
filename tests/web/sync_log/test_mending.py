"""A cause is mended where it is shown, on the log and on the dashboard."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from app.billing import catalogue as ours
from app.billing.catalogue_fields import ServiceFields
from app.billing.document import Document
from app.foundation.database import db, transaction
from app.quickbooks import catalogue
from app.sync.records.policies import WhenServiceMissing, policy_of
from app.sync.steering.causes import causes
from tests.billing.firm import ANN
from tests.simulation import REALM
from tests.sync.books import Books
from tests.web.walking import Walker, words

LOG = "/quickbooks/log"


@pytest.fixture
def held(books: Books) -> list[Document]:
    """Three invoices of two clients wait for the item of a service; QuickBooks has one of that name."""
    books.simulation.control(
        f"companies/{REALM}/records/Item",
        {"Name": "Backup per GB", "Type": "Service", "IncomeAccountRef": {"value": "1"}},
    )
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
        backup = ours.create_service(ServiceFields(code="BACKUP", name="Backup per GB"), actor=ANN)
    line = replace(books.firm.line("35"), service_id=backup.id)
    clients = (books.firm.acme, books.firm.acme, books.firm.bolt)
    documents = [books.firm.open(line, client=client) for client in clients]
    books.send()
    return documents


def key() -> str:
    db.session.rollback()
    return causes()[0].key


def item(page: str) -> str:
    """The id of the suggested item."""
    return str(re.findall(r'<option value="(\d+)" selected>', page)[0])


@pytest.mark.parametrize("page", [LOG, "/"])
def test_who_waits_and_what_is_suggested_are_said_with_the_effect(
    held: list[Document], adam: Walker, page: str
) -> None:
    shown = words(adam.get(page).text)
    assert "Service “BACKUP” has no item in QuickBooks yet." in shown
    assert "3 invoices of 2 clients wait." in shown
    assert "Save and release 3" in shown
    assert "Suggested:" in shown


def test_saving_on_the_log_releases_exactly_those_and_keeps_the_filters(
    books: Books, held: list[Document], adam: Walker
) -> None:
    chosen = item(adam.get(LOG).text)
    answer = adam.post(f"{LOG}/causes/{key()}", remote_id=chosen, back="show=problems")
    assert answer.location == f"{LOG}?show=problems"
    assert "“Backup per GB” was chosen. 3 operations are on the way now." in adam.get(answer.location).text
    books.send()
    assert all(books.link(document) for document in held)


def test_saving_on_the_dashboard_swaps_that_part_alone_and_takes_the_focus(held: list[Document], adam: Walker) -> None:
    chosen = item(adam.get("/").text)
    answer = adam.browser.post(
        f"{LOG}/causes/{key()}",
        data={"csrf_token": adam.token, "remote_id": chosen, "page": "home"},
        headers={"HX-Request": "true"},
    )
    assert answer.headers["HX-Trigger"] == "causes-changed"
    assert answer.text.startswith('<div id="causes">') or '<div id="causes">' in answer.text.lstrip()[:20]
    assert 'id="causes-said" tabindex="-1" autofocus' in answer.text
    assert "What needs somebody" not in answer.text


@pytest.mark.parametrize("fragment", [True, False])
def test_a_refused_choice_says_why_beside_the_field(held: list[Document], adam: Walker, *, fragment: bool) -> None:
    headers = {"HX-Request": "true"} if fragment else {}
    fields = {"csrf_token": adam.token, "remote_id": "4711"}
    answer = adam.browser.post(f"{LOG}/causes/{key()}", data=fields, headers=headers, follow_redirects=True)
    assert answer.status_code == (422 if fragment else 200)
    assert "Choose an active record of the list." in answer.text


def test_what_may_be_chosen_is_searched(held: list[Document], adam: Walker) -> None:
    found = words(adam.fragment(f"{LOG}/causes/{key()}/options?search=backup").text)
    assert "1 to choose from" in found
    assert "Nothing in QuickBooks that may be chosen contains “elephant”." in words(
        adam.fragment(f"{LOG}/causes/{key()}/options?search=elephant").text
    )


def test_a_cause_that_is_gone_says_so(held: list[Document], adam: Walker) -> None:
    answer = adam.post(f"{LOG}/causes/nothing", remote_id="1")
    assert answer.status_code == 404
    assert "somebody has mended it meanwhile" in answer.text


def test_those_of_a_cause_are_listed_alone(books: Books, held: list[Document], adam: Walker) -> None:
    books.firm.open()
    page = adam.get(f"{LOG}?cause={key()}").text
    assert page.count('name="message"') == 3
    assert "Only what waits for this is shown." in page
    assert "Nothing waits for this any more." in adam.get(f"{LOG}?cause=gone").text


def test_staff_may_retry_but_not_map(held: list[Document], stella: Walker) -> None:
    page = stella.get(LOG).text
    assert "Save and release" not in page
    assert "Retry all 3" in words(page)
    assert stella.post(f"{LOG}/causes/{key()}", remote_id="1").status_code == 403


def test_retrying_on_the_dashboard_comes_back_to_it(held: list[Document], stella: Walker) -> None:
    assert stella.post(f"{LOG}/retry", cause=key(), page="home").location == "/"


def test_nothing_of_a_neighbour_is_mended(held: list[Document], xavier: Walker) -> None:
    assert xavier.post(f"{LOG}/causes/{key()}", remote_id="1").status_code == 404
