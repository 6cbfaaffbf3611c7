"""Who in QuickBooks a client may be: by whole name, by name but for the legal form, by address and a similar name."""

from __future__ import annotations

import pytest

from app.sync.mapping.client_suggestions import Customer, Customers, Likeness, Wanted

ACME = Customer("1", "Acme Dental Limited", "accounts@acme.example")
BOLT = Customer("2", "Bolt & Sons")


def likeness(wanted: Wanted, *more: Customer) -> Likeness | None:
    free = Customers([ACME, BOLT, *more])
    return free.same(wanted) or free.but(()).similar(wanted)


def test_the_whole_name_whatever_its_case_is_exact() -> None:
    found = likeness(Wanted("acme dental  LIMITED"))
    assert found == Likeness(ACME, "Same name", exact=True)


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        (Wanted("Acme Dental"), "Same name but for its legal form"),
        (Wanted("The practice", company_name="Acme Dental Ltd"), "Same name but for its legal form"),
        (Wanted("Acme Dentals of York", email="Accounts@acme.example"), None),
        (Wanted("Dental Acmee", email="accounts@acme.example"), "Same e-mail address, similar name"),
        (Wanted("Acme Dentel"), "Similar name, 91%"),
        (Wanted("Somebody else"), None),
        (Wanted("Ltd"), None),
    ],
)
def test_whoever_is_called_otherwise_is_suggested_with_the_reason(wanted: Wanted, reason: str | None) -> None:
    found = likeness(wanted)
    assert (found.reason if found else None) == reason
    assert not (found and found.exact)


def test_between_twins_nobody_is_suggested() -> None:
    assert likeness(Wanted("Acme Dental"), Customer("3", "Acme Dental Ltd")) is None
