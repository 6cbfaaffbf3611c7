"""Intuit's archive of its button: which of the many pictures in it are the two that are wanted. Pure.

Not read from the archive itself: its names are those that projects which use it give its SVG files
("Connect_to_QuickBooks_English/…/C2QB_green_btn_med_default.svg", and "_hover"; tall and short beside med). That its
PNG files are named alike is taken for granted; where it is not so, the two files are given one by one.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from app.foundation.errors import BadInputError
from app.quickbooks.pictures import LARGEST_BYTES

LARGEST_ARCHIVE = 20_000_000
_NAME = re.compile(
    r"(?P<folders>.*/)?C2QB_green_btn_(?P<size>med|short|tall)_(?P<face>default|hover)\.png", re.IGNORECASE
)
_NOT_ENGLISH = re.compile(r"french|fran\N{LATIN SMALL LETTER C WITH CEDILLA}ais|__MACOSX", re.IGNORECASE)
_SIZES = ("med", "short", "tall")
_NONE = "There is no PNG of the green English button in this archive."
_ONE_BY_ONE = "Unpack it, and give the PNG of the button and the one under a pointer by themselves."


def is_archive(content: bytes) -> bool:
    """Whether these bytes are a ZIP file, whatever it is called."""
    return content.startswith(b"PK\x03\x04")


def faces_in(content: bytes) -> tuple[bytes, bytes | None]:
    """The green English button of middle size as it rests, and under a pointer, as bytes nobody has looked at yet.

    Raises BadInputError of the field `file` where the archive can't be read or holds no such picture.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found = _found(archive)
            size = next((size for size in _SIZES if (size, "default") in found), None)
            if size is None:
                raise BadInputError("file", f"{_NONE} {_ONE_BY_ONE}")
            hover = found.get((size, "hover"))
            return _unpacked(archive, found[size, "default"]), _unpacked(archive, hover) if hover else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as problem:
        raise BadInputError("file", f"This archive is damaged or locked. {_ONE_BY_ONE}") from problem


def _found(archive: zipfile.ZipFile) -> dict[tuple[str, str], zipfile.ZipInfo]:
    """{(size, face): the picture}."""
    named = ((_NAME.fullmatch(info.filename), info) for info in archive.infolist())
    wanted = ((match, info) for match, info in named if match and not _NOT_ENGLISH.search(match["folders"] or ""))
    return {(match["size"].lower(), match["face"].lower()): info for match, info in wanted}


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """No more than one byte too many, whatever the archive says of its size."""
    with archive.open(info) as file:
        return file.read(LARGEST_BYTES + 1)
