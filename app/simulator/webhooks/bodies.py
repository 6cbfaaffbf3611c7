"""The two forms of a webhook body (§9.2, §9.3) and its signature (§9.1)."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from app.simulator.bookkeeping.wire import Body

_VERBS = {"Create": "created", "Update": "updated", "Delete": "deleted", "Merge": "merged", "Emailed": "emailed"}
_TWICE_NAMED = ("Employee", "Class")
_SOURCE = "intuit.c2ltdWxhdGVkLWludHVpdC1mb3ItY291bnRlcmZvaWw="


def cloud_events(events: Iterable[Body], void_verb: str) -> list[Body]:
    """The array of CloudEvents; realms may be mixed. `void_verb` is `void` or `voided` (§11)."""
    return [
        {
            "specversion": "1.0", "id": event["event_id"], "source": _SOURCE,
            "type": f"qbo.{event['kind'].lower()}.{_VERBS.get(event['operation'], void_verb)}.v1",
            "datacontenttype": "application/json", "time": event["time"], "intuitentityid": event["id"],
            "intuitaccountid": event["realm"], "data": _data(event),
        }
        for event in events
    ]  # fmt: skip


def _data(event: Body) -> Body:
    """Mostly empty: who disappeared in a merge, another id of a new employee or class (§9.3)."""
    if event["operation"] == "Merge":
        return {"deletedid": event["gone"]}
    if event["operation"] == "Create" and event["kind"] in _TWICE_NAMED:
        known_as = base64.b64encode(f"v4.1:{event['realm']}".encode()).decode().rstrip("=")
        return {"alternative_ids": [{"id": f"{known_as}:{event['id']}", "namespace": "Intuit.sbseg.v4"}]}
    return {}


def legacy(events: Iterable[Body]) -> Body:
    """The older form: grouped by realm."""
    realms: dict[str, list[Body]] = {}
    for event in events:
        gone = {"deletedId": event["gone"]} if event["operation"] == "Merge" else {}
        told = {"name": event["kind"], "id": event["id"], "operation": event["operation"], "lastUpdated": event["time"]}
        realms.setdefault(event["realm"], []).append(told | gone)
    return {
        "eventNotifications": [
            {"realmId": realm, "dataChangeEvent": {"entities": entities}} for realm, entities in realms.items()
        ]
    }


def signature(raw: bytes, verifier: str) -> str:
    """base64(HMAC-SHA256(raw body, verifier token)), the header `intuit-signature`."""
    return base64.b64encode(hmac.new(verifier.encode(), raw, hashlib.sha256).digest()).decode()
