"""Files as strings, and the verbs of an import as the doors use them."""

from __future__ import annotations

import io
from pathlib import Path

from app.billing.importing import runs
from app.billing.importing.carrying import carry_out
from app.billing.importing.run import ImportRun
from app.foundation.database import transaction
from tests.billing.firm import ANN, Firm

DIRTY = Path(__file__).parents[2] / "data" / "standard-dirty.csv"
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
HOME = "2010-12-01 08:26:00,{price},17850,United Kingdom\n"


def row(number: str = "536365", code: str = "85123A", quantity: str = "6", price: str = "2.55") -> str:
    """One line of a shop's file."""
    return f"{number},{code},HEART,{quantity},{HOME.format(price=price)}"


def retail(*rows: str) -> bytes:
    """A shop's file."""
    return (HEADER + "".join(rows)).encode()


def standard(*rows: str) -> bytes:
    """A file in our own columns; each row is number, client and client key, for an hour of support at 85 pounds."""
    header = "InvoiceNo,Client,ClientKey,InvoiceDate,Service,Description,Quantity,UnitPrice,TaxCode\n"
    return (header + "".join(f"{row},2026-02-01,SUP,Support,1,85,20.0% S\n" for row in rows)).encode()


def handed_in(firm: Firm, file: bytes, profile: str = "retail", *, open_documents: bool = True) -> ImportRun:
    """A file was uploaded."""
    with transaction():
        given = ("file.csv", io.BytesIO(file))
        return runs.hand_in(firm.entity, profile, given, open_documents=open_documents, actor=ANN)


def imported(firm: Firm, file: bytes, profile: str = "retail", *, open_documents: bool = True) -> ImportRun:
    """A file was uploaded, started and carried out."""
    run = handed_in(firm, file, profile, open_documents=open_documents)
    with transaction():
        runs.start(run)
    return carry_out(run.id)


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """Documents made, changed, unchanged, refused."""
    return run.made, run.changed, run.unchanged, run.refused
