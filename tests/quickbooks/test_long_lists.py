"""Looking into a list of tens of thousands of records without reading it whole."""

from __future__ import annotations

from typing import Any

import pytest

from app.foundation.database import transaction
from app.quickbooks import catalogue, long_lists

ITEMS: list[dict[str, Any]] = [
    {"Id": "1", "Name": "Managed Support", "Sku": "MS-1"},
    {"Id": "2", "Name": "Hours"},
    {"Id": "3", "Name": "Hours"},
    {"Id": "4", "Name": "Backup of 100% of it", "Active": False},
    {"Id": "5", "Name": "Cloud backup"},
]


@pytest.fixture
def items(connection_id: int) -> int:
    """Five items, one of them inactive, and a customer who is called like one."""
    with transaction() as session:
        catalogue.note_all(session, connection_id, "Item", [{"SyncToken": "0", **one} for one in ITEMS])
        catalogue.note(session, connection_id, "Customer", {"Id": "9", "SyncToken": "0", "DisplayName": "Hours"})
    return connection_id


def test_all_are_listed_by_name_or_the_first_of_them(items: int) -> None:
    assert [row.remote_id for row in catalogue.all_active(items, "Item")] == ["5", "2", "3", "1"]
    assert len(catalogue.all_active(items, "Item", 2)) == 2
    assert long_lists.count(items, "Item") == 4


def test_namesakes_are_found_whatever_their_case_and_by_their_sku_when_asked(items: int) -> None:
    assert {row.remote_id for row in long_lists.called(items, "Item", ["HOURS", " "])} == {"2", "3"}
    assert long_lists.called(items, "Item", ["ms-1"]) == []
    assert [row.name for row in long_lists.called(items, "Item", ["ms-1"], or_sku=True)] == ["Managed Support"]


def test_what_shares_a_word_is_found_and_short_words_do_not_count(items: int) -> None:
    assert [row.remote_id for row in long_lists.sharing_a_word(items, "Item", "Backup or support", 10)] == ["1", "5"]
    assert len(long_lists.sharing_a_word(items, "Item", "Backup or support", 1)) == 1
    assert long_lists.sharing_a_word(items, "Item", "of it", 10) == []
