"""The least that receives webhooks and loses none: Flask, the signature, one row, one durable commit.

Served as the portal is, on a table of its own in the portal's database, by the bare driver: no SQLAlchemy but to open a
connection a thread with the portal's own settings of durability.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import threading
import time
from typing import Any

from flask import Flask, abort, request
from sqlalchemy import Engine, create_engine

from app.foundation import sqlite

_VERIFIER = os.environ.get("INTUIT_WEBHOOK_VERIFIER", "").encode()
_MAKE = "CREATE TABLE bare_delivery (id {} PRIMARY KEY, arrived_at DOUBLE PRECISION NOT NULL, body {} NOT NULL)"
_STORE = "INSERT INTO bare_delivery (arrived_at, body) VALUES ({0}, {0})"

app = Flask(__name__)
_here = threading.local()


def make_table(url: str) -> None:
    """Make its table in the database behind a URL of the portal's settings."""
    is_sqlite = url.startswith("sqlite")
    types = ("INTEGER", "BLOB") if is_sqlite else ("BIGINT GENERATED ALWAYS AS IDENTITY", "BYTEA")
    with sqlite.writing_on(_engine(url)) as connection:
        connection.exec_driver_sql(_MAKE.format(*types))


@app.post("/webhooks/quickbooks")
def receive() -> tuple[str, int]:
    """Keep a call that is signed."""
    raw = request.get_data()
    wanted = base64.b64encode(hmac.digest(_VERIFIER, raw, hashlib.sha256)).decode()
    if not hmac.compare_digest(wanted, request.headers.get("intuit-signature", "")):
        abort(401)
    keep(raw)
    return "", 200


@app.get("/healthz")
def healthz() -> str:
    """It lives."""
    return "ok"


def keep(raw: bytes) -> None:
    """One row, one commit. Raises the driver's errors; then nothing was acknowledged."""
    if not hasattr(_here, "connection"):
        _here.connection = _connected()
    connection, is_sqlite = _here.connection
    cursor = connection.cursor()
    if is_sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    cursor.execute(_STORE.format("?" if is_sqlite else "%s"), (time.time(), raw))
    connection.commit()


def _connected() -> tuple[Any, bool]:
    """This thread's connection, and whether it is one to SQLite."""
    engine = _engine(os.environ["DATABASE_URL"])
    return engine.raw_connection(), engine.dialect.name == "sqlite"


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url.replace("postgresql", "postgresql+psycopg", 1))
    engine = create_engine(url, module=sqlite.library)  # type: ignore[attr-defined]  # chosen there, once
    sqlite.prepare(engine)
    return engine
