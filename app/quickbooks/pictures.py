"""PNG pictures that somebody hands in: judged by what is in them, whatever they are called. Pure."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from app.foundation.errors import BadInputError

LARGEST_BYTES = 200_000
WIDEST, HIGHEST = 1200, 400
"""Pixels. Also what keeps a small file from unfolding into a large picture: it is asked before anything is unfolded."""
_BEGINS = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
"""The signature, and the head that must be the first of all chunks."""
_ENDS = b"\x00\x00\x00\x00IEND\xaeB`\x82"
"""The last chunk; what follows it would be no part of the picture."""


@dataclass(frozen=True)
class Picture:
    """A PNG that is whole; width and height in pixels."""

    content: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        """Sixteen letters that change with the content."""
        return hashlib.sha256(self.content).hexdigest()[:16]


def checked(content: bytes, field: str) -> Picture:
    """The picture in these bytes, kept as they are. Raises BadInputError of this form field."""
    if len(content) > LARGEST_BYTES:
        raise BadInputError(field, f"This file is larger than {LARGEST_BYTES // 1000} kB. Choose a smaller one.")
    if not content.startswith(_BEGINS):
        raise BadInputError(field, "This file is no PNG picture, whatever it is called. Choose a PNG.")
    width, height = _size(content, field)
    if not (0 < width <= WIDEST and 0 < height <= HIGHEST):
        told = f"This picture has {width} by {height} pixels; at most {WIDEST} by {HIGHEST} are taken."
        raise BadInputError(field, f"{told} Choose a smaller one.")
    if not _is_whole(content):
        raise BadInputError(field, "This PNG is damaged or cut short. Download it once more and choose it again.")
    return Picture(content, width, height)


def _size(content: bytes, field: str) -> tuple[int, int]:
    end = len(_BEGINS) + 8
    if len(content) < end:
        raise BadInputError(field, "This PNG ends before it begins. Download it once more and choose it again.")
    width, height = struct.unpack(">II", content[len(_BEGINS) : end])
    return width, height


def _is_whole(content: bytes) -> bool:
    """Whether every chunk agrees with its checksum, to the last one, and every pixel can be drawn."""
    if not content.endswith(_ENDS):
        return False
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            picture.verify()
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError, struct.error):
        return False
    return True
