"""Words typed by a person, looked for in texts: whatever their case, and as cheaply as the database can."""

from __future__ import annotations

from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_ESCAPE = "/"


class _Holds(FunctionElement[bool]):
    """A text and a pattern, of which the case counts for nothing."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002 - the interface of ColumnElement
        """As it is: SQLite need not be asked whether the answer equals 1."""
        return self


def holds(text: Any, word: str) -> ColumnElement[bool]:
    """Whether a text has the word anywhere, as `icontains` would say; signs that stand for others stand for themselves.

    SQLite's LIKE ignores case by itself, and for the same letters as its lower(): of each text that `icontains` asks
    about, a lower copy would be made first, which takes as long again.
    """
    return _Holds(text, literal(f"%{_escaped(word)}%"))


def begins(text: Any, word: str) -> ColumnElement[bool]:
    """The same at its beginning."""
    return _Holds(text, literal(f"{_escaped(word)}%"))


def _escaped(word: str) -> str:
    for sign in (_ESCAPE, "%", "_"):
        word = word.replace(sign, _ESCAPE + sign)
    return word


@compiles(_Holds)
def _spoken(element: _Holds, compiler: SQLCompiler, **kwargs: Any) -> str:
    text, pattern = (compiler.process(one, **kwargs) for one in element.clauses)
    like = "LIKE" if compiler.dialect.name == "sqlite" else "ILIKE"
    return f"({text} {like} {pattern} ESCAPE '{_ESCAPE}')"
