"""Tax codes: list and form."""

from __future__ import annotations

from tests.billing.firm import Firm
from tests.web.walking import Walker, words

CODE = {"code": "12.5% T", "name": "Tourism", "treatment": "reduced", "rate_percent": "12.5"}


def test_a_tax_code_is_added(firm: Firm, adam: Walker) -> None:
    assert "12.5% T Tourism Reduced rate 12.5% In use" in words(adam.follow("/settings/tax-codes/new", **CODE))


def test_a_reverse_charge_says_that_nothing_is_added(firm: Firm, rhea: Walker) -> None:
    assert "Reverse charge nothing is added to the bill 20%" in words(rhea.get("/settings/tax-codes").text)


def test_a_rate_over_a_hundred_percent_is_refused(firm: Firm, adam: Walker) -> None:
    answer = adam.post("/settings/tax-codes/new", **{**CODE, "rate_percent": "120"})
    assert answer.status_code == 422
    assert "A rate lies between 0 and 100 percent." in answer.text


def test_a_tax_code_is_changed_and_deactivated(firm: Firm, adam: Walker) -> None:
    address = f"/settings/tax-codes/{firm.codes['Exempt']}"
    assert "12.5% T was saved." in words(adam.follow(address, **CODE))
    assert "12.5% T Tourism Reduced rate 12.5% Deactivated" in words(adam.follow(f"{address}/active", active="no"))


def test_staff_look_but_do_not_change(firm: Firm, stella: Walker) -> None:
    assert stella.get("/settings/tax-codes").status_code == 200
    assert stella.post("/settings/tax-codes/new", **CODE).status_code == 403


def test_without_codes_the_next_step_is_told(adam: Walker) -> None:
    assert "/settings/billing-entity/new" in adam.get("/settings/tax-codes").text
