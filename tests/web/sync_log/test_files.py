"""The log as a file, and the support bundle, in which no secret is."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from app.billing.document import Document
from app.foundation.database import db, transaction
from app.foundation.logs import MASK
from app.quickbooks.models import Connection
from app.sync.watching import bundle
from app.web.sync_log import asked
from tests import portal
from tests.sync.books import Books, connection
from tests.web.walking import Walker, words

LOG = "/quickbooks/log"


@pytest.fixture
def told(books: Books) -> Document:
    """An invoice that was refused once with a fault that quotes a token, and another that was sent."""
    books.invoice()
    fault = {"effect": "fault", "method": "POST", "kind": "invoice", "operation": "create", "code": "6000"}
    books.simulation.control("faults", {**fault, "message": "m", "detail": "Token expired: eyJhbGciOiJkaXIifQ.abc.def"})
    document = books.firm.open()
    books.send()
    return document


def secrets(books: Books) -> set[str]:
    """All that nobody outside may know: of the settings, and of what rests sealed."""
    quickbooks, row = books.engine.quickbooks, connection(books)
    keys = quickbooks.apps.app_for(row)
    sealed = {row.access_token, row.refresh_token, row.previous_refresh_token}
    known = {
        portal.SECRETS["secret_key"],
        portal.SECRETS["sealing_keys"].partition(":")[2],
        base64.b64decode(portal.SECRETS["sealing_keys"].partition(":")[2]).decode(),
        keys.client_secret.value,
        *(verifier.value for verifier in keys.verifiers),
        quickbooks.tokens.access_token(row.id).value,
        quickbooks.tokens.refresh_token(row).value,
    }
    return {secret for secret in known | sealed if secret}


def bundle_at(walker: Walker, path: str) -> Any:
    answer = walker.get(path)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return json.loads(answer.text)


def test_the_bundle_of_a_company_says_what_explains_its_state(books: Books, told: Document, rhea: Walker) -> None:
    found = bundle_at(rhea, f"{LOG}/support.json")
    assert found["connection"]["realm_id"] == connection(books).realm_id
    assert {"counterfoil", "python", "database", "flask"} <= set(found["versions"])
    assert found["settings"]["request_rate"] == books.engine.settings.request_rate
    assert (found["queue"], found["causes"][0]["number"]) == ({"parked": 1}, 1)
    assert all(attempt["tid"] for attempt in found["attempts"] if attempt["http_status"])
    assert found["envelopes"][0]["members"][0]["label"] == told.number
    assert found["governor"]["minutes"][0]["requests"] > 0


def test_the_bundle_of_a_document_is_about_it_alone(books: Books, told: Document, rhea: Walker) -> None:
    found = bundle_at(rhea, f"{LOG}/{books_message(told)}/support.json")
    assert found["subject"] == {"kind": "invoice", "id": told.id}
    assert {attempt["label"] for attempt in found["attempts"]} == {told.number}
    assert {message["subject_id"] for message in found["messages"]} == {told.id}


def books_message(document: Document) -> int:
    rows = db.session.execute(
        db.text("SELECT id FROM message WHERE kind = 'invoice' AND subject_id = :id"), {"id": document.id}
    )
    return int(rows.scalar_one())


@pytest.mark.parametrize("which", ["company", "document"])
def test_no_secret_is_in_it(books: Books, told: Document, rhea: Walker, which: str) -> None:
    path = f"{LOG}/support.json" if which == "company" else f"{LOG}/{books_message(told)}/support.json"
    text = rhea.get(path).text
    assert [secret for secret in secrets(books) if secret in text] == []
    assert "eyJhbGci" not in text


def test_a_secret_that_intuit_quotes_in_its_own_way_is_taken_out(books: Books, told: Document, rhea: Walker) -> None:
    token = books.engine.quickbooks.tokens.refresh_token(connection(books)).value
    db.session.rollback()
    with transaction() as session:
        session.get_one(Connection, books.connection_id).last_error = f"It was {token}, wasn't it"
    found = bundle_at(rhea, f"{LOG}/support.json")
    assert found["connection"]["last_error"] == f"It was {MASK}, wasn't it"


def test_passwords_in_addresses_are_known_as_secrets() -> None:
    settings = portal.settings_for(
        "postgresql://cf:data-pw@db/cf", mail_url="smtp://ann:mail-pw@mail:25", huey_url="redis://:huey-pw@redis/1"
    )
    assert {"data-pw", "mail-pw", "huey-pw", portal.SECRETS["secret_key"]} <= bundle.secrets_of(settings)


def test_without_a_company_the_bundle_tells_of_the_house_alone(firm: object, rhea: Walker) -> None:
    found = bundle_at(rhea, f"{LOG}/support.json")
    assert set(found) == {"made_at", "versions", "settings", "worker"}


def test_a_neighbour_s_bundle_is_not_there(told: Document, xavier: Walker) -> None:
    assert xavier.get(f"{LOG}/{books_message(told)}/support.json").status_code == 404
    assert (told.number or "?") not in xavier.get(f"{LOG}/support.json").text


@pytest.mark.usefixtures("told")
def test_a_file_goes_over_all_slices(rhea: Walker, xavier: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "_AT_ONCE", 2)
    lines = rhea.get(f"{LOG}/sync-log.csv").text.splitlines()
    assert len(lines) == 1 + 4
    assert len(xavier.get(f"{LOG}/sync-log.csv").text.splitlines()) == 1


def test_a_page_says_what_is_kept(books: Books, rhea: Walker) -> None:
    page = words(rhea.get(f"{LOG}/kept").text)
    assert "400 days" in page
    assert "90 days" in page
    assert "The last attempt of each document, client and service" in page
