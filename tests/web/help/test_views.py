"""The help page says whom to ask: the owners, and whoever runs the installation."""

from __future__ import annotations

from collections.abc import Callable

from app.sync.watching.standing import Place
from tests.web.walking import Walker, words


def test_it_names_the_owners(stella: Walker) -> None:
    page = stella.get("/help").text
    assert "mailto:olivia@" in page
    assert "Counterfoil itself is run by" not in page


def test_it_names_whoever_runs_the_installation(stella: Walker, configured: Callable[..., None]) -> None:
    configured(operator_name="Northgate Hosting", operator_email="help@northgate.example")
    assert "run by Northgate Hosting" in stella.get("/help").text


def test_every_word_for_where_a_document_is_is_explained(stella: Walker) -> None:
    page = words(stella.get("/help").text)
    assert [place.value for place in Place if place.value not in page] == []


def test_what_was_opened_before_a_company_was_connected_is_explained_by_the_word_it_bears(stella: Walker) -> None:
    said = words(stella.get("/help").text)
    assert "opened while nothing was sent by itself" in said.partition("Not sent yet")[2].partition("Stays here")[0]
