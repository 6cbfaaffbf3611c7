"""Every error is at least a sentence."""

import pytest

from app.foundation.errors import BadInputError, ChangedMeanwhileError, ConflictError, NotFoundError, PortalError


def test_an_error_without_words_says_what_its_kind_says() -> None:
    assert NotFoundError().message == "There is no such thing here."


def test_words_of_ones_own_come_first() -> None:
    assert str(ConflictError("It is paid.")) == "It is paid."


@pytest.mark.parametrize(("kind", "status"), [(PortalError, 500), (NotFoundError, 404), (ChangedMeanwhileError, 409)])
def test_a_kind_knows_its_status(kind: type[PortalError], status: int) -> None:
    assert kind.status == status


def test_bad_input_names_the_field() -> None:
    problem = BadInputError("price", "Give a price.")
    assert (problem.field, problem.message, problem.status) == ("price", "Give a price.", 422)
