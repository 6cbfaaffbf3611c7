"""One call on behalf of a connection: past the governor, with a valid token, and what came back.

The middle coat: below it is the bare line, above it are the verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.foundation import clock
from app.foundation.database import db, end_reading, transaction
from app.foundation.sealing import Secret
from app.foundation.settings import Settings
from app.quickbooks import faults, line, masking
from app.quickbooks.apps import Apps
from app.quickbooks.calls import Call, CallForm
from app.quickbooks.errors import AppKeysRefused, NotSent, QuickBooksError, ReconnectNeeded, Throttled, TryLater
from app.quickbooks.governor import Admission, Governor, Passage
from app.quickbooks.lease import Landing, Lease
from app.quickbooks.models import Connection, Environment
from app.quickbooks.ports import Http, HttpRequest
from app.quickbooks.realm import Realm
from app.quickbooks.spent_reads import SpentReads
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
    landing: Landing | None = None
    """What is left to be told to the governor, for a sender who has said that he will (`Errand.tells_landing`)."""


@dataclass(frozen=True)
class Errand:
    """A call that somebody wants made: by whom, under which lease, and how long the caller would wait."""

    connection_id: int
    call: Call
    request_id: str | None = None
    lease: Lease | None = None
    patience_seconds: float = 30.0
    leaving: Callable[[Session], None] | None = None
    """Run in each transaction that lets it leave: what the sender must have written before the first byte does."""
    tells_landing: bool = False
    """The sender writes under the lease as soon as it is answered, and tells the governor by that what is left."""


@dataclass(frozen=True)
class _Company:
    """A connection as the line needs it, read before and never looked up while a call is on its way."""

    realm: Realm
    base_url: str
    client_id: str
    noted_at_minute: bool


@dataclass(frozen=True)
class Ready:
    """A connection by which a call could leave at once: nothing has to be renewed for it first."""

    company: _Company
    token: Secret


@dataclass(frozen=True)
class Departure:
    """A call that was let go, in the transaction that stored what it says: nothing is asked again before it leaves."""

    ready: Ready
    passage: Passage
    admission: Admission


class Sending:
    """Makes errands, one call at a time, never with a transaction open."""

    def __init__(self, http: Http, settings: Settings, *, apps: Apps, tokens: Tokens, governor: Governor) -> None:
        self._http = http
        self._settings = settings
        self._apps = apps
        self._tokens = tokens
        self._governor = governor
        self._spent = SpentReads(settings.monthly_reads)

    def ready(self, connection: Connection) -> Ready | None:
        """What a call by this connection needs, as its row, just read, has it; None where a token must be renewed."""
        if self._governor.is_closed:
            return None
        token = self._tokens.at_hand(connection)
        return None if token is None else Ready(self._company_of(connection), token)

    def depart(self, session: Session, ready: Ready, errand: Errand) -> Departure | None:
        """Let the call leave once this transaction is committed; None where it has to wait, and is to be asked for.

        `leaving` is not run: the caller writes that itself. Raises FencedError when the lease was taken over.
        """
        passage = self._passage(errand, ready.company)
        admission = self._governor.admit_within(session, passage)
        return Departure(ready, passage, admission) if admission.go else None

    def ask(self, errand: Errand, departure: Departure | None = None) -> Answer:
        """Make the call. After a 401 the token is renewed once and the same bytes go again under the same request id.

        Raises the kind of QuickBooksError that fits; FencedError when the lease was taken over.
        """
        ready = departure.ready if departure is not None else self._made_ready(errand)
        company, token = ready.company, ready.token
        try:
            return self._send(errand, ready, departure)
        except ReconnectNeeded as refusal:
            if refusal.http_status != 401:
                self._tokens.lose_by(token, errand.connection_id, refusal.message)
                raise
        token = self._token(errand, company, refused=token)
        try:
            return self._send(errand, Ready(company, token))
        except ReconnectNeeded as refusal:
            self._tokens.lose_by(token, errand.connection_id, refusal.message)
            raise

    def _made_ready(self, errand: Errand) -> Ready:
        company = self._company(errand.connection_id)
        return Ready(company, self._token(errand, company))

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
        company = self._company_of(db.session.get_one(Connection, connection_id))
        end_reading()
        return company

    def _company_of(self, row: Connection) -> _Company:
        keys = self._apps.app_for(row)
        success = row.last_success_at
        return _Company(
            realm=row.realm,
            base_url=f"{keys.api_url}/v3/company/{quote(row.realm_id, safe='')}",
            client_id=keys.client_id if row.environment is Environment.PRODUCTION else "",
            noted_at_minute=success is not None and clock.now() - success < _SUCCESS_NOTED_EVERY,
        )

    def _send(self, errand: Errand, ready: Ready, departure: Departure | None = None) -> Answer:
        departure = departure or self._departure(errand, ready)
        passage, admission = departure.passage, departure.admission
        request = _request(errand, ready, passage.longest_seconds)
        try:
            answer = line.send(self._http, request)
            json = faults.read_answer(answer, clock.now())
        except QuickBooksError as problem:
            trouble = self._spent.meaning(passage, problem)
            self._governor.landed(passage, admission, trouble)
            if trouble is problem:
                raise
            raise trouble from problem
        landing = self._governor.landing(passage, admission) if errand.tells_landing else None
        if landing is None:
            self._governor.landed(passage, admission, None)
        if not ready.company.noted_at_minute:
            _note_success(errand.connection_id)
        return Answer(
            json,
            tid=answer.tid,
            status=answer.status,
            seconds=answer.seconds,
            sent_bytes=request.body,
            excerpt=masking.excerpt(answer.body),
            landing=landing,
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

    def _departure(self, errand: Errand, ready: Ready) -> Departure:
        """Waits in steps of a second at most, so that a pause that ends early is not slept through."""
        passage = self._passage(errand, ready.company)
        self._spent.require_none(passage)
        deadline = clock.monotonic() + errand.patience_seconds
        while True:
            if self._governor.is_closed:
                raise Throttled(0.0, "Counterfoil was about to be stopped; nothing was sent")
            admission = self._governor.admit(passage, errand.leaving)
            if admission.go:
                return Departure(ready, passage, admission)
            if clock.monotonic() + admission.wait_seconds > deadline:
                raise Throttled(admission.wait_seconds, f"QuickBooks has to wait: {admission.why}")
            clock.sleep(min(max(admission.wait_seconds, _SHORTEST_SLEEP), _SLEEP_SECONDS))


def _request(errand: Errand, ready: Ready, longest_seconds: float) -> HttpRequest:
    call = errand.call
    extra = (("requestid", errand.request_id),) if errand.request_id else ()
    parameters = urlencode((*call.query, *extra), quote_via=quote)
    headers = {"Accept": "application/json", "Authorization": f"Bearer {ready.token.value}"}
    if call.content_type:
        headers["Content-Type"] = call.content_type
    url = ready.company.base_url + call.path + (f"?{parameters}" if parameters else "")
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
