"""Lists whose entries stand below each other (§3.0): parents, levels, full names `Parent:Child`."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names
from app.simulator.kinds.kind import Draft, Settle

MOST_LEVELS = 5
FLAGS = {
    "Customer": "Job", "Item": "SubItem", "Account": "SubAccount", "Class": "SubClass", "Department": "SubDepartment",
}  # fmt: skip
"""The property that says "I stand below another"; documented to go with ParentRef."""


def _parent(draft: Draft, kind: str, body: Body) -> Body | None:
    """The record above; 2020 when only the flag was sent, 6000 when it would stand below itself."""
    reference = body.get("ParentRef")
    if reference is None:
        if body.get(FLAGS[kind]):
            raise refusals.Refusal(refusals.missing("ParentRef"))
        return None
    parent = draft.books.get(kind, str(reference["value"]))
    above = parent
    while above is not None:
        if draft.old and above["Id"] == draft.old["Id"]:
            raise refusals.business("A name cannot be its own parent.")
        above = draft.books.get(kind, str(above.get("ParentRef", {}).get("value", "")))
    return parent


def placed(draft: Draft, kind: str, body: Body, key: str) -> Body:
    """The record with flag, Level (where it has a parent) and FullyQualifiedName made from `key`.

    At most five levels with the top one (§3.0). Whether Intuit insists on the flag beside ParentRef is not recorded:
    here the reference alone is enough.
    """
    parent = _parent(draft, kind, body)
    name = str(body[key])
    if parent is None:
        rest = {known: value for known, value in body.items() if known != "Level"}
        return rest | {"FullyQualifiedName": name}
    full = f"{str(parent['FullyQualifiedName']).removesuffix(names.DELETED)}:{name}"
    level = full.count(":")
    if level >= MOST_LEVELS:
        raise refusals.business(f"A list has at most {MOST_LEVELS} levels.")
    return body | {FLAGS[kind]: True, "Level": level, "FullyQualifiedName": full}


def rename_below(kind: str) -> Settle:
    """What happens to the names below a record that was renamed or moved: a kind's `settle`."""

    def settle(books: Books, old: Body | None, new: Body) -> None:
        if old and old["FullyQualifiedName"] != new["FullyQualifiedName"]:
            _rename(books, kind, old["FullyQualifiedName"], new)

    return settle


def _rename(books: Books, kind: str, before: str, parent: Body) -> None:
    shelf = books.shelves[kind]
    below = [one for one, facts in shelf.facts.items() if facts.get("ParentRef") == parent["Id"].casefold()]
    for child in filter(None, map(shelf.get, below)):
        bare = str(parent["FullyQualifiedName"]).removesuffix(names.DELETED)
        own = str(child["FullyQualifiedName"]).removeprefix(before.removesuffix(names.DELETED)).lstrip(":")
        full = f"{bare}:{own}"
        books.put(kind, books.touch(child | {"FullyQualifiedName": full}))
        books.announce(kind, child["Id"], "Update")
        _rename(books, kind, child["FullyQualifiedName"], child | {"FullyQualifiedName": full})
