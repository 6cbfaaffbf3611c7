"""What a file says, in values: documents with their lines, and refusals."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.billing.kinds import DocumentKind


@dataclass(frozen=True, slots=True)
class FileClient:
    """A client as the file knows it; the key tells two of one name apart."""

    key: str
    name: str
    email: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line, with the line of the file it stands on; prices in pounds, service and tax code as their codes."""

    at: int
    description: str
    service: str
    quantity: Decimal | None
    unit_price: Decimal | None
    discount_percent: Decimal
    tax_code: str


@dataclass(frozen=True, slots=True)
class FileDocument:
    """A document that could be understood."""

    number: str
    kind: DocumentKind
    client: FileClient
    issue_date: date
    due_date: date | None
    term: str
    currency: str | None
    memo: str
    lines: tuple[FileLine, ...]

    def digest(self) -> str:
        """A fingerprint of the content; where its lines stand in the file is no part of it."""
        lines = [(*(str(getattr(line, name)) for name in _LINE),) for line in self.lines]
        head = [str(getattr(self, name)) for name in _HEAD]
        return hashlib.sha256(repr((head, lines)).encode()).hexdigest()


_HEAD = ("number", "kind", "client", "issue_date", "due_date", "term", "currency", "memo")
_LINE = ("description", "service", "quantity", "unit_price", "discount_percent", "tax_code")


class Refusal(NamedTuple):
    """Why a document is not taken: a code for counting, a sentence, and the lines of the file to look at."""

    code: str
    reason: str
    lines: tuple[int, ...]


class RefusedError(Exception):
    """A document of a file is not taken."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(refusal.reason for refusal in self.refusals))


@dataclass(frozen=True, slots=True)
class Understood:
    """One document of a file in the order of its first line: understood, or refused with all reasons."""

    number: str
    lines: tuple[int, ...]
    document: FileDocument | None
    refusals: tuple[Refusal, ...] = ()


def ranges(lines: Iterable[int]) -> str:
    """Line numbers as a person writes them: "12-15, 40"."""
    spans: list[list[int]] = []
    for line in sorted(set(lines)):
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
