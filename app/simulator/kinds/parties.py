"""What customers, vendors and employees share (§3.0): names that are unique across the three lists, contacts."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names
from app.simulator.kinds.contact import EMAIL, PHONE, WEB
from app.simulator.kinds.fields import Field, text
from app.simulator.kinds.kind import Draft

LISTS = ("Customer", "Vendor", "Employee")
_NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
_SHOWN_OF_TAX_ID = 4

NAMES = (
    Field("DisplayName", text(500)),
    Field("Title", text(16)),
    Field("GivenName", text(100)),
    Field("MiddleName", text(100)),
    Field("FamilyName", text(100)),
    Field("Suffix", text(16)),
    Field("CompanyName", text(100)),
)
CONTACTS = (
    Field("PrimaryPhone", PHONE),
    Field("AlternatePhone", PHONE),
    Field("Mobile", PHONE),
    Field("Fax", PHONE),
    Field("PrimaryEmailAddr", EMAIL),
    Field("WebAddr", WEB),
)
CONTACT_ORDER = (
    "PrintOnCheckName", "Active", "PrimaryPhone", "AlternatePhone", "Mobile", "Fax", "PrimaryEmailAddr", "WebAddr",
)  # fmt: skip
COLUMNS = (
    Column("DisplayName", indexed=True),
    Column("CompanyName"),
    Column("GivenName"),
    Column("MiddleName"),
    Column("FamilyName"),
    Column("PrintOnCheckName"),
    Column("PrimaryEmailAddr", path=("PrimaryEmailAddr", "Address"), indexed=True),
    Column("Active", "flag"),
    Column("Balance", "number"),
)


def display_name(body: Body) -> str:
    """As sent, or built from title, given, middle, family name and suffix (§3.0)."""
    parts = [str(body[part]) for part in _NAME_PARTS if body.get(part)]
    name = names.plain(body.get("DisplayName") or " ".join(parts), "DisplayName")
    if not name:
        raise refusals.Refusal(refusals.missing("DisplayName"))
    return name


def check_name(body: Body) -> str:
    """PrintOnCheckName: company, else given and family name, else the display name (§3.3)."""
    person = " ".join(str(body[part]) for part in ("GivenName", "FamilyName") if body.get(part))
    return str(body.get("CompanyName") or person or body["DisplayName"])


def masked(body: Body, name: str) -> Body:
    """A tax identifier shows only its last characters (§3.0: four or five; four here)."""
    given = str(body.get(name) or "")
    hidden = max(0, len(given) - _SHOWN_OF_TAX_ID)
    return body | {name: "X" * hidden + given[hidden:]} if given else body


def refuse_taken(draft: Draft) -> None:
    """6240 for a DisplayName that anybody on the three lists has (§3.0)."""
    for kind in LISTS:
        own = kind == draft.kind
        names.refuse_taken(draft, kind, "DisplayName", names.PARTY_TAKEN, own=own)
