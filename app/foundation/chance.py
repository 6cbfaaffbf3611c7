"""The only source of names that nobody can guess, so that a simulated week can be replayed from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random, SystemRandom

_source: Random = SystemRandom()


def token_hex(size: int) -> str:
    """So many random bytes, from the machine's own secure source, as two hexadecimal digits each."""
    return _source.randbytes(size).hex()


@contextmanager
def use(source: Random) -> Iterator[Random]:
    """Draw from this source until the block ends; for simulations, never where a token guards anything real."""
    global _source  # noqa: PLW0603 - one source a process is the point
    before, _source = _source, source
    try:
        yield source
    finally:
        _source = before
