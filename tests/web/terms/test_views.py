"""Payment terms: list and form."""

from __future__ import annotations

from app.billing.laying_out import lay_out_terms
from tests.billing.firm import Firm
from tests.web.walking import Walker, words


def test_a_term_is_added(firm: Firm, adam: Walker) -> None:
    assert "Net 45 45 In use" in words(adam.follow("/settings/terms/new", name="Net 45", due_days="45"))


def test_days_that_are_no_number_are_refused_and_kept(firm: Firm, adam: Walker) -> None:
    answer = adam.post("/settings/terms/new", name="Net 45", due_days="soon")
    assert answer.status_code == 422
    assert 'value="soon"' in answer.text


def test_a_name_that_is_taken_is_refused(firm: Firm, adam: Walker) -> None:
    assert adam.post("/settings/terms/new", name="Net 30", due_days="30").status_code == 422


def test_a_term_is_changed_and_deactivated(firm: Firm, adam: Walker) -> None:
    address = f"/settings/terms/{lay_out_terms()['Net 60'].id}"
    assert "Net 90 was saved." in adam.follow(address, name="Net 90", due_days="90")
    assert "Net 90 90 Deactivated" in words(adam.follow(f"{address}/active", active="no"))


def test_staff_look_but_do_not_change(firm: Firm, stella: Walker) -> None:
    assert "Net 30" in stella.get("/settings/terms").text
    assert stella.get("/settings/terms/new").status_code == 403
