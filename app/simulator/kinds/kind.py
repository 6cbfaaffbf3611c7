"""What a kind of record is: a value that says which fields, which rules, which side effects."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import SYSTEM, Column, by_bytes
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.fields import Field, Known, by_name, read_only

SYSTEM_FIELDS = read_only("domain", "MetaData", "status", "SyncToken", "Id", "sparse")
SYSTEM_ORDER = ("domain", "sparse", "Id", "SyncToken", "MetaData")
"""These five stand together in every recorded answer, in this order."""


@dataclass(frozen=True)
class Draft:
    """A write that is being decided: what was sent, what is there, and both laid over each other."""

    books: Books
    sent: Body
    old: Body | None
    merged: Body
    sparse: bool = False
    include: frozenset[str] = frozenset()
    kind: str = ""

    def saying(self, body: Body) -> "Draft":
        """The same write with another outcome, for rules that look at the outcome."""
        return replace(self, merged=body)

    def changes(self, *names: str) -> bool:
        """Whether one of these properties was sent, or the record is new."""
        return self.old is None or any(name in self.sent for name in names)


Complete = Callable[[Draft], Body]
Settle = Callable[[Books, Body | None, Body], None]


def as_merged(draft: Draft) -> Body:
    """A kind without rules of its own."""
    return draft.merged


def no_side_effect(_books: Books, _old: Body | None, _new: Body) -> None:
    """A kind that changes nothing but itself."""


@dataclass(frozen=True)
class Kind:
    """One row of the table in `registry.py`.

    `complete` makes the record that is kept, or refuses, and touches nothing. `settle` carries its consequences to
    other records and never refuses; it is also called for a deletion, with the emptied record.
    `guard` may refuse a deletion or a voiding. `order` is the recorded order of keys (§3); what it does not name comes
    last. `always` must be sent with every update, sparse ones too (§2.5). `first_id` begins the list's own ids (§3.0).
    """

    name: str
    fields: tuple[Field, ...]
    columns: tuple[Column, ...]
    operations: frozenset[str]
    complete: Complete = as_merged
    settle: Settle = no_side_effect
    guard: Callable[[Books, Body, str], None] | None = None
    voided: Callable[[Body], Body] | None = None
    is_list: bool = False
    total_count: bool = False
    events: frozenset[str] = frozenset({"Create", "Update", "Delete", "Void"})
    order: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    first_id: int = 1
    shown: Callable[[Body], Body] | None = None
    """What every answer shows of the record, where that is less than what is kept."""
    identify: Callable[[Books, Body], Body] | None = None
    """Id and SyncToken of the record a write is about, where other properties than its Id name it; {} for none."""
    prepare: Callable[[Books, Mapping[str, Iterable[str]]], None] | None = None
    """Called before a query with the values its conditions ask for, by lower-case property."""
    first_answer: Callable[[Body], Body] | None = None
    """What the answer to a create shows of the record, where recordings have less than a read."""
    signed: bool = False
    """Whether MetaData names who changed it last; recorded on invoices (§3.9)."""

    @cached_property
    def known(self) -> Known:
        """Its own properties and those of every record, by name."""
        return by_name(self.fields + SYSTEM_FIELDS)

    def in_order(self, body: Body) -> Body:
        """The record with its keys as recordings have them."""
        return {name: body[name] for name in self.order if name in body} | body

    def as_shown(self, body: Body) -> Body:
        """The record as answers have it."""
        return self.shown(body) if self.shown else body

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """Its own queryable properties and those of every record; of a list, what orders it too."""
        own = SYSTEM + self.columns
        return (*own, by_bytes(own)) if self.is_list else own


NAME_EVENTS = frozenset({"Create", "Update", "Delete", "Merge"})
FEW_EVENTS = frozenset({"Create", "Update", "Merge"})
DOCUMENT_EVENTS = frozenset({"Create", "Update", "Delete", "Void", "Emailed"})
"""What webhooks tell of each kind (§9.3)."""
LIST_OPERATIONS = frozenset({"create", "update"})
READ_ONLY = frozenset[str]()
