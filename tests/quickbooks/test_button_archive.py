"""Out of the many pictures of Intuit's archive the two are taken that are wanted, and no more of them than fits."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest

from app.foundation.errors import BadInputError
from app.quickbooks.button_archive import faces_in, is_archive
from app.quickbooks.pictures import LARGEST_BYTES

ENGLISH, FRENCH = "Buttons/Connect_to_QuickBooks_English/PNG/", "Buttons/Connect_to_QuickBooks_French/PNG/"
ALL = {
    f"{folder}C2QB_{colour}_btn_{size}_{face}.{ending}": f"{folder} {colour} {size} {face} {ending}".encode()
    for folder in (FRENCH, ENGLISH, f"__MACOSX/{ENGLISH}")
    for colour in ("transparent", "green")
    for size in ("tall", "med", "short")
    for face in ("default", "hover")
    for ending in ("svg", "png")
}


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP file."""
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return into.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(BadInputError) as refused:
        faces_in(content)
    assert refused.value.field == "file"
    return refused.value.message


def test_the_green_english_button_of_middle_size_is_taken() -> None:
    base, hover = faces_in(packed(ALL))
    assert (base, hover) == tuple(f"{ENGLISH} green med {face} png".encode() for face in ("default", "hover"))


def test_where_the_middle_size_is_missing_the_short_one_is_taken_with_its_own_hover() -> None:
    base, hover = faces_in(packed({name: content for name, content in ALL.items() if "_med_" not in name}))
    assert (base, hover) == tuple(f"{ENGLISH} green short {face} png".encode() for face in ("default", "hover"))


def test_a_button_without_a_hover_picture_is_taken_by_itself() -> None:
    assert faces_in(packed({"C2QB_green_btn_med_default.PNG": b"base"})) == (b"base", None)


@pytest.mark.parametrize("files", [{}, {f"{FRENCH}C2QB_green_btn_med_default.png": b""}, {"logo.png": b""}])
def test_an_archive_without_that_button_is_refused_with_a_way_out(files: dict[str, bytes]) -> None:
    assert refusal(packed(files)).endswith("the PNG of the button and the one under a pointer by themselves.")


def test_a_damaged_archive_is_refused() -> None:
    whole = packed(ALL)
    assert "damaged or locked" in refusal(whole[: len(whole) // 2])


def test_a_picture_that_unfolds_into_much_is_read_no_further_than_needed() -> None:
    base, _hover = faces_in(packed({"C2QB_green_btn_med_default.png": b"\0" * 20_000_000}))
    assert len(base) == LARGEST_BYTES + 1


def test_an_archive_is_known_by_what_is_in_it() -> None:
    assert is_archive(packed(ALL))
    assert not is_archive(b"\x89PNG\r\n\x1a\n")
