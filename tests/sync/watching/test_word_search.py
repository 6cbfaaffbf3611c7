"""Words of the sync log: copied whole they are found at any age, others among the newest attempts, or in all."""

from __future__ import annotations

from sqlalchemy import select

from app.foundation.database import db
from app.outbox.models import Message
from app.sync.records.attempts import Attempt
from app.sync.watching import word_search
from tests.sync.books import Books


def numbers_found(words: str, *, recent: int | None, upto: int | None = None) -> list[str]:
    search = word_search.search(words, upto=upto, recent=recent)
    messages = db.session.scalars(select(Message).where(search.condition).order_by(Message.id))
    labels = select(Attempt.label).order_by(Attempt.id.desc()).limit(1)
    return [db.session.scalars(labels.where(Attempt.message_id == message.id)).one() for message in messages]


def three_sent(books: Books) -> None:
    for _invoice in range(3):
        books.invoice()


def test_words_are_read_in_so_many_of_the_newest_attempts(books: Books) -> None:
    three_sent(books)
    assert numbers_found("INV-0000", recent=2) == ["INV-00002", "INV-00003"]


def test_how_far_back_that_was_is_told(books: Books) -> None:
    three_sent(books)
    oldest_but_two = select(Attempt.at).order_by(Attempt.id.desc()).offset(2).limit(1)
    stretch = word_search.search("INV-0000", recent=2).stretch
    assert (stretch.begins_at, stretch.ends_at) == (db.session.scalar(oldest_but_two), None)
    assert word_search.search("INV-0000", recent=99).stretch.is_whole


def test_stretch_after_stretch_everything_is_found(books: Books) -> None:
    """Some of it twice: its name in one, an attempt in another."""
    three_sent(books)
    found, upto = set[str](), None
    for _stretch in range(9):
        found |= set(numbers_found("INV-0000", recent=2, upto=upto))
        upto = word_search.search("INV-0000", upto=upto, recent=2).stretch.earlier
        if upto is None:
            break
    assert (found, upto) == ({"INV-00001", "INV-00002", "INV-00003"}, None)


def test_the_last_stretch_says_that_nothing_is_earlier(books: Books) -> None:
    three_sent(books)
    first = db.session.scalars(select(Attempt).order_by(Attempt.id)).first()
    assert first is not None
    stretch = word_search.search("INV-0000", upto=first.id, recent=2).stretch
    assert (stretch.earlier, stretch.begins_at, stretch.ends_at) == (None, None, first.at)


def test_an_attempt_that_is_gone_or_another_s_names_no_stretch(books: Books) -> None:
    three_sent(books)
    assert word_search.search("INV-0000", upto=4711, recent=99).stretch.is_whole


def test_without_a_number_all_are_read(books: Books) -> None:
    three_sent(books)
    assert numbers_found("INV-0000", recent=None) == ["INV-00001", "INV-00002", "INV-00003"]
    assert word_search.search("INV-0000").stretch.is_whole


def test_what_is_copied_whole_is_found_however_old_it_is(books: Books) -> None:
    three_sent(books)
    first = db.session.scalars(select(Attempt).where(Attempt.label == "INV-00001")).one()
    for words in ("INV-00001", first.tid, first.request_id):
        assert "INV-00001" in numbers_found(str(words), recent=1)


def test_a_percent_sign_is_a_letter(books: Books) -> None:
    books.invoice()
    assert numbers_found("%", recent=9) == []
