"""The query language (§5): text in, a parsed question out. Knows the grammar, not the data."""

import re
from dataclasses import dataclass
from datetime import date

from app.simulator.bookkeeping import refusals

DEFAULT_ROWS, MOST_ROWS = 100, 1000
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.|'')*')|(?P<sign><=|>=|=|<|>|\(|\)|,|\*)|(?P<word>[A-Za-z0-9_.:+\-]+))", re.DOTALL
)
_OPERATORS = {"=", "<", ">", "<=", ">="}


@dataclass(frozen=True)
class Condition:
    """`name operator values`; one value except for `in`."""

    name: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A parsed statement; `kind` as the client wrote it, `start` counts from 1; no `fields` mean all."""

    kind: str
    count: bool
    fields: tuple[str, ...]
    conditions: tuple[Condition, ...]
    order: tuple[tuple[str, bool], ...]
    start: int
    most: int


@dataclass(frozen=True)
class _Token:
    type: str
    text: str

    def says(self, *words: str) -> bool:
        return self.type == "word" and self.text.upper() in words


_END = _Token("end", "<EOF>")


def _tokens(statement: str) -> list[_Token]:
    tokens, position = [], 0
    statement = statement.rstrip()
    while position < len(statement):
        found = _TOKEN.match(statement, position)
        if found is None:
            raise refusals.query_parser(f"Encountered unexpected character at column {position + 1}")
        kind = str(found.lastgroup)
        tokens.append(_Token(kind, _plain(found[kind]) if kind == "text" else found[kind]))
        position = found.end()
    return tokens


def _plain(quoted: str) -> str:
    r"""The value between the quotes; `\'` and, seen in the wild, `''` both mean one quote (§5)."""
    return re.sub(r"\\(.)|''", lambda found: found[1] or "'", quoted[1:-1], flags=re.DOTALL)


class _Reader:
    """Walks over the tokens once, from left to right."""

    def __init__(self, statement: str, today: date) -> None:
        self._tokens = _tokens(statement)
        self._today = today
        self._at = 0

    def peek(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def take(self) -> _Token:
        token = self.peek()
        self._at += 1
        return token

    def accept(self, *words: str) -> bool:
        """Take the next token when it is one of these words or signs."""
        token = self.peek()
        hit = token.says(*words) or (token.type == "sign" and token.text in words)
        self._at += int(hit)
        return hit

    def demand(self, *words: str) -> None:
        if not self.accept(*words):
            raise refusals.query_parser(f'Encountered "{self.peek().text[:50]}". Was expecting: "{words[0]}"')

    def word(self) -> str:
        token = self.take()
        if token.type != "word":
            raise refusals.query_parser(f'Encountered "{token.text[:50]}". Was expecting a name')
        return token.text

    def value(self) -> str:
        token = self.take()
        if token.type not in {"text", "word"}:
            raise refusals.query_parser(f'Encountered "{token.text[:50]}". Was expecting a value')
        return self._today.isoformat() if token.says("CURRENT_DATE") else token.text

    def number(self) -> int:
        text = self.value()
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise refusals.query_parser(f'Encountered "{text[:50]}". Was expecting a number')
        return int(text)


def _selected(reader: _Reader) -> tuple[bool, tuple[str, ...]]:
    """Reads what stands between SELECT and FROM: whether it is count(*), and the fields named; after a star, none."""
    if reader.accept("COUNT"):
        for sign in "(*)":
            reader.demand(sign)
        return True, ()
    is_all = reader.accept("*")
    named = [] if is_all else [reader.word()]
    while reader.accept(","):
        named.append(reader.word())
    return False, () if is_all else tuple(named)


def _condition(reader: _Reader) -> Condition:
    name = reader.word()
    token = reader.take()
    if token.says("IN"):
        reader.demand("(")
        values = [reader.value()]
        while reader.accept(","):
            values.append(reader.value())
        reader.demand(")")
        return Condition(name, "in", tuple(values))
    if token.says("LIKE") or token.text in _OPERATORS:
        return Condition(name, token.text.lower(), (reader.value(),))
    raise refusals.query_parser(f'Encountered "{token.text[:50]}". Was expecting an operator')


def _conditions(reader: _Reader) -> tuple[Condition, ...]:
    if not reader.accept("WHERE"):
        return ()
    found = [_condition(reader)]
    while reader.accept("AND"):
        found.append(_condition(reader))
    return tuple(found)


def _order(reader: _Reader) -> tuple[tuple[str, bool], ...]:
    """(name, descending) pairs; `ORDER BY` with a space is taken too (§5)."""
    if reader.accept("ORDER"):
        reader.demand("BY")
    elif not reader.accept("ORDERBY"):
        return ()
    found: list[tuple[str, bool]] = []
    while not found or reader.accept(","):
        name = reader.word()
        found.append((name, reader.accept("DESC") or (reader.accept("ASC") and False)))
    return tuple(found)


def _page(reader: _Reader) -> tuple[int, int]:
    start, most = 1, DEFAULT_ROWS
    while not reader.peek().type == "end":  # noqa: SIM201 - reads as a sentence
        if reader.accept("STARTPOSITION"):
            start = reader.number()
        elif reader.accept("MAXRESULTS"):
            most = reader.number()
        else:
            raise refusals.query_parser(f'Encountered "{reader.peek().text[:50]}". Was expecting: <EOF>')
    return start, most


def parse(statement: str, today: date) -> Question:
    """A question; `today` is what CURRENT_DATE stands for. Raises 4000 for what is no sentence, 4001 for page 0."""
    reader = _Reader(statement, today)
    reader.demand("SELECT")
    count, fields = _selected(reader)
    reader.demand("FROM")
    kind = reader.word()
    conditions, order = _conditions(reader), _order(reader)
    start, most = _page(reader)
    if start < 1:
        raise refusals.query_validation(f"value {start} is too small. Min allowed value is 1")
    return Question(kind, count, fields, conditions, order, start, most)
