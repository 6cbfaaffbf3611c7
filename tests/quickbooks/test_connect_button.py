"""The artwork of the button: two faces of one size, kept for one organisation."""

from __future__ import annotations

import pytest

from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from app.foundation.tenancy import acting_for
from app.quickbooks import connect_button
from app.quickbooks.connect_button import Face
from app.quickbooks.pictures import Picture
from tests.world import World

BASE, HOVER, SMALL = Picture(b"base", 222, 40), Picture(b"hover", 222, 40), Picture(b"small", 100, 20)


def kept() -> dict[Face, bytes]:
    return {face: row.content for face, row in connect_button.faces().items()}


@pytest.mark.usefixtures("northgate")
def test_new_artwork_takes_the_place_of_the_old() -> None:
    for pair in ((BASE, HOVER), (HOVER, BASE), (SMALL, None)):
        with transaction():
            connect_button.keep(*pair, by="Adam")
    assert kept() == {Face.BASE: b"small"}


@pytest.mark.usefixtures("northgate")
def test_two_faces_of_different_size_are_refused() -> None:
    with pytest.raises(BadInputError, match="100 by 20 pixels, the button 222 by 40") as refused, transaction():
        connect_button.keep(BASE, SMALL, by="Adam")
    assert refused.value.field == "hover"


@pytest.mark.usefixtures("northgate")
def test_without_artwork_there_is_nothing_to_remove() -> None:
    with transaction():
        connect_button.remove()
    assert kept() == {}


def test_the_artwork_of_one_organisation_is_not_that_of_another(northgate: World) -> None:
    with transaction():
        connect_button.keep(BASE, HOVER, by="Adam")
    with acting_for(northgate.southbank.id):
        assert kept() == {}
        with transaction():
            connect_button.keep(SMALL, None, by="Xavier")
            connect_button.remove()
    assert kept() == {Face.BASE: b"base", Face.HOVER: b"hover"}
