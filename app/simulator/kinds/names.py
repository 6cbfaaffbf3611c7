"""Names in lists: unique whatever their case (§3.0), suffixed when made inactive (§2.6)."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.kind import Draft

DELETED = " (deleted)"
PARTY_TAKEN = "Another customer, vendor or employee is already using this name. Please use a different name."
# The recorded text for other lists is literally the word null (§8.2).
LIST_TAKEN = "null"


def refuse_taken(draft: Draft, kind: str, key: str, detail: str, *, own: bool = True) -> None:
    """Refuse (6240) a name that another record of the list has, or has once had where the switch says so (§10.2).

    Not `own`: the list is another one than the record's.
    """
    if draft.merged.get("Active") is False:
        return
    name = str(draft.merged.get(key, ""))
    names = [name, name + DELETED] if draft.books.switches["inactive_name_blocks"] else [name]
    shelf = draft.books.shelves[kind]
    itself = draft.old["Id"] if draft.old and own else None
    holders = [holder for one in names for holder in shelf.find(key, one.casefold()) if holder != itself]
    if holders:
        raise refusals.name_taken(detail)


def refuse_deleted(draft: Draft) -> None:
    """Refuse to write to an inactive name except to reactivate it (§2.6)."""
    if draft.old and draft.old.get("Active") is False and draft.sent.get("Active") is not True:
        raise refusals.business("You cannot modify a list element that has been deleted.")


def with_suffix(body: Body, *keys: str) -> Body:
    """The names as an inactive or active record shows them (§2.6)."""
    bare = {key: str(body[key]).removesuffix(DELETED) for key in keys if key in body}
    if body.get("Active") is False:
        bare = {key: name + DELETED for key, name in bare.items()}
    return body | bare


def plain(value: object, name: str, *, barred: str = ":") -> str:
    """A name as it is kept, without the suffix of inactive ones; refuses characters that no name may hold (§3.0).

    Which code Intuit gives for them is not recorded; 2010 here.
    """
    if any(sign in str(value) for sign in f"{barred}\t\n"):
        raise refusals.unreadable(name)
    return tidy(value).removesuffix(DELETED)


def tidy(value: object) -> str:
    """A name with its white space made single, which is how it is compared (§10.2, inferred)."""
    return " ".join(str(value).split())
