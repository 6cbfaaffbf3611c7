"""The verbs: what the rest of the portal asks of QuickBooks. The top coat; here alone the parts are put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.foundation.database import db, end_reading
from app.foundation.sealing import Sealer
from app.foundation.settings import Settings
from app.quickbooks import answers, calls
from app.quickbooks.apps import Apps
from app.quickbooks.calls import Call
from app.quickbooks.company import READ_ONLY_STATES, CompanySeen, company_seen
from app.quickbooks.errors import QuickBooksError
from app.quickbooks.governor import Governor
from app.quickbooks.lease import Lease
from app.quickbooks.models import Connection
from app.quickbooks.oauth import OAuth
from app.quickbooks.ports import Http
from app.quickbooks.sending import Answer as Answer
from app.quickbooks.sending import Departure as Departure
from app.quickbooks.sending import Errand as Errand
from app.quickbooks.sending import Ready as Ready
from app.quickbooks.sending import Sending
from app.quickbooks.statements import PAGE, Statement
from app.quickbooks.tokens import Tokens

_CHECKED_LISTS = ("Customer", "Item", "Account", "TaxCode", "Term", "Invoice", "CreditMemo", "Payment")


@dataclass(frozen=True)
class Check:
    """One line of a connection test: what was tried, whether it works, a sentence, and Intuit's number of the call."""

    name: str
    ok: bool
    sentence: str
    tid: str = ""


class QuickBooks:
    """QuickBooks Online for any connection. Call it acting for the connection's organisation, outside transactions."""

    def __init__(self, http: Http, settings: Settings, sealer: Sealer) -> None:
        self.apps = Apps(settings, sealer)
        self.oauth = OAuth(http)
        self.tokens = Tokens(self.oauth, self.apps, sealer)
        self.governor = Governor(settings)
        self._sending = Sending(http, settings, apps=self.apps, tokens=self.tokens, governor=self.governor)

    def ask(
        self,
        connection_id: int,
        call: Call,
        request_id: str | None = None,
        *,
        lease: Lease | None = None,
        patience_seconds: float = 30.0,
    ) -> Answer:
        """Make one call. A write needs the lease of its company.

        Raises the kind of QuickBooksError that fits, with Intuit's number of the call; Throttled also when the
        governor would keep it waiting longer than `patience_seconds`; FencedError when the lease was taken over.
        """
        return self._sending.ask(Errand(connection_id, call, request_id, lease, patience_seconds))

    def ready(self, connection: Connection) -> Ready | None:
        """What a call by this connection needs, as its row, just read, has it; None where a token must be renewed."""
        return self._sending.ready(connection)

    def depart(self, session: Session, ready: Ready, errand: Errand) -> Departure | None:
        """Let a write leave once this transaction is committed; None where it has to wait, and is to be asked for.

        So a write can be stored and let go in one. Raises FencedError when the lease was taken over.
        """
        return self._sending.depart(session, ready, errand)

    def tell(self, errand: Errand, departure: Departure | None = None) -> Answer:
        """As `ask`, for a sender who keeps a record of what leaves, and has perhaps let this one go already."""
        return self._sending.ask(errand, departure)

    def read(self, connection_id: int, entity: str, remote_id: str) -> Mapping[str, Any]:
        """One record as it is now. Raises NotFound when it is gone."""
        return answers.entity_of(self.ask(connection_id, calls.read(entity, remote_id)).json, entity)

    def pages(
        self, connection_id: int, entity: str, where: tuple[str, ...] = (), *, patience_seconds: float = 90.0
    ) -> Iterator[list[answers.Entity]]:
        """All records that meet the conditions, 1,000 at a time in the order of their ids.

        Records made meanwhile may be missed: QuickBooks keeps no snapshot between two pages.
        """
        statement = Statement(entity, where)
        while True:
            call = calls.query(str(statement))
            rows = answers.rows_of(self.ask(connection_id, call, patience_seconds=patience_seconds).json, entity)
            if rows:
                yield rows
            if len(rows) < PAGE:
                return
            statement = replace(statement, start=statement.start + PAGE)

    def company(self, connection_id: int, *, patience_seconds: float = 30.0) -> CompanySeen:
        """Who the company is and how it keeps its books; two reads."""
        return _company_of(*self._company(connection_id, patience_seconds))

    def _company(self, connection_id: int, patience_seconds: float = 30.0) -> tuple[Answer, Answer]:
        realm_id = db.session.get_one(Connection, connection_id).realm_id
        end_reading()
        info = self.ask(connection_id, calls.company_info(realm_id), patience_seconds=patience_seconds)
        return info, self.ask(connection_id, calls.preferences(), patience_seconds=patience_seconds)

    def test_connection(self, connection_id: int) -> list[Check]:
        """Try everything that is read later: the company and one row of each list. Nothing is written."""
        try:
            info, preferences = self._company(connection_id)
            seen = _company_of(info, preferences)
        except QuickBooksError as trouble:
            return [Check("Company", ok=False, sentence=trouble.message, tid=trouble.tid)]
        name = f"{seen.name} ({seen.country}, {seen.home_currency})"
        checks = [Check("Company", ok=True, sentence=name, tid=info.tid), _subscription(seen)]
        checks.append(Check("Preferences", ok=True, sentence="can be read", tid=preferences.tid))
        return checks + [self._list(connection_id, entity) for entity in _CHECKED_LISTS]

    def _list(self, connection_id: int, entity: str) -> Check:
        try:
            answer = self.ask(connection_id, calls.query(str(Statement(entity, most=1))))
        except QuickBooksError as trouble:
            return Check(entity, ok=False, sentence=trouble.message, tid=trouble.tid)
        some = answers.rows_of(answer.json, entity)
        return Check(entity, ok=True, sentence="can be read" if some else "can be read; empty", tid=answer.tid)


def _company_of(info: Answer, preferences: Answer) -> CompanySeen:
    told = (answers.entity_of(info.json, "CompanyInfo"), answers.entity_of(preferences.json, "Preferences"))
    return company_seen(*told)


def _subscription(seen: CompanySeen) -> Check:
    writable = seen.subscription.upper() not in READ_ONLY_STATES
    sentence = f"The subscription is {seen.subscription or 'not told'}"
    return Check("Subscription", ok=writable, sentence=sentence if writable else sentence + "; nothing can be added")
