"""Class and Department (§3.16): the two ways to sort transactions, the second called location on screen."""

from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.columns import Column, ref
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds import names, nesting
from app.simulator.kinds.fields import Field, flag, read_only, reference, text
from app.simulator.kinds.kind import FEW_EVENTS, LIST_OPERATIONS, NAME_EVENTS, SYSTEM_ORDER, Complete, Draft, Kind

_FIRST_ID = 5000000000000142238
_SWITCHED_ON_BY = {"Class": ("ClassTrackingPerTxn", "ClassTrackingPerTxnLine"), "Department": ("TrackDepartments",)}


def _completing(kind: str) -> Complete:
    """Name, full name, active; the preference that turns the list on must be set (its refusal is not recorded)."""

    def complete(draft: Draft) -> Body:
        preferences = _SWITCHED_ON_BY[kind]
        if not any(draft.books.preference("AccountingInfoPrefs", name) for name in preferences):
            raise refusals.business(f"{kind} tracking is turned off in this company's preferences.")
        names.refuse_deleted(draft)
        body: Body = {nesting.FLAGS[kind]: False, "Active": True} | draft.merged
        body["Name"] = names.plain(body["Name"], "Name")
        body = names.with_suffix(nesting.placed(draft, kind, body, "Name"), "Name", "FullyQualifiedName")
        names.refuse_taken(draft.saying(body), kind, "FullyQualifiedName", names.LIST_TAKEN)
        return body

    return complete


def _tracking(kind: str, events: frozenset[str]) -> Kind:
    below = nesting.FLAGS[kind]
    fields = (
        Field("Name", text(100), required=True), Field(below, flag, keeps=True), Field("ParentRef", reference(kind)),
        Field("Active", flag, keeps=True), *read_only("FullyQualifiedName", "Level"),
    )  # fmt: skip
    columns = (
        Column("Name", indexed=True), Column("FullyQualifiedName", indexed=True), Column("Active", "flag"),
        Column(below, "flag"), ref("ParentRef"),
    )  # fmt: skip
    return Kind(
        kind, fields, columns, LIST_OPERATIONS, _completing(kind), nesting.rename_below(kind), is_list=True,
        order=("Name", below, "ParentRef", "FullyQualifiedName", "Active", *SYSTEM_ORDER), events=events,
        first_id=_FIRST_ID,
    )  # fmt: skip


CLASS = _tracking("Class", NAME_EVENTS)
DEPARTMENT = _tracking("Department", FEW_EVENTS)
