"""Pictures are judged by what is in them: whole PNGs of a decent size, and nothing else."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.foundation.errors import BadInputError
from app.quickbooks.pictures import HIGHEST, LARGEST_BYTES, WIDEST, checked

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def drawn(width: int = 222, height: int = 40, *, kind: str = "PNG", colour: str = "#2ca01c") -> bytes:
    """A picture of one colour."""
    into = BytesIO()
    Image.new("RGB", (width, height), colour).save(into, kind)
    return into.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def assembled(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG whose head may promise anything."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


def with_words(words: str) -> bytes:
    """A small picture that carries a compressed text."""
    info, into = PngInfo(), BytesIO()
    info.add_text("Comment", words, zip=True)
    Image.new("RGB", (8, 8)).save(into, "PNG", pnginfo=info)
    return into.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(BadInputError) as refused:
        checked(content, "base")
    assert refused.value.field == "base"
    return refused.value.message


@pytest.mark.parametrize("size", [(222, 40), (1, 1), (WIDEST, HIGHEST)])
def test_a_png_is_kept_byte_for_byte(size: tuple[int, int]) -> None:
    content = drawn(*size)
    picture = checked(content, "base")
    assert (picture.content, picture.width, picture.height) == (content, *size)


def test_another_picture_has_another_digest() -> None:
    assert checked(drawn(), "base").digest != checked(drawn(223), "base").digest


@pytest.mark.parametrize("content", [b"", b"<svg onload='x()'/>", SIGNATURE, drawn(kind="GIF"), drawn(kind="JPEG")])
def test_what_is_no_png_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refusal(content) == "This file is no PNG picture, whatever it is called. Choose a PNG."


@pytest.mark.parametrize("size", [(WIDEST + 1, 40), (40, HIGHEST + 1), (60_000, 60_000), (0, 40)])
def test_a_size_that_no_button_has_is_refused_before_anything_is_unfolded(size: tuple[int, int]) -> None:
    told = refusal(assembled(*size, pixels=b"\0" * 1000))
    assert f"{size[0]} by {size[1]} pixels" in told


def test_a_file_that_is_too_large_is_refused() -> None:
    assert "larger than 200 kB" in refusal(drawn() + b"\0" * LARGEST_BYTES)


@pytest.mark.parametrize("kept", [20, 30, 60, -20, -8, -1])
def test_a_picture_that_is_cut_short_is_refused(kept: int) -> None:
    assert "Download it once more" in refusal(drawn()[:kept])


def test_a_picture_with_a_wrong_byte_is_refused() -> None:
    content = bytearray(drawn())
    content[len(content) // 2] ^= 0xFF
    assert "damaged" in refusal(bytes(content))


def test_a_picture_with_fewer_pixels_than_it_promises_is_refused() -> None:
    assert "damaged" in refusal(assembled(222, 40, pixels=b"\0" * 100))


def test_a_text_that_unfolds_into_much_is_not_unfolded() -> None:
    bomb = with_words("a" * 20_000_000)
    assert len(bomb) < LARGEST_BYTES
    assert "damaged" in refusal(bomb)
