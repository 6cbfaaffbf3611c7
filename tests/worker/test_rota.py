"""Whose turn it is: decided without a clock, by a scheduler that the test moves step by step."""

from __future__ import annotations

import threading
from collections import Counter, deque

from hypothesis import given
from hypothesis import strategies as some

from app.outbox.models import Lane, Mode
from app.worker.rota import Place, Rota


def place(number: int) -> Place:
    return number, Lane(number, Mode.LIVE)


def turns(envelopes: dict[Place, int], threads: int) -> list[Place]:
    """Each envelope in the order in which it is sent, where `threads` serve the rota as `Tasks.serve` does."""
    rota, left, sent, serving = Rota(), dict(envelopes), list[Place](), deque[Place]()
    for one in envelopes:
        rota.ask(one)
    while rota._waiting or serving:
        while rota._waiting and len(serving) < threads:
            serving.append(rota.take() or place(0))
        one = serving.popleft()  # this thread's envelope is answered
        sent.append(one)
        left[one] -= 1
        if left[one] and rota.may_go_on():
            serving.append(one)
        else:
            rota.give_back(one, more=left[one] > 0)
    return sent


@given(some.integers(1, 8), some.lists(some.integers(1, 12), min_size=1, max_size=30))
def test_between_two_envelopes_of_a_lane_each_other_sends_at_most_two(threads: int, sizes: list[int]) -> None:
    """One for its turn in the queue, and one that its own thread may have had on the line already."""
    lanes = {place(number): size for number, size in enumerate(sizes)}
    sent = turns(lanes, threads)
    assert Counter(sent) == lanes
    between: dict[Place, Counter[Place]] = {one: Counter() for one in lanes}
    for one in sent:
        assert max(between[one].values(), default=0) <= 2, sent
        between[one] = Counter()
        for other in lanes.keys() - {one}:
            between[other][one] += 1


def test_one_lane_with_five_thousand_keeps_nobody_with_ten_waiting() -> None:
    """Thirty in an envelope: the big one needs 167 turns, each small one a single one."""
    big, small = place(0), [place(number) for number in range(1, 50)]
    sent = turns({big: 167, **dict.fromkeys(small, 1)}, threads=8)
    assert max(sent.index(one) for one in small) <= 50 + 8


def test_a_lane_is_served_by_one_thread_at_a_time_and_asked_again_meanwhile_comes_back() -> None:
    rota = Rota()
    rota.ask(place(1))
    assert rota.take() == place(1)
    rota.ask(place(1))
    assert rota.may_go_on()
    rota.give_back(place(1), more=False)
    assert rota.take() == place(1)


def test_what_the_sweep_finds_while_a_lane_is_served_needs_no_other_turn() -> None:
    rota = Rota()
    rota.offer(place(1))
    rota.offer(place(1))
    rota.take()
    rota.offer(place(1))
    rota.give_back(place(1), more=False)
    assert rota._waiting == {}


def test_a_lane_with_more_queues_behind_those_that_wait() -> None:
    rota = Rota()
    rota.ask(place(1))
    rota.take()
    rota.ask(place(2))
    assert not rota.may_go_on()
    rota.give_back(place(1), more=True)
    assert [rota.take(), rota.take()] == [place(2), place(1)]


def test_who_waits_for_a_turn_gets_the_next_one_and_nothing_once_it_is_closed() -> None:
    rota, got = Rota(), list[Place | None]()

    def serve() -> None:
        while one := rota.take():
            got.append(one)
            rota.close()
        got.append(None)

    thread = threading.Thread(target=serve)
    thread.start()
    rota.ask(place(1))
    thread.join(10)
    assert got == [place(1), None]
    assert not rota.may_go_on()
