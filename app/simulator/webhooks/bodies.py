"""The two forms of a webhook body (§9.2, §9.3) and its signature (§9.1)."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from app.simulator.bookkeeping.wire import Body

_VERBS = {"Create": "created", "Update": "updated", "Delete": "deleted"}
_SOURCE = "intuit.c2ltdWxhdGVkLWludHVpdC1mb3ItY291bnRlcmZvaWw="


def cloud_events(events: Iterable[Body], void_verb: str) -> list[Body]:
    """The array of CloudEvents; realms may be mixed. `void_verb` is `void` or `voided` (§11)."""
    return [
        {
            "specversion": "1.0", "id": event["event_id"], "source": _SOURCE,
            "type": f"qbo.{event['kind'].lower()}.{_VERBS.get(event['operation'], void_verb)}.v1",
            "datacontenttype": "application/json", "time": event["time"], "intuitentityid": event["id"],
            "intuitaccountid": event["realm"], "data": {},
        }
        for event in events
    ]  # fmt: skip


def legacy(events: Iterable[Body]) -> Body:
    """The older form: grouped by realm."""
    realms: dict[str, list[Body]] = {}
    for event in events:
        realms.setdefault(event["realm"], []).append({
            "name": event["kind"], "id": event["id"], "operation": event["operation"], "lastUpdated": event["time"],
        })  # fmt: skip
    return {
        "eventNotifications": [
            {"realmId": realm, "dataChangeEvent": {"entities": entities}} for realm, entities in realms.items()
        ]
    }


def signature(raw: bytes, verifier: str) -> str:
    """base64(HMAC-SHA256(raw body, verifier token)), the header `intuit-signature`."""
    return base64.b64encode(hmac.new(verifier.encode(), raw, hashlib.sha256).digest()).decode()
