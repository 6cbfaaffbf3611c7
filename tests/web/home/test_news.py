"""What the dashboard says first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.foundation import clock
from app.quickbooks.lifetimes import Ending
from app.sync.reconciling.compared import Compared
from app.sync.steering.causes import Cause
from app.sync.watching.running import Running, State
from app.web.home.news import Facts, first_news, problems

RUNNING = Running(State.RUNNING, "good", "Running", "")
PAUSED = Running(State.PAUSED, "warn", "Paused by Ann", "year end")
SLOWED = Running(State.SLOWED, "warn", "Slowed by QuickBooks", "No action is needed.")
CAUSE = Cause(
    key="k",
    entity_id=1,
    sentence="Service A is not mapped.",
    blocker="service:1",
    reasons=("Service A is not mapped.",),
    is_own=False,
    number=2,
    behind=3,
    documents={"invoice": 5},
    clients=2,
    oldest=datetime(2026, 3, 2, tzinfo=UTC),
)
HELD = Running(State.HELD, "warn", "Waiting for somebody", "2 operations are held.")
TRIAL = Running(State.TRIAL, "busy", "Sending one, then pausing", "Ann asked for it.")
WELL = Facts(
    running=[(1, "Northgate", RUNNING)],
    waiting=0,
    minutes_left=None,
    causes=[],
    drifts=0,
    unsent=[],
    compared=Compared.ALL,
)


def test_all_is_well_when_nothing_is_left_to_do() -> None:
    assert first_news(WELL).word == "All is well"


def test_it_is_not_green_while_earlier_documents_were_not_sent_and_nobody_was_asked() -> None:
    asked = replace(WELL, unsent=[(1, "Northgate", 20), (2, "Dublin", 6)], compared=Compared.NOTHING)
    news = first_news(asked)
    assert (news.tone, news.sentence) == ("wait", "26 open documents were not sent. Nothing was compared yet.")
    assert first_news(replace(asked, compared=Compared.ALL)).sentence.endswith("were not sent. No difference is known.")
    assert first_news(replace(asked, drifts=1)).sentence.endswith("; 26 open documents were not sent.")


def test_it_is_not_green_while_nothing_was_ever_compared() -> None:
    news = first_news(replace(WELL, compared=Compared.NOTHING))
    assert (news.tone, news.word) == ("calm", "Not compared yet")


def test_it_is_not_green_while_documents_arrived_since_the_last_comparison() -> None:
    news = first_news(replace(WELL, compared=Compared.BEFORE))
    assert (news.tone, news.page) == ("calm", "reconciliation.index")
    assert news.sentence == "Everything that may be sent is in QuickBooks; not compared since."


def test_a_standstill_comes_before_everything() -> None:
    facts = replace(WELL, running=[(1, "Northgate", PAUSED)], causes=[CAUSE], drifts=1)
    assert (first_news(facts).word, problems(facts)[0].title) == ("Paused by Ann", "Paused by Ann")


def test_of_several_entities_the_one_that_stands_still_is_named() -> None:
    facts = replace(WELL, running=[(1, "Northgate", RUNNING), (2, "Dublin", PAUSED)])
    news = first_news(facts)
    assert (news.word, news.sentence, news.entity_id) == ("Paused by Ann", "Dublin: year end", 2)


def test_what_is_held_and_what_differs_is_counted() -> None:
    found = replace(WELL, causes=[CAUSE], drifts=1)
    said = "5 operations held or failed and 1 difference to QuickBooks;"
    assert first_news(found).sentence == f"{said} everything else has been sent."
    assert first_news(replace(found, waiting=3)).sentence == f"{said} the rest is flowing."


def test_what_is_held_is_said_by_its_causes_and_a_trial_by_itself() -> None:
    assert first_news(replace(WELL, running=[(1, "Northgate", HELD)], causes=[CAUSE])).word == "Something needs you"
    assert first_news(replace(WELL, running=[(1, "Northgate", TRIAL)])).word == "Sending one, then pausing"


def test_a_slowdown_is_calm_and_comes_after_what_needs_somebody() -> None:
    assert first_news(replace(WELL, running=[(1, "Northgate", SLOWED)])).word == "Slowed by QuickBooks"
    assert first_news(replace(WELL, running=[(1, "Northgate", SLOWED)], drifts=1)).word == "Something needs you"


def test_what_is_on_the_way_says_how_long_it_takes() -> None:
    news = first_news(replace(WELL, waiting=180, minutes_left=4))
    assert news.sentence == "180 operations on the way to QuickBooks, about 4 min at the present rate."


def test_a_permission_that_ends_soon_leads_to_reconnect() -> None:
    near = Ending(clock.now() + timedelta(days=7), for_good=True, left=timedelta(days=7))
    (problem,) = problems(replace(WELL, endings=[(1, "Northgate", near)]))
    assert (problem.fix, problem.text) == ("connect", f"Northgate: {near.words}")


def test_each_problem_leads_to_one_place() -> None:
    asked = [(2, "Dublin", 12)]
    found = problems(replace(WELL, causes=[CAUSE] * 8, drifts=2, unsent=asked))
    assert [(problem.fix, problem.page, problem.entity_id) for problem in found] == [
        ("", "reconciliation.index", None),
        ("old_documents", "", 2),
    ]
