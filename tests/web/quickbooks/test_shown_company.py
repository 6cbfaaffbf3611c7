"""What is clicked on an old page is meant for the company that it showed, and for no other."""

from __future__ import annotations

import re

import pytest

from app.foundation.database import db, transaction
from app.outbox.models import Mode
from app.quickbooks.models import Connection
from app.sync.records.mappings import Mapping
from tests.web.quickbooks.desk import Desk

CONFIRM = "/mappings/confirm?kind=tax-codes"


def shown(page: str) -> str:
    (number,) = set(re.findall(r'name="shown_company" value="(\d+)"', page))
    return str(number)


def mappings(desk: Desk) -> int:
    db.session.rollback()
    return db.session.query(Mapping).count()


@pytest.fixture
def moved(connected: Desk) -> tuple[Desk, str]:
    """The mapping page was open when somebody turned to the sandbox, where another company is connected."""
    old = shown(connected.get("/mappings?kind=tax-codes").text)
    with transaction() as session:
        connected.firm.entity.mode = Mode.TEST
        live = session.get_one(Connection, int(old))
        fields = ("organisation_id", "billing_entity_id", "state", "connected_at", "company_name", "country")
        session.add(Connection(mode="test", realm_id="77", **{name: getattr(live, name) for name in fields}))
    return connected, old


def test_a_form_names_the_company_for_which_it_was_shown(connected: Desk) -> None:
    page = connected.get("/mappings?kind=tax-codes").text
    assert shown(page) == str(connected.connection.id)
    assert f'"X-Shown-Company": "{connected.connection.id}"' in page


def test_what_names_the_present_company_is_done(connected: Desk) -> None:
    before = mappings(connected)
    connected.post(CONFIRM, shown_company=shown(connected.get("/mappings?kind=tax-codes").text))
    assert mappings(connected) > before


def test_what_names_another_company_is_refused_and_changes_nothing(moved: tuple[Desk, str]) -> None:
    desk, old = moved
    before = mappings(desk)
    answer = desk.post(CONFIRM, shown_company=old)
    assert answer.status_code == 409
    assert "since this page was shown" in answer.text
    assert mappings(desk) == before


def test_a_page_of_another_room_names_none(connected: Desk) -> None:
    assert "shown_company" not in connected.browser.get("/account").text
