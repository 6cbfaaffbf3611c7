"""Records of lists that are mapped (items, tax codes, terms): what each is here. Only looks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from sqlalchemy import select

from app.billing.service import Service
from app.billing.tax import TaxCode
from app.billing.terms import PaymentTerm
from app.foundation.database import db
from app.quickbooks import catalogue
from app.quickbooks.catalogue import Record
from app.sync.importing.offers import Difference, Offer, Place, Standing, order
from app.sync.judging import choices
from app.sync.judging.suggestions import Shelf, Suggestion, Wanted
from app.sync.records.mappings import ENTITY_OF, MappingKind, mappings_of

Ours: TypeAlias = Service | TaxCode | PaymentTerm


@dataclass(frozen=True)
class Kind:
    """How the records of one list are compared with ours."""

    kind: MappingKind
    table: Any
    wanted: Callable[[Any], Wanted]
    suggest: Callable[[Wanted, Shelf], Suggestion | None]
    fault: Callable[[Place, Record], str]
    """Why a record can't be taken; empty where it can."""
    beside: Callable[[Record], str]
    called: Callable[[Any], str]


Differing = Callable[[Any, Record], tuple[Difference, ...]]


def look(place: Place, how: Kind, differing: Differing) -> list[Offer]:
    """Every active record of the list, in alphabetical order."""
    rows = catalogue.all_active(place.connection.id, ENTITY_OF[how.kind])
    ours: dict[int, Ours] = {row.id: row for row in db.session.scalars(select(how.table).order_by(how.table.id))}
    mapped = _mapped(place, how.kind, ours)
    free = [row for row in rows if row.remote_id not in mapped and not how.fault(place, row)]
    alike = _alike(how, _unmapped_among(ours.values(), mapped), free)
    return [_offer(row, how, (mapped, alike), (how.fault(place, row), differing)) for row in rows]


def _unmapped_among(ours: Iterable[Ours], mapped: Mapping[str, Sequence[Ours]]) -> list[Ours]:
    chosen = {one.id for several in mapped.values() for one in several}
    return [one for one in ours if one.active and one.id not in chosen]


def _mapped(place: Place, kind: MappingKind, ours: Mapping[int, Ours]) -> dict[str, list[Ours]]:
    found: dict[str, list[Ours]] = defaultdict(list)
    for our_id, mapping in sorted(mappings_of(place.connection.id, kind).items()):
        if our_id in ours:
            found[mapping.remote_id].append(ours[our_id])
    return dict(found)


def _alike(how: Kind, ours: Sequence[Ours], free: Sequence[Record]) -> dict[str, list[tuple[Ours, str]]]:
    """{their id: those of ours that are the same, and why}; likeness alone is not enough."""
    shelf = Shelf(choices.candidate(row) for row in free)
    found: dict[str, list[tuple[Ours, str]]] = defaultdict(list)
    for one in ours:
        suggestion = how.suggest(how.wanted(one), shelf)
        if suggestion is not None:
            found[suggestion.candidate.remote_id].append((one, suggestion.reason))
    return dict(found)


_Known = tuple[Mapping[str, Sequence[Ours]], Mapping[str, Sequence[tuple[Ours, str]]]]


def _offer(row: Record, how: Kind, known: _Known, judged: tuple[str, Differing]) -> Offer:
    said = Offer(key=order(row.remote_id), name=row.name, standing=Standing.NEW, beside=how.beside(row))
    mapped, alike = known[0].get(row.remote_id, ()), known[1].get(row.remote_id, ())
    fault, differing = judged
    if len(mapped) == 1:
        found = differing(mapped[0], row)
        standing = Standing.DIFFERS if found else Standing.SAME
        here = how.called(mapped[0])
        return replace(said, standing=standing, our_id=mapped[0].id, here=here, differences=found)
    if mapped:
        return replace(said, standing=Standing.SAME, note=f"It stands for {len(mapped)} of yours.")
    if fault:
        return replace(said, standing=Standing.LEFT_OUT, note=fault)
    return _unmapped(said, how, alike)


def _unmapped(said: Offer, how: Kind, alike: Sequence[tuple[Ours, str]]) -> Offer:
    if len(alike) > 1:
        names = " and ".join(_named(how, alike))
        return replace(said, standing=Standing.LEFT_OUT, note=f"It may be {names}: map the right one by hand.")
    if alike:
        one, reason = alike[0]
        return replace(said, standing=Standing.TO_LINK, our_id=one.id, here=how.called(one), note=reason)
    return said


def _named(how: Kind, alike: Sequence[tuple[Ours, str]]) -> Iterator[str]:
    for one, _reason in alike[:3]:
        yield f"“{how.called(one)}”"


def free_name(wanted: str, remote_id: str, taken: Counter[str], *, most: int) -> str:
    """The name, or with QuickBooks' id behind it where it is taken here; at most so many letters (pure)."""
    name = wanted[:most].strip()
    if not taken[name.strip().casefold()]:
        return name
    return f"{name[: most - len(remote_id) - 1]}-{remote_id}"
