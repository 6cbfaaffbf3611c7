"""Addresses, e-mail and telephone, as every party and sales form carries them (§3.0)."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.fields import Field, Spot, read_only, structure, text
from app.simulator.kinds.kind import Draft

_EMAIL_LIMIT = 100

ADDRESS = structure(
    "PhysicalAddress",
    *(Field(f"Line{n}", text(500)) for n in range(1, 6)),
    Field("City", text(255)),
    Field("CountrySubDivisionCode", text(255)),
    Field("PostalCode", text(30)),
    Field("Country", text(255)),
    Field("Lat", text(30)),
    Field("Long", text(30)),
    Field("Note", text(255)),
    *read_only("Id"),
)
PHONE = structure("TelephoneNumber", Field("FreeFormNumber", text(30)))
WEB = structure("WebSiteAddress", Field("URI", text(1000)))


def _email(value: object, spot: Spot) -> object:
    """An address or several with commas; needs `@` and `.` (§3.0, §10.13)."""
    shown = text(_EMAIL_LIMIT)(value, spot)
    if shown is not None and not ("@" in str(shown) and "." in str(shown)):
        raise refusals.business("Email Address does not conform to the syntax rules of RFC 822.")
    return shown


EMAIL = structure("EmailAddress", Field("Address", _email))


def with_address_id(draft: Draft, body: Body, name: str) -> Body:
    """The same record whose address carries an Id, as all stored ones do (§3.3); it stays while the text does."""
    address, before = body.get(name), (draft.old or {}).get(name)
    if not address or "Id" in address:
        return body
    if before and address | {"Id": before.get("Id")} == before:
        return body | {name: before}
    # Derived from the text so that the same address keeps the same id.
    number = 100 + sum(ord(letter) for value in address.values() for letter in str(value)) % 9000
    return body | {name: {"Id": str(number)} | address}
