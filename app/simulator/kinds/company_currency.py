"""CompanyCurrency: the currencies a company uses beside its own (§3.17)."""

from app.simulator.bookkeeping import clock, refusals
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import Column
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.currencies import NAMES, home_code, is_multi_currency
from app.simulator.kinds.fields import Field, flag, ignored, text
from app.simulator.kinds.kind import LIST_OPERATIONS, SYSTEM_ORDER, Draft, Kind

_CODE_LENGTH = 3


def complete(draft: Draft) -> Body:
    """A currency by its code; refused where multi-currency is off, and a second time (the texts are not recorded)."""
    if not is_multi_currency(draft.books):
        raise refusals.business("Multicurrency is not enabled for this company.")
    code = str((draft.old or draft.merged)["Code"]).upper()
    if len(code) != _CODE_LENGTH or not code.isalpha():
        raise refusals.invalid_choice(code, "Code")
    taken = [one for one in draft.books.shelves["CompanyCurrency"].find("Code", code.casefold()) if draft.old is None]
    if taken:
        raise refusals.name_taken("null")
    return {"Active": True} | draft.merged | {"Code": code, "Name": NAMES.get(code, code)}


def listed_currency(books: Books, code: str) -> None:
    """Put a currency on the list that a new party brought along (§3.3)."""
    shelf = books.shelves["CompanyCurrency"]
    if code == home_code(books) or not is_multi_currency(books) or shelf.find("Code", code.casefold()):
        return
    now = clock.stamp(books.clock.now())
    books.put("CompanyCurrency", COMPANY_CURRENCY.in_order({
        "Code": code, "Name": NAMES.get(code, code), "Active": True, "domain": "QBO", "sparse": False,
        "Id": books.next_id("CompanyCurrency"), "SyncToken": "0",
        "MetaData": {"CreateTime": now, "LastUpdatedTime": now},
    }))  # fmt: skip
    books.announce("CompanyCurrency", str(shelf.highest_id), "Create")


COMPANY_CURRENCY = Kind(
    "CompanyCurrency",
    (Field("Code", text(_CODE_LENGTH), required=True), Field("Name", text(100)), Field("Active", flag, keeps=True),
     Field("CustomField", ignored)),
    (Column("Code", indexed=True), Column("Name"), Column("Active", "flag")),
    LIST_OPERATIONS, complete, is_list=True, order=("Code", "Name", "Active", *SYSTEM_ORDER),
    events=frozenset({"Create", "Update", "Delete"}),
)  # fmt: skip
