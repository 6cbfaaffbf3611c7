"""Words of the sync log: copied whole they are found at any age, others among the newest attempts, or in all."""

from __future__ import annotations

from sqlalchemy import select

from app.foundation.database import db
from app.outbox.models import Message
from app.sync import word_search
from app.sync.attempts import Attempt
from tests.sync.books import Books


def numbers_found(words: str, *, recent: int, everywhere: bool = False) -> list[str]:
    search = word_search.search(words, everywhere=everywhere, recent=recent)
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
    reach = word_search.search("INV-0000", everywhere=False, recent=2).reach
    assert reach == db.session.scalar(oldest_but_two)
    assert word_search.search("INV-0000", everywhere=False, recent=99).reach is None


def test_everywhere_is_everywhere(books: Books) -> None:
    three_sent(books)
    assert numbers_found("INV-0000", recent=2, everywhere=True) == ["INV-00001", "INV-00002", "INV-00003"]
    assert word_search.search("INV-0000", everywhere=True, recent=2).reach is None


def test_what_is_copied_whole_is_found_however_old_it_is(books: Books) -> None:
    three_sent(books)
    first = db.session.scalars(select(Attempt).where(Attempt.label == "INV-00001")).one()
    for words in ("INV-00001", first.tid, first.request_id):
        assert "INV-00001" in numbers_found(str(words), recent=1)


def test_a_percent_sign_is_a_letter(books: Books) -> None:
    books.invoice()
    assert numbers_found("%", recent=9) == []
