"""The addresses that are entered at Intuit, and how they are known again."""

from __future__ import annotations

import pytest

from app.web.webhooks.addresses import SHARED, address_of, slug_in


@pytest.mark.parametrize("slug", ["", "bLo8xPq-_2"])
def test_an_address_leads_back_to_its_slug(slug: str) -> None:
    assert slug_in(address_of(slug)) == slug


def test_the_shared_app_has_no_slug() -> None:
    assert address_of(None) == SHARED


@pytest.mark.parametrize("path", ["/", "/webhooks", SHARED + "/", SHARED + "s", SHARED + "/a/b", "/x" + SHARED])
def test_other_addresses_are_none(path: str) -> None:
    assert slug_in(path) is None
