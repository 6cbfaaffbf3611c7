"""What goes wrong on the way to QuickBooks, ordered from the simulator; and what was counted there."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select, update

from app.billing.document import Document
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import db, transaction
from app.outbox import lanes
from app.outbox.models import Message, MessageState, Subject
from app.quickbooks.ports import Http, HttpAnswer, HttpRequest
from app.sync.records.attempts import Attempt
from app.sync.records.envelopes import Envelope, EnvelopeState
from app.sync.records.policies import policy_of
from tests.simulation import REALM
from tests.sync.books import Books


def order(books: Books, effect: str, **wish: Any) -> None:
    """The next call that fits is struck by this fault."""
    books.simulation.control("faults", {"effect": effect, **wish})


def clear(books: Books) -> None:
    """The weather is fine again."""
    address = f"{books.simulation.base}/_simulator/faults"
    request = urllib.request.Request(address, method="DELETE")  # noqa: S310 - loopback
    urllib.request.urlopen(request).close()  # noqa: S310 - loopback


def counts(books: Books) -> dict[str, int]:
    """What the company was asked since `forget`."""
    found: dict[str, int] = books.simulation.look("stats")["realms"][REALM]
    return found


def forget(books: Books) -> None:
    """Count from nought."""
    books.simulation.control("stats/reset")


def there(books: Books, kind: str = "Invoice") -> list[dict[str, Any]]:
    """All records of a kind in QuickBooks."""
    found: list[dict[str, Any]] = books.simulation.look(f"companies/{REALM}/records/{kind}")["records"]
    return found


def writes(books: Books, word: str) -> list[dict[str, Any]]:
    """The writes of one word ("invoice", "batch") as the simulator logged them, the oldest first."""
    calls = books.simulation.look("requests?limit=1000")["requests"]
    wanted = [call for call in calls if call["method"] == "POST" and f"/{word}" in call["path"].partition("?")[0]]
    return wanted[::-1]


def make_there(books: Books, kind: str, **fields: Any) -> str:
    """A person makes a record in QuickBooks; returns its id."""
    made = books.simulation.control(f"companies/{REALM}/records/{kind}", fields)
    return str(made["Id"])


def message_of(subject: Subject | Document) -> Message:
    """The newest message about a subject."""
    about = subject.subject if isinstance(subject, Document) else subject
    db.session.rollback()
    of_subject = select(Message).where(Message.kind == about.kind, Message.subject_id == about.id)
    return db.session.scalars(of_subject.order_by(Message.id.desc())).first()  # type: ignore[return-value]


def state(subject: Subject | Document) -> MessageState:
    """The state of the newest message about a subject."""
    return MessageState(message_of(subject).state)


def reason(subject: Subject | Document) -> str:
    """The sentence a person reads about it."""
    return message_of(subject).reason or ""


def outcomes(subject: Subject | Document) -> list[str]:
    """The sync log of a subject in words, the oldest first."""
    about = subject.subject if isinstance(subject, Document) else subject
    db.session.rollback()
    rows = select(Attempt).where(Attempt.kind == about.kind, Attempt.subject_id == about.id).order_by(Attempt.id)
    return [row.outcome.value for row in db.session.scalars(rows)]


def unanswered() -> list[Envelope]:
    """The envelopes whose answer is not known."""
    db.session.rollback()
    return list(db.session.scalars(select(Envelope).where(Envelope.state == EnvelopeState.STORED)))


def hurry() -> None:
    """Whatever waits for its next try is due now; what waits for somebody still waits."""
    with transaction() as session:
        now, soon = clock.now(), clock.now() + timedelta(days=2)
        session.execute(update(Envelope).where(Envelope.state == EnvelopeState.STORED).values(due_at=now))
        waits = update(Message).where(Message.state == MessageState.WAITING, Message.due_at < soon)
        session.execute(waits.values(due_at=now))


def delay() -> None:
    """What has no known answer yet is not due for an hour."""
    with transaction() as session:
        stored = update(Envelope).where(Envelope.state == EnvelopeState.STORED)
        session.execute(stored.values(due_at=clock.now() + timedelta(hours=1)))


def settle_all(books: Books, rounds: int = 12) -> None:
    """Send, and try again at once what has to wait, until nothing is left to do."""
    for _round in range(rounds):
        hurry()
        books.send()
        if not unanswered() and lanes.next_due_at(books.firm.entity.lane) is None:
            return


def rule(books: Books, **chosen: Any) -> None:
    """Change policies of the connection."""
    with transaction():
        for name, value in chosen.items():
            setattr(policy_of(books.connection_id), name, value)


@contextmanager
def held_clock() -> Iterator[HeldClock]:
    """Hold our clock at the present moment; the simulator's goes on."""
    with clock.use(held := HeldClock(datetime.now(UTC))):
        yield held


class Liar:
    """A line on which QuickBooks does its work and says of one member of the first batch that it failed."""

    def __init__(self, line: Http, number: str, code: str = "10000") -> None:
        self.line, self.number, self.code, self.lied = line, number, code, False

    def send(self, request: HttpRequest) -> HttpAnswer:
        """Send it, and bend the answer of the first batch."""
        answer = self.line.send(request)
        if self.lied or not urlsplit(request.url).path.endswith("/batch"):
            return answer
        self.lied = True
        said = json.loads(answer.body)
        said["BatchItemResponse"] = [self._bent(part) for part in said["BatchItemResponse"]]
        return replace(answer, body=json.dumps(said).encode())

    def _bent(self, part: dict[str, Any]) -> dict[str, Any]:
        if part.get("Invoice", {}).get("DocNumber") != self.number:
            return part
        fault = {"Message": "An application error", "code": self.code, "Detail": "System Failure Error"}
        return {"bId": part["bId"], "Fault": {"Error": [fault], "type": "SystemFault"}}
