"""Answering a question from a company's shelves (§5)."""

import fnmatch
import operator
import re
from collections.abc import Callable, Iterable
from typing import Any

from app.simulator.api.query import MOST_ROWS, Condition, Question, parse
from app.simulator.bookkeeping import refusals
from app.simulator.bookkeeping.books import Books
from app.simulator.bookkeeping.columns import BYTE_ORDER, Column, Fact
from app.simulator.bookkeeping.shelves import Facts, Shelf
from app.simulator.bookkeeping.wire import Body
from app.simulator.kinds.kind import Kind
from app.simulator.kinds.registry import BY_WORD

Test = Callable[[Facts], bool]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
_NOTHING = ("", " ")
_TOLD_ALWAYS = {"domain", "sparse", "id"}
_UNHEARD_OF = {"accountref"}
"""Properties of records that a query does not know at all; of others it says that they are not queryable (§5)."""


def _kind(question: Question) -> Kind:
    kind = BY_WORD.get(question.kind.lower())
    if kind is None:
        raise refusals.query_validation(f"invalid context declaration: {question.kind[:100]}")
    return kind


def _column(kind: Kind, shelf: Shelf, name: str) -> Column:
    for known, column in shelf.columns.items():
        if known.lower() == name.lower():
            return column
    head = name.partition(".")[0].lower()
    if head not in _UNHEARD_OF and any(known.lower() == head for known in kind.known):
        raise refusals.query_validation(f"property '{name[:100]}' is not queryable")
    raise refusals.query_validation(f"Property {name[:100]} not found for Entity {kind.name}")


def _literal(column: Column, text: str) -> Any:
    try:
        return column.literal(text)
    except (ValueError, KeyError) as error:
        raise refusals.query_validation(f"value {text[:100]} is not valid for {column.name}") from error


def _test(column: Column, condition: Condition) -> Test:
    name = column.name
    if name == "Id" and condition.operator not in {"=", "in"}:
        raise refusals.query_validation(f"operator {condition.operator} is not supported for Id")
    if condition.operator == "like":
        pattern = re.compile(fnmatch.translate(_as_glob(condition.values[0].casefold())))
        return lambda facts: pattern.match(str(facts[name] or "")) is not None
    wanted = [_literal(column, value) for value in condition.values]
    if condition.operator in {"in", "="}:
        allowed = {None if value in _NOTHING else value for value in wanted}
        return lambda facts: facts[name] in allowed
    compare = _COMPARE[condition.operator]
    return lambda facts: facts[name] is not None and compare(facts[name], wanted[0])


def _as_glob(like: str) -> str:
    """Only `%` is special in LIKE (§5)."""
    return re.sub(r"([*?\[])", r"[\1]", like).replace("%", "*")


def _looked_up(shelf: Shelf, column: Column, condition: Condition) -> list[str] | None:
    """Ids found through an index, or None where the condition allows no look-up."""
    if condition.operator not in {"=", "in"} or not set(_NOTHING).isdisjoint(condition.values):
        return None
    if column.name == "Id":
        return [value for value in dict.fromkeys(condition.values) if value in shelf.facts]
    if not column.indexed:
        return None
    facts = dict.fromkeys(_literal(column, value) for value in condition.values)
    return [record_id for fact in facts for record_id in shelf.find(column.name, fact)]


def _candidates(shelf: Shelf, tests: list[tuple[Column, Condition]]) -> Iterable[str]:
    """Ids worth testing: through an index where a condition allows it, else all."""
    found = (_looked_up(shelf, column, condition) for column, condition in tests)
    return next((ids for ids in found if ids is not None), list(shelf.facts))


def matching(kind: Kind, shelf: Shelf, question: Question) -> list[str]:
    """Ids of all records that answer, in order. Inactive names only when asked for (§3.0)."""
    tests = [(_column(kind, shelf, one.name), one) for one in question.conditions]
    checks = [_test(column, condition) for column, condition in tests]
    if "Active" in shelf.columns and not any(column.name == "Active" for column, _ in tests):
        # The United States' pseudo tax codes have no Active at all and are told (§3.7).
        checks.append(lambda facts: facts["Active"] is not False)
    found = [one for one in _candidates(shelf, tests) if all(check(shelf.facts[one]) for check in checks)]
    return _sorted(kind, shelf, question, found)


def _order(kind: Kind, shelf: Shelf, question: Question) -> list[tuple[str, bool]]:
    """As asked; else names by full name, byte by byte, transactions by LastUpdatedTime descending (§5)."""
    asked = [(_column(kind, shelf, name).name, descending) for name, descending in question.order]
    usual = [(BYTE_ORDER, False)] if kind.is_list else [("MetaData.LastUpdatedTime", True), ("Id", True)]
    return asked or usual


def _sorted(kind: Kind, shelf: Shelf, question: Question, found: list[str]) -> list[str]:
    """In order; what lacks a value counts as the smallest."""
    for name, descending in reversed(_order(kind, shelf, question)):
        present = [one for one in found if shelf.facts[one][name] is not None]
        absent = [one for one in found if shelf.facts[one][name] is None]
        present.sort(key=lambda one, name=name: _rank(shelf.facts[one][name]), reverse=descending)  # type: ignore[misc]
        found = [*present, *absent] if descending else [*absent, *present]
    return found


def _rank(fact: Fact) -> tuple[bool, Fact]:
    """Words behind numbers: the United States' pseudo tax codes have words for ids (§3.7)."""
    return isinstance(fact, str), fact


def _asked(question: Question) -> dict[str, tuple[str, ...]]:
    return {one.name.lower(): one.values for one in question.conditions if one.operator in {"=", "in"}}


def answer(books: Books, statement: str) -> Body:
    """The `QueryResponse` object of a statement. Raises 4000 and 4001."""
    question = parse(statement, books.today())
    _refuse_excess(books, question)
    kind = _kind(question)
    shelf = books.shelves[kind.name]
    if kind.prepare:
        kind.prepare(books, _asked(question))
    found = matching(kind, shelf, question)
    if question.count:
        return {"totalCount": len(found)}
    page = found[question.start - 1 : question.start - 1 + min(question.most, MOST_ROWS)]
    rows = [_projected(books, question, kind.as_shown(record)) for record in map(shelf.get, page) if record]
    return {kind.name: rows} | _extent(kind, question.start, len(rows), len(found)) if page else {}


def _projected(books: Books, question: Question, record: Body) -> Body:
    """Named fields bring all properties, or (seen in practice, a switch) only those and the system's own (§5)."""
    if not question.fields or books.switches["named_fields"] == "all":
        return record
    wanted = {name.partition(".")[0].lower() for name in question.fields} | _TOLD_ALWAYS
    return {name: value for name, value in record.items() if name.lower() in wanted}


def _refuse_excess(books: Books, question: Question) -> None:
    """More than 1000 rows at once: refused, or cut to 1000 (§5 names both)."""
    if question.most > MOST_ROWS and books.switches["too_many_rows"] == "fault":
        raise refusals.query_validation(f"value {question.most} is too large. Max allowed value is {MOST_ROWS}")


def _extent(kind: Kind, start: int, rows: int, total: int) -> Body:
    """What stands beside the rows. Preferences were recorded without startPosition (§3.2)."""
    begin = {} if kind.name == "Preferences" else {"startPosition": start}
    return begin | {"maxResults": rows} | ({"totalCount": total} if kind.total_count else {})
