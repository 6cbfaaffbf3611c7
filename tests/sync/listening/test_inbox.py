"""The door: who signed is believed, who did not leaves traces only, and can't fill the disk."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from sqlalchemy import select

from app.foundation.database import db
from app.foundation.errors import ConflictError
from app.foundation.sealing import Secret
from app.sync.listening import inbox
from app.sync.listening.deliveries import Delivery, Rejection
from app.sync.listening.inbox import Verifiers
from tests.world import World

NEW, OLD, SANDBOX = "token-new", "token-old", "token-sandbox"
VERIFIERS = Verifiers({"live": (Secret(NEW), Secret(OLD)), "test": (Secret(SANDBOX),)})


def signed(raw: bytes, token: str) -> str:
    return base64.b64encode(hmac.new(token.encode(), raw, hashlib.sha256).digest()).decode()


def calls() -> list[Delivery]:
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


@pytest.mark.parametrize(("token", "mode"), [(NEW, "live"), (OLD, "live"), (SANDBOX, "test")])
def test_the_verifier_that_matches_fixes_the_mode(northgate: World, token: str, mode: str) -> None:
    assert inbox.keep(b"[]", signed(b"[]", token), "intuit", VERIFIERS) is None
    (call,) = calls()
    assert (call.mode, call.body, call.processed_at) == (mode, b"[]", None)


@pytest.mark.parametrize(
    ("signature", "reason"),
    [("", Rejection.NO_SIGNATURE), ("forged", Rejection.BAD_SIGNATURE), (signed(b"{}", NEW), Rejection.BAD_SIGNATURE)],
)
def test_of_a_call_that_nobody_signed_no_body_is_kept(northgate: World, signature: str, reason: Rejection) -> None:
    assert inbox.keep(b"[]", signature, "203.0.113.9", VERIFIERS) is reason
    (call,) = calls()
    assert (call.body, call.size, call.digest) == (None, 2, hashlib.sha256(b"[]").hexdigest())


def test_a_call_too_large_to_be_read_is_remembered(northgate: World) -> None:
    inbox.reject_unread(9_000_000, "203.0.113.9")
    (call,) = calls()
    assert (call.rejection, call.size) == (Rejection.TOO_LARGE, 9_000_000)


def test_a_refused_call_can_t_be_processed_anew(northgate: World) -> None:
    inbox.keep(b"[]", "forged", "one", VERIFIERS)
    with pytest.raises(ConflictError):
        inbox.open_again(calls()[0].id)
