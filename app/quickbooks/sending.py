"""One call on behalf of a connection: past the governor, with a valid token, and what came back.

The middle coat: below it is the bare line, above it are the verbs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import update

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.sealing import Secret
from app.foundation.settings import Settings
from app.quickbooks import faults, line, masking
from app.quickbooks.apps import Apps
from app.quickbooks.calls import Call, CallForm
from app.quickbooks.errors import AppKeysRefused, NotSent, QuickBooksError, ReconnectNeeded, Throttled, TryLater
from app.quickbooks.governor import Admission, Governor, Passage
from app.quickbooks.lease import Lease
from app.quickbooks.models import Connection, Environment
from app.quickbooks.ports import Http, HttpRequest
from app.quickbooks.realm import Realm
from app.quickbooks.tokens import Tokens, keys_refused

_SLEEP_SECONDS = 1.0
_SHORTEST_SLEEP = 0.001
"""Less than a clock can tell would be asked for again and again."""
_KEYS_REST = timedelta(minutes=1)
"""A company whose app is refused rests so long: changed keys are noticed by then, and nothing is put in envelopes."""
_SUCCESS_NOTED_EVERY = timedelta(minutes=1)
_SLOW_READS = ("/query", "/cdc")
"""A thousand rows take longer than one record."""


@dataclass(frozen=True)
class Answer:
    """A good answer: parsed (fractions as Decimal), with what the sync log keeps of the exchange."""

    json: Mapping[str, Any] = field(repr=False)
    tid: str
    status: int
    seconds: float
    sent_bytes: bytes = field(repr=False)
    excerpt: str = field(repr=False)
    """The first 4,000 characters of the body, masked."""


@dataclass(frozen=True)
class Errand:
    """A call that somebody wants made: by whom, under which lease, and how long the caller would wait."""

    connection_id: int
    call: Call
    request_id: str | None = None
    lease: Lease | None = None
    patience_seconds: float = 30.0


@dataclass(frozen=True)
class _Company:
    """A connection as the line needs it, read before and never looked up while a call is on its way."""

    realm: Realm
    base_url: str
    client_id: str
    noted_at_minute: bool


class Sending:
    """Makes errands, one call at a time, never with a transaction open."""

    def __init__(self, http: Http, settings: Settings, *, apps: Apps, tokens: Tokens, governor: Governor) -> None:
        self._http = http
        self._settings = settings
        self._apps = apps
        self._tokens = tokens
        self._governor = governor

    def ask(self, errand: Errand) -> Answer:
        """Make the call. After a 401 the token is renewed once and the same bytes go again under the same request id.

        Raises the kind of QuickBooksError that fits; FencedError when the lease was taken over.
        """
        company = self._company(errand.connection_id)
        token = self._token(errand, company)
        try:
            return self._send(errand, company, token)
        except ReconnectNeeded as refusal:
            if refusal.http_status != 401:
                self._tokens.lose(errand.connection_id, refusal.message)
                raise
        token = self._token(errand, company, refused=token)
        try:
            return self._send(errand, company, token)
        except ReconnectNeeded as refusal:
            self._tokens.lose(errand.connection_id, refusal.message)
            raise

    def _token(self, errand: Errand, company: _Company, refused: Secret | None = None) -> Secret:
        """Whoever can't even sign in was not heard either: a silent token server counts as QuickBooks' own silence.

        Otherwise an outage that outlasts the token would get past the breaker, and cost each message its tries.
        """
        try:
            return self._tokens.access_token(errand.connection_id, refused=refused)
        except AppKeysRefused as refusal:
            realm, until = company.realm, clock.now() + _KEYS_REST
            self._governor.pause(realm, until, f"{refusal.message.rstrip('.')}; it is tried again by itself")
            keys_refused.send(errand.connection_id)
            raise
        except TryLater as silence:
            self._governor.unheard(self._passage(errand, company))
            raise NotSent(silence.message, silence.evidence) from silence

    def _company(self, connection_id: int) -> _Company:
        row = db.session.get_one(Connection, connection_id)
        keys = self._apps.app_for(row)
        success = row.last_success_at
        company = _Company(
            realm=row.realm,
            base_url=f"{keys.api_url}/v3/company/{quote(row.realm_id, safe='')}",
            client_id=keys.client_id if row.environment is Environment.PRODUCTION else "",
            noted_at_minute=success is not None and clock.now() - success < _SUCCESS_NOTED_EVERY,
        )
        end_reading()
        return company

    def _send(self, errand: Errand, company: _Company, token: Secret) -> Answer:
        passage = self._passage(errand, company)
        admission = self._admitted(passage, errand.patience_seconds)
        request = _request(errand, company, token, passage.longest_seconds)
        try:
            answer = line.send(self._http, request)
            json = faults.read_answer(answer, clock.now())
        except QuickBooksError as trouble:
            self._governor.landed(passage, admission, trouble)
            raise
        self._governor.landed(passage, admission, None)
        if not company.noted_at_minute:
            _note_success(errand.connection_id)
        return Answer(
            json,
            tid=answer.tid,
            status=answer.status,
            seconds=answer.seconds,
            sent_bytes=request.body,
            excerpt=masking.excerpt(answer.body),
        )

    def _passage(self, errand: Errand, company: _Company) -> Passage:
        call = errand.call
        slow = call.form is CallForm.BATCH or call.path.startswith(_SLOW_READS)
        return Passage(
            realm=company.realm,
            form=call.form,
            longest_seconds=self._settings.batch_call_seconds if slow else self._settings.single_call_seconds,
            lease=errand.lease,
            subject=errand.request_id or call.path,
            metered_for=company.client_id,
        )

    def _admitted(self, passage: Passage, patience_seconds: float) -> Admission:
        """Waits in steps of a second at most, so that a pause that ends early is not slept through."""
        deadline = clock.monotonic() + patience_seconds
        while True:
            if self._governor.is_closed:
                raise Throttled(0.0, "Counterfoil was about to be stopped; nothing was sent")
            admission = self._governor.admit(passage)
            if admission.go:
                return admission
            if clock.monotonic() + admission.wait_seconds > deadline:
                raise Throttled(admission.wait_seconds, f"QuickBooks has to wait: {admission.why}")
            clock.sleep(min(max(admission.wait_seconds, _SHORTEST_SLEEP), _SLEEP_SECONDS))


def _request(errand: Errand, company: _Company, token: Secret, longest_seconds: float) -> HttpRequest:
    call = errand.call
    extra = (("requestid", errand.request_id),) if errand.request_id else ()
    parameters = urlencode((*call.query, *extra), quote_via=quote)
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token.value}"}
    if call.content_type:
        headers["Content-Type"] = call.content_type
    url = company.base_url + call.path + (f"?{parameters}" if parameters else "")
    return HttpRequest(call.method, url, headers, call.body, timeout_seconds=longest_seconds)


def _note_success(connection_id: int) -> None:
    """At most once a minute: a page says when QuickBooks last answered, which is not worth a write for each call."""
    with transaction() as session:
        session.execute(
            update(Connection)
            .where(Connection.id == connection_id)
            .values(last_success_at=clock.now(), last_error=None)
            .execution_options(synchronize_session=False)
        )
