"""The door at which Intuit knocks: no session, no form token, and nothing that was not signed changes anything."""

from __future__ import annotations

import json
import weakref
from collections.abc import Callable
from typing import NoReturn

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.billing.kinds import DocumentStatus
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.sealing import Secret
from app.quickbooks.models import Environment
from app.sync.listening import inbox, refusals
from app.sync.listening.deliveries import Delivery, Event, Rejection
from app.web.webhooks import door
from tests.simulation import REALM, Call
from tests.sync.books import Books
from tests.sync.listening.test_inbox import signed

DOOR = "/webhooks/quickbooks"


def calls() -> list[Delivery]:
    db.session.rollback()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def paid(books: Books) -> Call:
    """The call that tells of a payment."""
    invoice = books.invoice()
    books.simulation.webhooks()
    books.pay(invoice, "120.00")
    (call,) = books.simulation.webhooks()
    return call


def event_of(realm: str) -> dict[str, str]:
    """An event of a payment of one company."""
    return {"id": realm, "type": "qbo.payment.updated.v1", "intuitentityid": "1", "intuitaccountid": realm}


def raising(trouble: Exception) -> Callable[..., NoReturn]:
    """What fails however it is called."""

    def fail(*_told: object) -> NoReturn:
        raise trouble

    return fail


def test_a_signed_call_is_answered_at_once_and_empty(books: Books, client: FlaskClient) -> None:
    call = paid(books)
    answer = client.post(DOOR, data=call.raw, headers=call.headers)
    assert (answer.status_code, answer.data, "Set-Cookie" in answer.headers) == (200, b"", False)
    assert [each.mode for each in calls()] == ["live"]


@pytest.mark.parametrize("form", ["cloudevents", "legacy"])
def test_both_forms_bring_the_payment(books: Books, client: FlaskClient, form: str) -> None:
    books.simulation.control("switches", {"webhook_format": form})
    invoice = books.invoice()
    books.pay(invoice, "120.00")
    books.listen(client)
    assert books.fresh(invoice).status is DocumentStatus.PAID


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda call: (call.raw + b" ", call.headers), Rejection.BAD_SIGNATURE),
        (lambda call: (call.raw, {"intuit-signature": "Zm9yZ2Vk"}), Rejection.BAD_SIGNATURE),
        (lambda call: (call.raw, {}), Rejection.NO_SIGNATURE),
    ],
)
def test_a_forged_or_altered_call_changes_nothing_and_is_remembered(
    books: Books, client: FlaskClient, change: object, reason: Rejection
) -> None:
    raw, headers = change(paid(books))  # type: ignore[operator]
    assert client.post(DOOR, data=raw, headers=headers).status_code == 401
    books.take_in()
    (call,) = calls()
    assert (call.rejection, call.body, list(db.session.scalars(select(Event)))) == (reason, None, [])
    assert books.fresh(books.firm_invoice()).status is DocumentStatus.OPEN


def test_a_call_as_large_as_they_come_is_kept(books: Books, client: FlaskClient) -> None:
    raw = b"[]" + b" " * (inbox.LARGEST - 2)
    headers = {"intuit-signature": signed(raw, "sim-production-verifier")}
    assert client.post(DOOR, data=raw, headers=headers).status_code == 200
    assert [(call.size, call.rejection) for call in calls()] == [(len(raw), None)]


def test_a_call_that_announces_too_much_is_refused_unread(books: Books, client: FlaskClient) -> None:
    answer = client.post(DOOR, data=b"x" * (inbox.LARGEST + 1), headers={"intuit-signature": "x"})
    assert answer.status_code == 413
    (call,) = calls()
    assert (call.rejection, call.size, call.digest) == (Rejection.TOO_LARGE, inbox.LARGEST + 1, "")


def test_the_same_call_twice_pays_once(books: Books, client: FlaskClient) -> None:
    call = paid(books)
    for _ in range(2):
        client.post(DOOR, data=call.raw, headers=call.headers)
    books.take_in()
    assert books.fresh(books.firm_invoice()).settled_pence == 12000


def test_the_sandbox_s_verifier_fixes_the_mode(books: Books, client: FlaskClient) -> None:
    raw = json.dumps([]).encode()
    client.post(DOOR, data=raw, headers={"intuit-signature": signed(raw, "sim-sandbox-verifier")})
    assert [call.mode for call in calls()] == ["test"]


def test_an_own_app_has_a_door_and_a_verifier_of_its_own(books: Books, client: FlaskClient) -> None:
    apps = books.engine.quickbooks.apps
    with transaction() as session:
        app = apps.keep(session, Environment.PRODUCTION, "client", Secret("secret"))
        apps.keep_verifier(app, Secret("our own token"))
        slug, app_id = app.slug, app.id
    raw = json.dumps([event_of(REALM)])
    headers = {"intuit-signature": signed(raw.encode(), "our own token")}
    assert client.post(f"{DOOR}/{slug}", data=raw, headers=headers).status_code == 200
    assert client.post(DOOR, data=raw, headers=headers).status_code == 401
    assert [call.intuit_app_id for call in calls()] == [app_id, None]


def test_an_unknown_door_is_closed(client: FlaskClient) -> None:
    assert client.post(f"{DOOR}/nobody", data=b"[]").status_code == 404


def test_only_post_is_answered(client: FlaskClient) -> None:
    answer = client.get(DOOR)
    assert (answer.status_code, answer.headers["Allow"], answer.data) == (405, "POST", b"")


@pytest.mark.parametrize("path", [f"{DOOR}/", f"{DOOR}/a/b", f"{DOOR}s", "/webhooks"])
def test_what_is_no_address_of_ours_is_the_portal_s_to_answer(client: FlaskClient, path: str) -> None:
    answer = client.post(path)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")


def test_every_answer_is_guarded_like_a_page(client: FlaskClient) -> None:
    page, answer = client.get("/sign-in"), client.post(DOOR)
    guards = ("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Cache-Control")
    assert [answer.headers[name] for name in guards] == [page.headers[name] for name in guards]


def test_a_call_of_several_companies_is_kept_whole(books: Books, client: FlaskClient) -> None:
    raw = json.dumps([event_of(REALM), event_of("9341450000999999")]).encode()
    client.post(DOOR, data=raw, headers={"intuit-signature": signed(raw, "sim-production-verifier")})
    books.take_in()
    (call,) = calls()
    assert (call.body, [event.delivery_id for event in db.session.scalars(select(Event))]) == (raw, [call.id])
    assert "9341450000999999" in str(call.problem)


@pytest.mark.parametrize(
    ("trouble", "status"), [(OperationalError("INSERT", {}, Exception("locked")), 503), (RuntimeError("a bug"), 500)]
)
def test_what_could_not_be_kept_is_not_acknowledged(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, trouble: Exception, status: int
) -> None:
    monkeypatch.setattr(inbox, "keep", raising(trouble))
    answer = client.post(DOOR, data=b"[]")
    assert (answer.status_code, answer.data) == (status, b"")


def test_a_flood_can_t_fill_the_disk(books: Books, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "REFUSED_A_MINUTE", 5)
    began = clock.now()
    for _ in range(20):
        client.post(DOOR, data=b"[]")
    door._end(weakref.ref(client.application))
    assert (len(calls()), calls()[-1].more, calls()[0].arrived_at >= began) == (5, 15, True)
