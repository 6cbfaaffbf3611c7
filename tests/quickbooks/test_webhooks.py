"""Deliveries: who signed them and what they say."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.foundation.sealing import Secret
from app.quickbooks.webhooks import BadDelivery, parse, signature_matches

VERIFIERS = [Secret("verifier-new"), Secret("verifier-old")]
MERGED: dict[str, Any] = {
    "specversion": "1.0",
    "id": "88cd52aa-33b6-4351-9aa4-47572edbd068",
    "source": "intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=",
    "type": "qbo.customer.merged.v1",
    "datacontenttype": "application/json",
    "time": "2026-09-10T21:31:25.179851517Z",
    "intuitentityid": "123",
    "intuitaccountid": "9341455600000001",
    "data": {"deletedid": "27"},
}
OLD_SHAPE = (
    b'{"eventNotifications":[{"realmId":"1234","dataChangeEvent":{"entities":['
    b'{"name":"CreditMemo","id":"43","operation":"Void","lastUpdated":"2026-01-05T20:52:31.657Z"},'
    b'{"name":"Vendor","id":"40","operation":"Merge","lastUpdated":"2026-01-05T20:52:31.657Z","deletedId":"27"}]}}]}'
)


def signed(raw: bytes, verifier: str) -> str:
    """Sign as Intuit does."""
    return base64.b64encode(hmac.new(verifier.encode(), raw, hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(("verifier", "index"), [("verifier-new", 0), ("verifier-old", 1), ("another", None)])
def test_a_signature_tells_which_verifier_made_it(verifier: str, index: int | None) -> None:
    assert signature_matches(b"[]", signed(b"[]", verifier), VERIFIERS) == index


@pytest.mark.parametrize("header", ["", "-", "nonsense", "é"])
def test_what_is_no_signature_matches_nothing(header: str) -> None:
    assert signature_matches(b"[]", header, VERIFIERS) is None
    assert signature_matches(b"[]", header, []) is None


def test_an_empty_verifier_signs_nothing() -> None:
    assert signature_matches(b"[]", signed(b"[]", ""), [Secret("")]) is None
    assert signature_matches(b"[]", "-", [Secret("")]) is None


def test_a_changed_byte_breaks_the_signature() -> None:
    assert signature_matches(b"[ ]", signed(b"[]", "verifier-new"), VERIFIERS) is None


def test_a_cloud_event_is_read() -> None:
    (event,) = parse(json.dumps([MERGED]).encode())
    assert (event.id, event.realm_id, event.entity) == (MERGED["id"], "9341455600000001", "Customer")
    assert (event.remote_id, event.verb, event.deleted_id) == ("123", "merged", "27")
    assert event.at == datetime(2026, 9, 10, 21, 31, 25, 179851, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "entity", "verb"),
    [
        ("qbo.invoice.void.v1", "Invoice", "voided"),
        ("qbo.invoice.voided.v1", "Invoice", "voided"),
        ("QBO.CreditMemo.Updated.V1", "CreditMemo", "updated"),
        ("qbo.payment.deleted.v1", "Payment", "deleted"),
        ("qbo.moonbase.created.v2", "moonbase", "created"),
    ],
)
def test_kinds_of_event_are_read_whatever_their_spelling(kind: str, entity: str, verb: str) -> None:
    (event,) = parse(json.dumps([MERGED | {"type": kind}]).encode())
    assert (event.entity, event.verb) == (entity, verb)


def test_a_delivery_may_mix_companies_and_leave_parts_out() -> None:
    bare = {name: MERGED[name] for name in ("id", "type", "intuitentityid")} | {"intuitaccountid": "77"}
    first, second = parse(json.dumps([MERGED, bare]).encode())
    assert (first.realm_id, second.realm_id) == ("9341455600000001", "77")
    assert (second.at, second.deleted_id) == (None, None)


def test_the_older_shape_is_read_too() -> None:
    voided, merged = parse(OLD_SHAPE)
    assert (voided.realm_id, voided.entity, voided.remote_id, voided.verb) == ("1234", "CreditMemo", "43", "voided")
    assert (merged.verb, merged.deleted_id) == ("merged", "27")
    told = "1234|CreditMemo|43|Void|2026-01-05T20:52:31.657Z"
    assert voided.id == hashlib.sha256(told.encode()).hexdigest()


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff", b"null", b"7", b"{}", b"[7]", b"[{}]", b'[{"type":"qbo"}]', b'{"eventNotifications":[{}]}'],
)
def test_a_delivery_that_makes_no_sense_is_told(raw: bytes) -> None:
    with pytest.raises(BadDelivery):
        parse(raw)


def test_an_empty_delivery_says_nothing() -> None:
    assert parse(b"[]") == []
    assert parse(b'{"eventNotifications":[{"realmId":"1","dataChangeEvent":null}]}') == []
