"""The operator puts Intuit's button in place, from the archive or from two PNG files."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.foundation.tenancy import acting_for
from app.quickbooks.connect_button import Face, faces
from tests.quickbooks.test_button_archive import packed
from tests.quickbooks.test_pictures import drawn
from tests.world import World

NAME = "Connect_to_QuickBooks_English/C2QB_green_btn_med_{}.png"
BASE, HOVER = drawn(), drawn(colour="#108000")


def run(app: Flask, *arguments: object) -> Result:
    command = ["branding", "import-connect-button", *map(str, arguments)]
    return app.test_cli_runner().invoke(args=command)


def kept(organisation_id: int) -> dict[Face, bytes]:
    with acting_for(organisation_id):
        return {face: row.content for face, row in faces().items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What an operator has downloaded."""
    (tmp_path / "buttons.zip").write_bytes(packed({NAME.format("default"): BASE, NAME.format("hover"): HOVER}))
    (tmp_path / "base.png").write_bytes(BASE)
    (tmp_path / "hover.png").write_bytes(HOVER)
    (tmp_path / "small.png").write_bytes(drawn(100, 20))
    (tmp_path / "empty.zip").write_bytes(packed({"read.me": b"x"}))
    (tmp_path / "logo.svg").write_bytes(b"<svg/>")
    return tmp_path


def test_the_archive_is_put_in_place_everywhere(app: Flask, folder: Path, northgate: World) -> None:
    told = run(app, folder / "buttons.zip").output
    assert told == ("The button (222 by 40 pixels, in both states) stands at: Northgate IT, Southbank Systems.\n")
    for organisation in (northgate.northgate, northgate.southbank):
        assert kept(organisation.id) == {Face.BASE: BASE, Face.HOVER: HOVER}


def test_two_pictures_are_put_in_place_for_one_organisation(app: Flask, folder: Path, northgate: World) -> None:
    only = ("--organisation", northgate.northgate.id)
    assert run(app, folder / "base.png", "--hover", folder / "hover.png", *only).exit_code == 0
    assert kept(northgate.northgate.id) == {Face.BASE: BASE, Face.HOVER: HOVER}
    assert kept(northgate.southbank.id) == {}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("logo.svg",), "Invalid value for FILE: This file is no PNG picture"),
        (("empty.zip",), "Invalid value for FILE: There is no PNG of the green English button"),
        (("base.png", "--hover", "logo.svg"), "Invalid value for --hover: This file is no PNG picture"),
        (("base.png", "--hover", "small.png"), "Invalid value for --hover: This one has 100 by 20 pixels"),
    ],
)
def test_what_is_no_button_is_refused_by_name(
    app: Flask, folder: Path, northgate: World, *, arguments: tuple[str, ...], told: str
) -> None:
    refused = run(app, *(folder / one if "." in one else one for one in arguments))
    assert (refused.exit_code, told in refused.output) == (2, True), refused.output
    assert kept(northgate.northgate.id) == {}


def test_an_organisation_that_does_not_exist_is_refused(app: Flask, folder: Path, northgate: World) -> None:
    refused = run(app, folder / "base.png", "--organisation", northgate.southbank.id + 1000)
    assert "Invalid value for --organisation: There is no such organisation." in refused.output
