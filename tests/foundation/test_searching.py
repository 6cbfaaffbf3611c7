"""Words in texts: whatever their case, signs standing for themselves, exactly as `icontains` finds them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import literal, select

from app.foundation.database import db
from app.foundation.searching import begins, holds

TEXTS = ("INV-00012", "50% off", "50/50", "a_b", "aXb", "Café Zürich", "CAFÉ", "")


@pytest.mark.parametrize("word", ["inv", "00012", "50%", "%", "_", "a_b", "/", "zürich", "ÜR", "caf", "off 50", ""])
def test_a_word_is_found_where_icontains_finds_it(app: Flask, word: str) -> None:
    asked = [select(holds(literal(text), word), literal(text).icontains(word, autoescape=True)) for text in TEXTS]
    with app.app_context():
        answers = [db.session.execute(one).one() for one in asked]
    assert [bool(found) for found, _plain in answers] == [bool(plain) for _found, plain in answers]


@pytest.mark.parametrize("word", ["inv", "00012", "50", "50%", "%", "_", "a_", "/", "CAFÉ", "caf", ""])
def test_a_beginning_is_found_where_istartswith_finds_it(app: Flask, word: str) -> None:
    asked = [select(begins(literal(text), word), literal(text).istartswith(word, autoescape=True)) for text in TEXTS]
    with app.app_context():
        answers = [db.session.execute(one).one() for one in asked]
    assert [bool(found) for found, _plain in answers] == [bool(plain) for _found, plain in answers]


def test_what_is_denied_is_denied_as_a_whole(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalar(select(~holds(literal("bolt"), "acme")))
