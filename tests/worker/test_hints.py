"""Hints are JSON in a store of their own; a poisoned one is refused."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from huey.api import Huey

from app.worker.hints import JsonSerializer, carrier


@pytest.fixture(params=["memory:", "sqlite", pytest.param("redis", marks=pytest.mark.redis)])
def huey(request: pytest.FixtureRequest, tmp_path: Path) -> Huey:
    if request.param == "redis":
        return carrier(request.getfixturevalue("redis_url"))
    return carrier("memory:" if request.param == "memory:" else f"sqlite:///{tmp_path / 'a' / 'hints.sqlite'}")


def test_a_hint_arrives_as_it_was_sent(huey: Huey) -> None:
    heard: list[tuple[int, int, str]] = []
    hint = huey.task(name="drain")(lambda *told: heard.append(told))
    hint(1, 2, "live")
    huey.execute(huey.dequeue())
    assert heard == [(1, 2, "live")]


def test_what_lies_in_the_store_is_readable_json(huey: Huey) -> None:
    huey.task(name="drain")(print)(1, 2, "live")
    assert b'[1, 2, "live"]' in huey.storage.dequeue()


@pytest.mark.parametrize("damage", [slice(0, 100), slice(100, 1000)])
def test_a_broken_store_is_put_aside_for_a_new_one(tmp_path: Path, damage: slice) -> None:
    path = tmp_path / "hints.sqlite"
    kept = carrier(f"sqlite:///{path}")
    kept.storage.put_data("a", b"b")
    kept.storage.close()
    spoilt = bytearray(path.read_bytes())
    spoilt[damage] = b"x" * (damage.stop - damage.start)
    for one in tmp_path.iterdir():
        one.unlink()
    path.write_bytes(spoilt)
    carrier(f"sqlite:///{path}").storage.enqueue(b"1")
    assert carrier(f"sqlite:///{path}").storage.dequeue() == b"1"
    assert (tmp_path / "hints.sqlite.broken").read_bytes() == bytes(spoilt)


class Bomb:
    """Would run whatever it likes where pickles are read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("a pickle was opened",)


def test_a_pickled_poison_message_is_refused(huey: Huey) -> None:
    huey.storage.enqueue(pickle.dumps(Bomb()))
    with pytest.raises(ValueError):  # noqa: PT011 - whichever the decoder raises, it opened nothing
        huey.dequeue()


@pytest.mark.parametrize("value", [None, [], [1, 2], {"a": 1}, "text"])
def test_values_that_are_no_message_come_back_as_they_are(value: object) -> None:
    serializer = JsonSerializer()
    assert serializer.deserialize(serializer.serialize(value)) == value
