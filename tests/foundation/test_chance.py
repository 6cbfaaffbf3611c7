"""One source of chance, which simulations may seed."""

from random import Random

from app.foundation import chance


def test_a_token_has_two_digits_for_each_byte_and_never_comes_again() -> None:
    drawn = {chance.token_hex(16) for _time in range(100)}
    assert len(drawn) == 100
    assert {len(token) for token in drawn} == {32}


def test_a_seed_draws_the_same_tokens_again() -> None:
    with chance.use(Random(7)):
        first = [chance.token_hex(8), chance.token_hex(4)]
    with chance.use(Random(7)):
        assert [chance.token_hex(8), chance.token_hex(4)] == first


def test_behind_the_block_the_secure_source_is_back() -> None:
    with chance.use(Random(7)):
        seeded = chance.token_hex(16)
    with chance.use(Random(7)):
        pass
    assert chance.token_hex(16) != seeded
