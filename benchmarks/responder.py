"""A process that answers as QuickBooks would, at once and without a database: what is left is the cost of the asker.

It takes every write, gives it the next id, and adds a fifth of VAT to the sum of its lines. `running()` starts one.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

_ENTITIES = ("Invoice", "CreditMemo", "Customer", "Item")
_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nintuit_tid: 1-canned\r\nContent-Length: {}\r\n\r\n"
_NOTHING: dict[str, Any] = {"QueryResponse": {}}
"""The answer to a read: there is nothing here."""
_ids = itertools.count(1)


@contextmanager
def running() -> Iterator[str]:
    """Start it on a free port of this machine for as long as the block lasts; gives its address."""
    command = [sys.executable, "-m", "benchmarks.responder"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent) as process:
        try:
            yield cast("IO[str]", process.stdout).readline().strip()
        finally:
            process.terminate()


class Line(asyncio.Protocol):
    """One kept-alive connection: a request in, its answer out."""

    def __init__(self) -> None:
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        head, found, rest = self._waiting.partition(b"\r\n\r\n")
        if found and len(rest) >= _length(head):
            self._waiting = b""
            body = json.dumps(answer(json.loads(rest)) if rest else _NOTHING).encode()
            self._transport.write(_HEAD.format(len(body)).encode() + body)


def _length(head: bytes) -> int:
    fields = (line.split(b":", 1) for line in head.lower().split(b"\r\n")[1:])
    return next((int(value) for name, value in fields if name == b"content-length"), 0)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to a batch, or to a single create of an invoice."""
    if "BatchItemRequest" not in asked:
        return {"Invoice": _taken(asked)}
    return {"BatchItemResponse": [_member(item) for item in asked["BatchItemRequest"]]}


def _member(item: dict[str, Any]) -> dict[str, Any]:
    entity = next(name for name in _ENTITIES if name in item)
    return {"bId": item["bId"], entity: _taken(item[entity])}


def _taken(record: dict[str, Any]) -> dict[str, Any]:
    net_pence = sum(round(line.get("Amount", 0) * 100) for line in record.get("Line", ()))
    tax_pence = (net_pence + 2) // 5
    total = (net_pence + tax_pence) / 100
    mine = {"Id": str(next(_ids)), "SyncToken": "0", "TotalAmt": total, "Balance": total}
    changed = {"LastUpdatedTime": "2026-11-01T09:00:00-08:00"}
    return {**record, **mine, "TxnTaxDetail": {"TotalTax": tax_pence / 100}, "MetaData": changed}


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Line, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
