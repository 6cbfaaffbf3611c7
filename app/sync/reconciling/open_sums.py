"""What is open on both sides at the end of a comparison, by currency and by what its difference comes from. Pure.

Ours are all open documents, those that QuickBooks has not heard of too, so that their sum is that of the debtors here;
theirs are all open invoices and credit memos of the company, those from before it was connected too, so that their sum
is what QuickBooks itself shows as open on documents. Money that is on no document yet is on neither side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.quickbooks.answers import DocumentSeen
from app.sync.comparing.drifts import DriftCause
from app.sync.comparing.findings import Difference
from app.sync.comparing.pictures import Key
from app.sync.comparing.remedies import PAID
from app.sync.comparing.sides import FACTS, Ours
from app.sync.comparing.surveying import Left
from app.sync.judging.kinds import KINDS

_CREDITS = frozenset({KINDS["credit_note"].entity})
_MOVE_NOTHING = frozenset({*FACTS, DriftCause.RATE, DriftCause.CUSTOMER_MERGED, DriftCause.CUSTOMER_INACTIVE})
"""Differences that change no balance."""


class Part(StrEnum):
    """Where an open balance belongs that no listed difference names."""

    AGREES = "agrees"
    NOT_SENT = "not_sent"
    LEFT_OUT = "left_out"
    OLDER = "older"
    JUST_PAID = "just_paid"
    UNEXPLAINED = "unexplained"


@dataclass
class Sum:
    """So many open documents, and their balances on both sides in pence, credit notes counted down."""

    documents: int = 0
    ours: int = 0
    theirs: int = 0


Sums = Mapping[tuple[str, str], Sum]
"""{(currency, a `Part` or the cause of listed differences): sum}."""


Side = tuple[str, int]
"""A currency, and what is open in it in pence."""


@dataclass(frozen=True)
class Sides:
    """Both sides: our documents, those of ours that were not compared, the whole company, and its home currency."""

    compared: Sequence[Ours]
    left: Sequence[Left]
    theirs: Mapping[Key, DocumentSeen]
    home_currency: str


def parted(sides: Sides) -> tuple[Sides, Sides]:
    """Apart from the rest, those of which more or less is open there than here: (them, the rest)."""
    unlike = [mine for mine in sides.compared if not _agrees(mine, sides.theirs.get(_key(mine)))]
    keys = {_key(mine) for mine in unlike}
    alike = [mine for mine in sides.compared if _key(mine) not in keys]
    there = {key: seen for key, seen in sides.theirs.items() if key in keys}
    others = {key: seen for key, seen in sides.theirs.items() if key not in keys}
    return replace(sides, compared=unlike, left=(), theirs=there), replace(sides, compared=alike, theirs=others)


def together(*several: Sums) -> Sums:
    """The sums of parts that were added up apart."""
    found: defaultdict[tuple[str, str], Sum] = defaultdict(Sum)
    for place, total in (item for each in several for item in each.items()):
        row = found[place]
        row.documents, row.ours = row.documents + total.documents, row.ours + total.ours
        row.theirs += total.theirs
    return found


def sums(sides: Sides, told: Sequence[Difference]) -> Sums:
    """Add up what is open; `told` is what is listed as different, so that each balance stands with its own.

    Where a document's total and what is paid on it both differ, each difference stands with its own cause.
    """
    causes: defaultdict[Key, list[DriftCause]] = defaultdict(list)
    for one in told:
        if one.cause not in _MOVE_NOTHING:
            causes[one.entity, one.remote_id].append(one.cause)
    found: defaultdict[tuple[str, str], Sum] = defaultdict(Sum)
    others = dict(sides.theirs)
    for mine in sides.compared:
        key = _key(mine)
        for part, here, there in _compared(mine, others.pop(key, None), causes.get(key, ())):
            _add(found, part, here, there)
    for left in sides.left:
        part = Part.LEFT_OUT if left.key[1] else Part.NOT_SENT
        there = _there(left.key, others.pop(left.key, None), left.currency)
        _add(found, part, (left.currency, _signed(left.key[0], left.open_pence)), there)
    for key, seen in others.items():
        _add(found, next(iter(causes.get(key, ())), Part.OLDER), None, _there(key, seen, sides.home_currency))
    return {place: total for place, total in found.items() if total.documents}


def _compared(
    mine: Ours, seen: DocumentSeen | None, causes: Sequence[DriftCause]
) -> Iterator[tuple[str, Side | None, Side | None]]:
    currency, pence = here = (mine.currency, _signed(mine.entity, mine.open_pence))
    there = _there(_key(mine), seen, mine.currency)
    if _agrees(mine, seen):
        yield Part.AGREES, here, there
        return
    paid = next((cause for cause in causes if cause in PAID), None)
    if seen is None or there is None or paid is None or causes[0] is paid or there[0] != currency:
        yield next(iter(causes), None) or _unlisted(mine), here, there
        return
    less_paid = _signed(mine.entity, mine.settled_pence - (seen.total_pence - seen.balance_pence))
    yield paid, here, (currency, pence + less_paid)
    yield causes[0], None, (currency, there[1] - pence - less_paid)


def _key(mine: Ours) -> Key:
    return mine.entity, mine.remote_id


def _agrees(mine: Ours, seen: DocumentSeen | None) -> bool:
    here, there = mine.open_pence, _open_there(seen)
    is_same_money = seen is None or not seen.currency or seen.currency == mine.currency or here == 0
    return here == there and is_same_money


def _unlisted(mine: Ours) -> Part:
    return Part.JUST_PAID if mine.just_paid else Part.UNEXPLAINED


def _there(key: Key, seen: DocumentSeen | None, otherwise: str) -> Side | None:
    """What is open there; a company of one currency does not say in which."""
    return (seen.currency or otherwise, _signed(key[0], _open_there(seen))) if seen is not None else None


def _open_there(seen: DocumentSeen | None) -> int:
    return 0 if seen is None or seen.deleted or seen.voided else seen.balance_pence


def _signed(entity: str, pence: int) -> int:
    return -pence if entity in _CREDITS else pence


def _add(found: defaultdict[tuple[str, str], Sum], part: str, ours: Side | None, theirs: Side | None) -> None:
    """Count a document once in each currency in which something of it is open."""
    for currency in {side[0] for side in (ours, theirs) if side is not None and side[1]}:
        found[currency, part].documents += 1
    if ours is not None:
        found[ours[0], part].ours += ours[1]
    if theirs is not None:
        found[theirs[0], part].theirs += theirs[1]
