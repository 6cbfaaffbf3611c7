"""Employee: its name, which no customer or vendor may have (§3.0). Pay and personal data are kept, nothing more."""

from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names, parties
from app.simulator.kinds.contact import ADDRESS, with_address_id
from app.simulator.kinds.fields import Field, choice, day, flag, number, read_only, text
from app.simulator.kinds.kind import LIST_OPERATIONS, NAME_EVENTS, SYSTEM_ORDER, Draft, Kind

_PERSONAL = (
    Field("PrimaryAddr", ADDRESS),
    Field("SSN", text(20)),
    Field("Gender", choice("Male", "Female")),
    Field("BirthDate", day),
    Field("HiredDate", day),
    Field("ReleasedDate", day),
    Field("BillRate", number),
    Field("CostRate", number),
    Field("Organization", flag),
)


def complete(draft: Draft) -> Body:
    """An employee with a display name; the number of social security shows only its end."""
    names.refuse_deleted(draft)
    body: Body = {"BillableTime": False, "Active": True} | draft.merged
    body["DisplayName"] = parties.display_name(body)
    body.setdefault("PrintOnCheckName", parties.check_name(body))
    body = names.with_suffix(body, "DisplayName")
    parties.refuse_taken(draft.saying(body))
    return parties.masked(with_address_id(draft, body, "PrimaryAddr"), "SSN")


EMPLOYEE = Kind(
    "Employee",
    (*parties.NAMES, Field("PrintOnCheckName", text(110)), *parties.CONTACTS, *_PERSONAL,
     Field("EmployeeNumber", text(100)), Field("BillableTime", flag, keeps=True), Field("Active", flag, keeps=True),
     *read_only("V4IDPseudonym")),
    parties.COLUMNS, LIST_OPERATIONS, complete, is_list=True, events=NAME_EVENTS,
    order=("BillableTime", *SYSTEM_ORDER, "Title", "GivenName", "MiddleName", "FamilyName", "Suffix", "DisplayName",
           *parties.CONTACT_ORDER),
)  # fmt: skip
