"""How files of different origins are read: each profile is a value in a table, none is a function of its own.

A profile names the file's columns, how their cells are parsed, and answers five questions about a document. To read
another program's export, write another value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.billing.conventions import DayOrder
from app.billing.importing import cells
from app.billing.importing.records import FileClient
from app.billing.kinds import DocumentKind
from app.billing.laying_out import STANDARD, ZERO

Cells = Mapping[str, Any]
"""The parsed cells of one row by our name of the column; columns the file lacks read as empty."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its heading there, how a cell is parsed, what the help page says about it."""

    heading: str
    parse: Callable[[str], Any]
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of file. The functions get the cells of a document's first row, `tax_code` those of each row."""

    name: str
    title: str
    columns: Mapping[str, Column]
    kind: Callable[[Cells], DocumentKind]
    """Raises ValueError with the reason where the number can't be taken."""
    client: Callable[[Cells], FileClient]
    tax_code: Callable[[Cells], str]
    negative_is_credit: bool
    """Whether an invoice below nought is a credit note; else it is refused."""
    takes_zero: bool
    """Whether documents over nought are taken."""
    same: tuple[str, ...] = ()
    """Columns on which all rows of a document must agree, empty cells aside."""
    day_order: DayOrder | None = None
    """How its dates with slashes are read; None: as in the country of the billing entity."""

    @property
    def required(self) -> tuple[str, ...]:
        """The headings without which a file is refused."""
        return tuple(column.heading for column in self.columns.values() if column.required)


def _retail_kind(row: Cells) -> DocumentKind:
    number = row["number"]
    if number[:1].isdigit():
        return DocumentKind.INVOICE
    if number.startswith("C"):
        return DocumentKind.CREDIT_NOTE
    raise ValueError(f"the number {number} begins with {number[0]}; only C, for credit notes, is known")


def _retail_client(row: Cells) -> FileClient:
    name = row["client"] or "Cash sales"
    return FileClient(key=name, name=name, country="GB" if _is_home(row) else "")


def _retail_tax_code(row: Cells) -> str:
    return STANDARD if _is_home(row) else ZERO


def _is_home(row: Cells) -> bool:
    return bool(row["country"] == "United Kingdom")


def _standard_kind(row: Cells) -> DocumentKind:
    return row["kind"] or DocumentKind.INVOICE


def _standard_client(row: Cells) -> FileClient:
    return FileClient(key=row["client_key"] or row["client"], name=row["client"], email=row["email"])


RETAIL = Profile(
    name="retail",
    title="Online retail (one row per line, United Kingdom)",
    columns={
        "number": Column(
            "InvoiceNo", cells.text, "The document's number; C in front means credit note.", required=True
        ),
        "service": Column("StockCode", cells.text, "The service's code, whatever its case.", required=True),
        "description": Column("Description", cells.text, "The line's text.", required=True),
        "quantity": Column("Quantity", cells.number, "Below nought on credit notes.", required=True),
        "issued": Column("InvoiceDate", cells.day, "Day of issue; a time is left out.", required=True),
        "unit_price": Column("UnitPrice", cells.number, "Pounds, net.", required=True),
        "client": Column("CustomerID", cells.text, "The client; empty means cash sales.", required=True),
        "country": Column("Country", cells.text, "United Kingdom means standard rate, else zero rate.", required=True),
    },
    kind=_retail_kind,
    client=_retail_client,
    tax_code=_retail_tax_code,
    negative_is_credit=False,
    takes_zero=False,
    day_order=DayOrder.DAY_FIRST,
)

STANDARD_PROFILE = Profile(
    name="standard",
    title="Counterfoil's own columns",
    columns={
        "number": Column(
            "InvoiceNo", cells.text, "The document's number; rows of one number belong together.", required=True
        ),
        "kind": Column("Kind", cells.kind, "Invoice or Credit note; empty means invoice, or credit note below nought."),
        "issued": Column(
            "InvoiceDate", cells.day, "2026-03-31; with slashes as your country writes it.", required=True
        ),
        "due": Column("DueDate", cells.day, "Empty: follows from the terms."),
        "term": Column("Terms", cells.text, "The name of a payment term, such as Net 30."),
        "client": Column(
            "Client",
            cells.text,
            "The client's name; who is not here yet is made.",
            required=True,
        ),
        "client_key": Column("ClientKey", cells.text, "Tells two clients of one name apart."),
        "email": Column("ClientEmail", cells.text, "Used when the client is new."),
        "currency": Column("Currency", cells.text, "Three letters; empty: the client's or the home currency."),
        "memo": Column("Memo", cells.text, "A note for the client."),
        "service": Column(
            "Service", cells.text, "The service's code; empty, with no quantity and price, on a comment."
        ),
        "description": Column("Description", cells.text, "The line's text.", required=True),
        "quantity": Column("Quantity", cells.number, "Below nought for what is taken back.", required=True),
        "unit_price": Column("UnitPrice", cells.number, "Net, up to 7 decimals.", required=True),
        "discount": Column("DiscountPercent", cells.percent, "Percent taken off the line."),
        "tax_code": Column("TaxCode", cells.text, "The code of a tax code, such as 20.0% S."),
    },
    kind=_standard_kind,
    client=_standard_client,
    tax_code=lambda row: str(row["tax_code"]),
    negative_is_credit=True,
    takes_zero=True,
    same=("client", "client_key", "issued", "kind", "currency"),
)


def dated(profile: Profile, usual: DayOrder) -> Profile:
    """The profile with its dates read in its own order, else the usual one of who hands the file in."""
    parse = partial(cells.day, order=profile.day_order or usual)
    columns = {
        name: replace(column, parse=parse) if column.parse is cells.day else column
        for name, column in profile.columns.items()
    }
    return replace(profile, columns=columns, day_order=profile.day_order or usual)


PROFILES = {profile.name: profile for profile in (RETAIL, STANDARD_PROFILE)}
