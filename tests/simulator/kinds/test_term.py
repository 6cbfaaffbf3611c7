"""Terms: days from the document's date, or a day of the month (§3.8)."""

import pytest

from tests.simulator.client import Client


def test_a_term_of_days_is_standard_and_of_a_day_in_the_month_date_driven(app: Client) -> None:
    made = [
        app.write("term", sent) for sent in ({"Name": "Net 45", "DueDays": 45}, {"Name": "20th", "DayOfMonthDue": 20})
    ]
    assert [one["Type"] for one in made] == ["STANDARD", "DATE_DRIVEN"]
    assert list(made[0])[:5] == ["Name", "Active", "Type", "DueDays", "DiscountDays"]


def test_a_term_without_days_is_refused_2020(app: Client) -> None:
    assert app.refused("term", {"Name": "Some day"})[0] == "2020"


@pytest.mark.parametrize(
    ("sent", "code"),
    [({"Name": "N" * 32, "DueDays": 1}, "2050"), ({"Name": "P", "DueDays": 1, "DiscountPercent": 101}, "2090"),
     ({"Name": "net 30", "DueDays": 1}, "6240")],
)  # fmt: skip
def test_a_term_keeps_to_its_limits(app: Client, sent: dict[str, object], code: str) -> None:
    assert app.refused("term", sent)[0] == code


def test_a_discount_for_paying_early_is_kept(app: Client) -> None:
    made = app.write("term", {"Name": "2/10 net 30", "DueDays": 30, "DiscountPercent": 2, "DiscountDays": 10})
    assert (made["DiscountPercent"], made["DiscountDays"]) == (2, 10)
