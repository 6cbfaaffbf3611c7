"""Which ready messages share an envelope."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.outbox.models import Priority
from app.quickbooks.calls import BATCH_LIMIT, CallForm
from app.sync.judging.decisions import Tell, Write
from app.sync.judging.kinds import KINDS
from app.sync.telling.packing import A_PERSON_WAITS, MOST_LINES, call_of, chosen, single
from tests.sync.facts import tell

WRITES = st.sampled_from(list(Write))
TELLS = st.lists(
    st.builds(
        tell,
        st.integers(1, 10**6),
        kind=st.sampled_from(list(KINDS)),
        write=WRITES,
        priority=st.integers(0, 2),
        tries=st.sampled_from([0, 0, 0, 1]),
        lines=st.integers(1, 700),
    ),
    unique_by=lambda one: one.due.id,
    max_size=80,
)


def rank(one: Tell) -> tuple[int, int, int]:
    return one.due.priority, KINDS[one.due.subject.kind].tier, one.due.id


@given(TELLS, st.booleans())
def test_an_envelope_keeps_every_rule(tells: list[Tell], alone: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    together = chosen(tells, alone=alone)
    assert bool(together) == bool(tells)
    assert len(together) <= (1 if alone else BATCH_LIMIT)
    assert sum(one.lines for one in together) <= MOST_LINES or len(together) == 1
    assert not any(one.write is Write.VOID or one.due.tries for one in together) or len(together) == 1
    assert together == sorted(tells, key=rank)[: len(together)]


@given(TELLS)
def test_while_a_person_waits_it_is_small(tells: list[Tell]) -> None:
    together = chosen(tells)
    if together and together[0].due.priority == Priority.PERSON:
        assert len(together) <= A_PERSON_WAITS


@given(TELLS)
def test_everything_goes_in_the_end(tells: list[Tell]) -> None:
    left = tells
    for _envelope in tells:
        gone = {one.due.id for one in chosen(left)}
        left = [one for one in left if one.due.id not in gone]
    assert left == []


def test_thirty_ones_of_a_run_share_an_envelope_and_the_rest_waits() -> None:
    assert len(chosen([tell(number) for number in range(31)])) == BATCH_LIMIT


def test_customers_and_items_come_before_documents() -> None:
    tells = [tell(1), tell(2, kind="service"), tell(3, kind="client")]
    assert [one.due.id for one in chosen(tells)] == [3, 2, 1]


def test_a_lone_delete_goes_as_itself_and_several_as_a_batch() -> None:
    body = {"Id": "7", "SyncToken": "1"}
    one, two = (Tell(**{**vars(tell(number, write=Write.DELETE)), "body": body}) for number in (1, 2))
    calls = [(one, single(one)), (two, single(two))]
    assert (call_of(calls[:1]).form, call_of(calls).form) == (CallForm.WRITE, CallForm.BATCH)
