"""The live panel: unchanged costs nothing, controls say who and why."""

from __future__ import annotations

import re
from datetime import timedelta

from app.foundation import clock
from app.foundation.database import transaction
from app.quickbooks.models import Connection
from app.quickbooks.realm import Governor, ReadMonth
from app.sync.listening import heartbeats
from tests.sync.books import Books
from tests.sync.catching_up import catch_up
from tests.web.walking import Walker, words

STATE = "/quickbooks/state"


def revision(page: str) -> str:
    return str(re.findall(r"revision=([0-9a-f]+)", page)[0])


def test_a_panel_that_has_not_changed_is_not_sent_again(books: Books, rhea: Walker) -> None:
    seen = revision(rhea.get(STATE).text)
    answers = [rhea.fragment(f"{STATE}/panel?revision={seen}").status_code for _ in range(3)]
    assert 204 in answers


def test_a_panel_that_has_changed_is_sent_whole(books: Books, rhea: Walker) -> None:
    seen = revision(rhea.get(STATE).text)
    books.firm.open()
    answer = rhea.fragment(f"{STATE}/panel?revision={seen}")
    assert answer.status_code == 200
    assert revision(answer.text) != seen


def test_a_company_that_throttled_us_a_near_end_and_a_month_of_reads_are_said_in_words(
    books: Books, rhea: Walker
) -> None:
    with transaction() as session:
        row = session.get_one(Connection, books.connection_id)
        row.hard_expires_at = clock.now() + timedelta(days=6.5)
        guard = session.get_one(Governor, row.realm)
        guard.pace, guard.paced_at = 1.0, clock.now().timestamp()
        app = books.engine.settings.intuit_client_id
        session.merge(ReadMonth(client_id=app, month=f"{clock.now():%Y-%m}", reads=400_000))
    said = words(rhea.get(STATE).text)
    assert "at most 240 requests and 20 batches a minute now" in said
    assert "400,000 of 500,000: 80 % of the 500,000 reads" in said
    assert "The permission to use QuickBooks ends in 6 days" in said


def test_pausing_asks_why_and_names_who(books: Books, adam: Walker) -> None:
    assert "Nothing more is sent" in adam.get(f"{STATE}/pause").text
    page = words(adam.follow(f"{STATE}/pause", reason="year end"))
    assert "Paused by Adam" in page
    assert "year end" in page


def test_pausing_without_a_reason_is_refused_beside_the_field(books: Books, adam: Walker) -> None:
    answer = adam.post(f"{STATE}/pause", reason=" ")
    assert answer.status_code == 422
    assert "so that your colleagues know" in answer.text


def test_resuming_goes_on(books: Books, adam: Walker) -> None:
    adam.post(f"{STATE}/pause", reason="year end")
    assert "The sync goes on." in adam.follow(f"{STATE}/resume")


def test_sending_at_once_is_written_down(books: Books, adam: Walker) -> None:
    assert "Asked to send at once" in adam.follow(f"{STATE}/drain")


def test_one_is_sent_and_then_the_sync_pauses(books: Books, adam: Walker) -> None:
    first = books.firm.open()
    books.firm.open()
    heartbeats.beat("worker:1")
    page = words(adam.follow(f"{STATE}/send-one"))
    assert "Sending one, then pausing" in page
    assert "Adam asked for it. Next is Invoice INV-00001 of Acme." in page
    assert "Send everything" in page
    books.send()
    page = words(adam.get(STATE).text)
    assert "Paused by Adam One was sent to look at it. Invoice INV-00001: In QuickBooks as INV-00001 (id 1)" in page
    assert "Look at INV-00001 Resume" in page
    assert ".." not in page
    assert f'id="tried" href="/invoices/{first.id}"' in adam.get(STATE).text


def test_the_time_left_is_honest_where_no_rate_is_known(books: Books, rhea: Walker) -> None:
    heartbeats.beat("worker:1")
    books.firm.open()
    assert "no rate is known yet" in rhea.get(STATE).text


def test_staff_see_it_but_hold_nothing(books: Books, stella: Walker) -> None:
    assert "Pause…" not in stella.get(STATE).text
    assert stella.post(f"{STATE}/pause", reason="x").status_code == 403


def test_without_a_connection_there_is_nothing_to_hold(firm: object, adam: Walker) -> None:
    assert "Not connected" in adam.get(STATE).text
    assert "nothing to hold" in adam.browser.get(f"{STATE}/pause", follow_redirects=True).text


def test_without_a_connection_no_line_is_told_of(firm: object, rhea: Walker) -> None:
    page = words(rhea.get(STATE).text)
    assert "Worker" in page
    assert not [told for told in ("Line to QuickBooks", "Requests left", "On the line", "Calls of") if told in page]


def test_the_hour_is_a_picture_with_a_sentence_and_a_table(books: Books, rhea: Walker) -> None:
    books.invoice()
    page = rhea.get(STATE).text
    assert "<title>" in page.partition('<svg class="chart-hour"')[2]
    assert "Show as table" in page


def test_how_soon_payments_are_known_is_said_in_words(books: Books, rhea: Walker) -> None:
    said = words(rhea.get(STATE).text)
    assert "no payment was told by a webhook yet" in said
    assert "none was missed in 30 days" in said
    assert "not yet; the first time is tonight" in said
    books.pay(books.invoice(), "120.00")
    books.listen()
    catch_up(books)
    said = words(rhea.get(STATE).text)
    assert re.search(r"Webhook to paid \d+(\.\d)? s Missed", said)
    assert "as each night; nothing was missed" in said
