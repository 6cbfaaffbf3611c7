"""The artwork of Intuit's button "Connect to QuickBooks", as an organisation's admin has handed it in.

Intuit wants its own artwork, unchanged, in two states; it is not ours to hand out, so it rests in the database. Without
it a plain button stands in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import LargeBinary, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation import clock
from app.foundation.columns import UTCDateTime, enum_of
from app.foundation.database import Base, db
from app.foundation.errors import BadInputError
from app.foundation.tenancy import OrganisationRow
from app.quickbooks.pictures import Picture


class Face(StrEnum):
    """The two states that Intuit draws: as it rests, and as it looks under a pointer."""

    BASE = "base"
    HOVER = "hover"


class ConnectButton(OrganisationRow, Base):
    """One face of the button, byte for byte as it was handed in; size in pixels."""

    __tablename__ = "connect_button"
    __table_args__ = (UniqueConstraint("organisation_id", "face"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    face: Mapped[Face] = mapped_column(enum_of(Face))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    width: Mapped[int]
    height: Mapped[int]
    digest: Mapped[str] = mapped_column(String(16))
    kept_by: Mapped[str] = mapped_column(String(200))
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)


def faces() -> Mapping[Face, ConnectButton]:
    """What the organisation has; their content is read only when asked for."""
    return {row.face: row for row in db.session.scalars(select(ConnectButton))}


def keep(base: Picture, hover: Picture | None, *, by: str) -> None:
    """Put these in the place of those before, in the caller's transaction.

    Raises BadInputError of the field `hover` where the two differ in size: the page would jump under the pointer.
    """
    if hover and (hover.width, hover.height) != (base.width, base.height):
        told = f"This one has {hover.width} by {hover.height} pixels, the button {base.width} by {base.height}."
        raise BadInputError("hover", f"{told} Choose the two of one size.")
    remove()
    for face, picture in ((Face.BASE, base), (Face.HOVER, hover)):
        if picture is not None:
            db.session.add(_row(face, picture, by))


def remove() -> None:
    """Go back to the plain button, in the caller's transaction."""
    for row in faces().values():
        db.session.delete(row)
    db.session.flush()  # their places must be free before they are taken again


def _row(face: Face, picture: Picture, by: str) -> ConnectButton:
    return ConnectButton(
        face=face,
        content=picture.content,
        width=picture.width,
        height=picture.height,
        digest=picture.digest,
        kept_by=by,
        kept_at=clock.now(),
    )
