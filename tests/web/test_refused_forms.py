"""Forms that refuse what was typed: none is forgotten by those who look at them in a browser."""

from __future__ import annotations

from tests.house.markup import templates
from tests.web.refused import REFUSALS, UNREFUSED

SIGNS = ("error_summary(", 'id="error-summary"', "field-error")
PARTS = {"payments/_boxes.html"}
"""Stand in pages that are looked at."""


def test_every_page_that_has_words_for_an_error_is_looked_at_while_it_says_them() -> None:
    pages = {name: text for name, text in templates().items() if not name.startswith("components/")}
    having = {name for name, text in pages.items() if any(sign in text for sign in SIGNS)}
    assert having - PARTS == {refusal.page for refusal in REFUSALS} | UNREFUSED.keys()
