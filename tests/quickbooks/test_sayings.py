"""The catalogue of what Intuit says: every recorded number, each in plain words."""

from __future__ import annotations

import re

import pytest

from app.quickbooks.sayings import SAYINGS, Mends, Saying, in_words, saying

_RECORDED = """
500 610 2010 2020 2030 2050 2080 2090 2170 2410 2500 4000 4001 5010 6000 6070 6140 6190 6210 6240 6540 10000
3200 120 100 130 3100 3001
"""
"""The codes of the reference's table 8.2."""


def test_every_recorded_number_is_in_the_catalogue() -> None:
    assert {one.code for one in SAYINGS} == set(_RECORDED.split())


@pytest.mark.parametrize("one", SAYINGS, ids=lambda one: f"{one.code} {one.part}".strip())
def test_a_sentence_is_one_and_names_no_number_of_intuits(one: Saying) -> None:
    told = in_words(one, {"field": "Line", "record": "Items 7", "words": "Something."})
    assert told.endswith(".")
    assert "{" not in told
    assert not re.search(r"\d{3}|Intuit|SyncToken|request id", told)


@pytest.mark.parametrize("one", [one for one in SAYINGS if one.part], ids=lambda one: one.part)
def test_a_text_is_found_before_the_saying_for_all_others(one: Saying) -> None:
    assert saying(one.code, f"Business Validation Error: {one.part}.") is one


def test_a_number_nobody_has_heard_is_told_in_intuits_own_words() -> None:
    told = saying("31337", "Never seen before")
    assert (told.mends, in_words(told, {"words": "Never seen before"})) == (
        Mends.RECORD,
        "QuickBooks refused it and says: Never seen before",
    )
