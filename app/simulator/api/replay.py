"""`requestid` (§2.4): per company, a repeated call or batch gets the first answer and nothing is done again."""

import zlib
from datetime import datetime, timedelta

from app.simulator.bookkeeping import refusals
from app.simulator.world import World

Reply = tuple[int, str, str]
_LONGEST = 50


def earlier_reply(world: World, realm: str, request_id: str) -> Reply | None:
    """The stored answer (status, content type, text), if there is one and it is remembered still."""
    if len(request_id) > _LONGEST:
        raise refusals.too_long(_LONGEST, "requestid")
    if not request_id or world.switches["request_id_ignored"]:
        return None
    row = world.store.row(
        "SELECT at, status, content_type, body FROM replies WHERE realm = ? AND request_id = ?", realm, request_id
    )
    if row is None:
        return None
    hours = world.switches.number("request_id_hours")
    if hours and world.clock.now() - datetime.fromisoformat(row[0]) > timedelta(hours=hours):
        return None
    return int(row[1]), str(row[2]), zlib.decompress(row[3]).decode()


def remember(world: World, realm: str, request_id: str, reply: Reply) -> None:
    """Keep an answer for repeats: successes only, unless the switch says failures too (§2.4, inferred)."""
    if not request_id or (reply[0] >= 300 and not world.switches["request_id_replays_failures"]):
        return
    world.store.write(
        "INSERT OR REPLACE INTO replies (realm, request_id, at, status, content_type, body) VALUES (?, ?, ?, ?, ?, ?)",
        realm, request_id, world.clock.now().isoformat(), reply[0], reply[1], zlib.compress(reply[2].encode(), 1),
    )  # fmt: skip
