"""Tokens from a command line, tried before anything that works is given up for them."""

from __future__ import annotations

from urllib.parse import quote

import click

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import db, end_reading
from app.foundation.sealing import Secret
from app.quickbooks import calls, faults, line, ties
from app.quickbooks.apps import AppKeys
from app.quickbooks.calls import CallForm
from app.quickbooks.client import QuickBooks
from app.quickbooks.errors import QuickBooksError, ReconnectNeeded
from app.quickbooks.governor import Passage
from app.quickbooks.models import Environment
from app.quickbooks.oauth import Grant
from app.quickbooks.ports import HttpRequest
from app.quickbooks.realm import Realm
from app.quickbooks.ties import Tie
from app.quickbooks.transport import RequestsHttp
from app.sync.company import connecting

_SECONDS = 20.0


def tried(quickbooks: QuickBooks, entity: BillingEntity, realm_id: str, given: Grant) -> Grant:
    """The tokens to keep, once both were of use for this company; nothing is stored here.

    The refresh token is tried by renewing, so what is kept is newer than what was given. An access token that has run
    out is no fault then. Raises RealmTakenError, or the QuickBooksError that ended a trial.
    """
    environment = connecting.environment_of(entity)
    ties.require_free(db.session(), Tie(entity.id, environment, realm_id))
    keys = quickbooks.apps.app_for(environment)
    end_reading()
    try:
        _read_company(quickbooks, keys, realm_id, given.access_token)
    except ReconnectNeeded as refusal:
        if refusal.http_status != 401:
            raise
    grant = quickbooks.oauth.refresh(keys, given.refresh_token)
    _read_company(quickbooks, keys, realm_id, grant.access_token)
    return grant


def _read_company(quickbooks: QuickBooks, keys: AppKeys, realm_id: str, token: Secret) -> None:
    """Who the company is, asked past the guard of its limits as any other call."""
    call = calls.company_info(realm_id)
    metered_for = keys.client_id if keys.environment is Environment.PRODUCTION else ""
    realm = Realm(realm_id, keys.environment.mode)
    passage = Passage(realm, CallForm.READ, _SECONDS, subject=call.path, metered_for=metered_for)
    admission = quickbooks.governor.admit(passage)
    if not admission.go:
        raise click.ClickException("QuickBooks has to wait just now; try again in a minute. Nothing was changed.")
    url = f"{keys.api_url}/v3/company/{quote(realm_id, safe='')}{call.path}"
    headers = {"Accept": "application/json", "Authorization": f"Bearer {token.value}"}
    trouble: QuickBooksError | None = None
    try:
        answer = line.send(RequestsHttp(), HttpRequest(call.method, url, headers, call.body, timeout_seconds=_SECONDS))
        faults.read_answer(answer, clock.now())
    except QuickBooksError as problem:
        trouble = problem
        raise
    finally:
        quickbooks.governor.landed(passage, admission, trouble)
