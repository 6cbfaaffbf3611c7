"""What of the company's lists a mapping may choose: active, not hidden, and of a kind that can be sold or owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from app.quickbooks import catalogue, long_lists
from app.quickbooks.catalogue import CatalogueRow, Record, Shown
from app.sync.judging.suggestions import Candidate
from app.sync.records.mappings import ENTITY_OF, MappingKind

_UNSOLD = frozenset({"Category", "Group", "Bundle"})
"""Types of Item that no line may name: folders and bundles."""
_ACCOUNTS = {
    **dict.fromkeys((MappingKind.DEFAULT_INCOME, MappingKind.INCOME_ACCOUNT), frozenset({"Income", "Other Income"})),
    MappingKind.DEPOSIT_ACCOUNT: frozenset({"Bank", "Other Current Asset"}),
}
"""Types of Account that may stand for each."""
_UNDEPOSITED = "UndepositedFunds"
"""The one other current asset that takes payments in; stock, say, is another."""


MOST_LOOKED_AT = 200
"""Records of a list that are looked at to see whether it is short; most of the accounts bear no income."""
_MOST_RESEMBLING = 2_000


def is_offered(kind: MappingKind, row: Record) -> bool:
    """Whether a record may be chosen now."""
    if not row.active or row.vanished:
        return False
    if kind is MappingKind.SERVICE:
        return row.data.get("type") not in _UNSOLD
    if kind in _ACCOUNTS:
        holds_stock = row.data.get("type") == "Other Current Asset" and row.data.get("sub_type") != _UNDEPOSITED
        return row.data.get("type") in _ACCOUNTS[kind] and not holds_stock
    return not row.data.get("hidden")


def other_rate(charged_percent: Decimal, row: Record) -> bool:
    """Whether a tax code there adds another percentage than ours; False where its rate is not known."""
    return row.rate is not None and row.rate != charged_percent


def offered(connection_id: int, kind: MappingKind) -> list[Shown]:
    """Every record that may be chosen, in alphabetical order; costly where the list is long."""
    return _usable(kind, catalogue.all_active(connection_id, ENTITY_OF[kind]))


def few(connection_id: int, kind: MappingKind, most: int) -> list[Shown] | None:
    """The same where there are at most so many; None where one must search."""
    rows = catalogue.all_active(connection_id, ENTITY_OF[kind], MOST_LOOKED_AT + 1)
    found = _usable(kind, rows)
    return None if len(rows) > MOST_LOOKED_AT or len(found) > most else found


def those(connection_id: int, kind: MappingKind, remote_ids: Iterable[str]) -> dict[str, CatalogueRow]:
    """Of these records those that may be chosen: {their id: record}."""
    rows = catalogue.by_ids(connection_id, ENTITY_OF[kind], list(remote_ids))
    return {remote_id: row for remote_id, row in rows.items() if is_offered(kind, row)}


def namesakes(connection_id: int, kind: MappingKind, names: Iterable[str], *, or_sku: bool = False) -> list[Shown]:
    """What may be chosen and bears one of these names, or has one as its SKU."""
    return _usable(kind, long_lists.called(connection_id, ENTITY_OF[kind], names, or_sku=or_sku))


def resembling(connection_id: int, kind: MappingKind, name: str) -> list[Shown]:
    """What may be chosen and shares a word with this name."""
    return _usable(kind, long_lists.sharing_a_word(connection_id, ENTITY_OF[kind], name, _MOST_RESEMBLING))


def _usable(kind: MappingKind, rows: Iterable[Shown]) -> list[Shown]:
    return [row for row in rows if is_offered(kind, row)]


def search(connection_id: int, kind: MappingKind, text: str, limit: int = 20) -> list[CatalogueRow]:
    """The records that may be chosen whose name contains the text, the first `limit` of them."""
    rows = catalogue.find(connection_id, ENTITY_OF[kind], text, limit * 3)
    return [row for row in rows if is_offered(kind, row)][:limit]


def candidate(row: Record) -> Candidate:
    """A record as suggestions look at it."""
    days = row.data.get("due_days") if row.data.get("type") != "DATE_DRIVEN" else None
    return Candidate(
        remote_id=row.remote_id,
        name=row.name,
        sku=str(row.data.get("sku") or ""),
        description=str(row.data.get("description") or ""),
        percent=row.rate,
        days=None if days is None else int(days),
    )


def labels(rows: Iterable[Record]) -> dict[str, str]:
    """{remote id: what a person reads}: "20.0% S (20%)"; its id only where two would read the same."""
    plain = {row.remote_id: label(row.name, row.rate) for row in rows}
    repeated = Counter(plain.values())
    return {remote_id: f"{text} · ID {remote_id}" if repeated[text] > 1 else text for remote_id, text in plain.items()}


def label(name: str, rate: Decimal | None) -> str:
    """A name, with its percentage where it has one."""
    return name if rate is None else f"{name} ({percentage(rate)})"


def percentage(rate: Decimal) -> str:
    """A rate as a person reads it: "17.5%"."""
    return f"{rate.normalize():f}%"
