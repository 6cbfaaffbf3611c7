"""The help page says whom to ask: the owners, and whoever runs the installation."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.walking import Walker


def test_it_names_the_owners(stella: Walker) -> None:
    page = stella.get("/help").text
    assert "mailto:olivia@" in page
    assert "Counterfoil itself is run by" not in page


def test_it_names_whoever_runs_the_installation(stella: Walker, configured: Callable[..., None]) -> None:
    configured(operator_name="Northgate Hosting", operator_email="help@northgate.example")
    assert "run by Northgate Hosting" in stella.get("/help").text
