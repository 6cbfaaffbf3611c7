"""Mails to the owners: when documents can't be sent without a person, and when the connection is lost.

Grouped by cause: one mail for many invoices that wait for the same thing, a later one on the same day only for another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.owners import owner_addresses
from app.billing.wording import day
from app.foundation import clock
from app.foundation.database import db, transaction
from app.foundation.mail import Mail, queue_mail
from app.foundation.tenancy import current_organisation
from app.quickbooks.lifetimes import Ending
from app.quickbooks.meter import Meter
from app.quickbooks.models import Connection
from app.quickbooks.tokens import connection_lost, keys_refused
from app.sync.judging.verdicts import MAX_TRIES

_MOST_A_DAY = 10
"""Mails about what is held, for each company: a mailbox that is full of them tells nobody anything."""
_NAMED = 5
"""Documents that a mail calls by name."""
_OWN_WORDS = re.compile(r"“[^”]*”|\S*\d\S*")
"""What tells one document's sentence from another's of the same cause: names, numbers, dates, amounts."""
_MORE = "\n\nOthers may wait for something like it; today no further mail is sent about them."
_READS_GO = (
    "Beyond that Intuit blocks the app until the month is over. What Counterfoil reads by itself are payments and what"
    " changed; a full comparison reads most."
)
_READS_SPENT = (
    "Intuit may refuse all reading until the month is over, which looks like being throttled: payments are taken in"
    " later, and documents of clients that are new there wait. Nothing is lost. A larger tier of the Intuit app lifts"
    " it; then raise MONTHLY_READS too."
)
_ENDING = "\n\nCounterfoil\nThe sync log shows every attempt; what is mended there is sent at once.\n"


def tell_held(connection_id: int, blocker: str, sentence: str) -> None:
    """Something waits for a person. In the caller's transaction; told once a day for each cause and connection."""
    of_today = f"held:{connection_id}:{clock.now().date()}:"
    occasion = of_today + cause_of(blocker, sentence)
    told = set(db.session.scalars(select(Mail.occasion).where(Mail.occasion.startswith(of_today, autoescape=True))))
    if occasion in told or len(told) >= _MOST_A_DAY:
        return
    queue_mail(
        owner_addresses(current_organisation()),
        "An invoice waits for you before it can go to QuickBooks",
        f"{sentence}{_MORE}{_ENDING}",
        occasion=occasion,
    )


def tell_unanswered(connection_id: int, labels: Sequence[str], sentence: str) -> None:
    """Nobody can say whether QuickBooks took these. In the caller's transaction; one mail a day for each connection."""
    others = f" and {len(labels) - _NAMED} others" if len(labels) > _NAMED else ""
    queue_mail(
        owner_addresses(current_organisation()),
        "QuickBooks does not say whether it took what was sent",
        f"{', '.join(labels[:_NAMED])}{others}: {sentence}\n\nIt was asked {MAX_TRIES} times. It is asked again by"
        f" itself, and nothing is made twice; please look whether it is in QuickBooks.{_MORE}{_ENDING}",
        occasion=f"unanswered:{connection_id}:{clock.now().date()}",
    )


def cause_of(blocker: str, sentence: str) -> str:
    """What is the same for all that one mail speaks for: the kind of what is missing, and the reason (pure)."""
    kind = blocker.partition(":")[0]
    reason = _OWN_WORDS.sub("…", sentence)
    return f"{kind}:{hashlib.sha256(reason.encode()).hexdigest()[:16]}"


def tell_connection_lost(connection: Connection) -> None:
    """The permission is gone. In the caller's transaction; told once for each time it was connected."""
    queue_mail(
        owner_addresses(connection.organisation_id),
        f"QuickBooks is no longer connected: {connection.company_name}",
        f"QuickBooks no longer accepts our permission for {connection.company_name}. Nothing is lost: what is waiting"
        " is sent as soon as an administrator chooses Reconnect under Settings, QuickBooks."
        f"{_ENDING}",
        occasion=f"lost:{connection.id}:{connection.connected_at:%Y-%m-%dT%H:%M:%S}",
    )


def tell_keys_refused(connection: Connection) -> None:
    """Intuit refuses the app's keys. In the caller's transaction; told once until QuickBooks has answered again."""
    queue_mail(
        owner_addresses(connection.organisation_id),
        f"Intuit refuses the keys of the app for {connection.company_name}",
        f"Intuit does not accept the client id or the client secret by which we sign in for {connection.company_name}."
        " Nothing is lost: what waits goes on by itself once the right keys are entered under Settings, QuickBooks,"
        f" Keys. Until then it is tried again now and then.{_ENDING}",
        occasion=f"keys:{connection.id}:{connection.last_success_at or connection.connected_at:%Y-%m-%dT%H:%M:%S}",
    )


def hear_lost_connections() -> None:
    """From now on, whenever this process finds that a permission is gone or keys are refused, the owners are told."""
    connection_lost.connect(_tell_lost)
    keys_refused.connect(_tell_keys_refused)


def _tell_lost(connection_id: int) -> None:
    with transaction() as session:
        tell_connection_lost(session.get_one(Connection, connection_id))


def _tell_keys_refused(connection_id: int) -> None:
    with transaction() as session:
        tell_keys_refused(session.get_one(Connection, connection_id))


def tell_ending(connection: Connection, near: Ending) -> None:
    """The permission ends soon. In the caller's transaction; told at 14, 7 and 2 days before, once each for an end."""
    ends = day(near.at, connection.country)
    queue_mail(
        owner_addresses(connection.organisation_id),
        f"Reconnect QuickBooks by {ends}: {connection.company_name}",
        f"{near.words}\n\nIt is about {connection.company_name}, until {ends}, {near.at:%H:%M} UTC. An administrator"
        " chooses Reconnect under Settings, QuickBooks; everything stays as it is, and what waits goes on by itself."
        f"{_ENDING}",
        occasion=f"ends:{connection.id}:{near.at:%Y-%m-%d}:{near.warning}",
    )


def tell_reads(client_id: str, meter: Meter) -> None:
    """Most or all of the month's reads are used. In the caller's transaction; told at 70, 90, 100 %, once a month."""
    used = f"{meter.warning} % of this month's QuickBooks reads are used"
    spent = "This month's QuickBooks reads are spent"
    queue_mail(
        owner_addresses(current_organisation()),
        spent if meter.is_spent else used,
        f"{meter.words}. {_READS_SPENT if meter.is_spent else _READS_GO}{_ENDING}",
        occasion=f"reads:{client_id}:{clock.now():%Y-%m}:{meter.warning}",
    )


def tell_drift(connection: Connection, number: int, run_id: int) -> None:
    """A reconciliation found something new. In the caller's transaction; told once for each run."""
    things = "1 new difference" if number == 1 else f"{number} new differences"
    queue_mail(
        owner_addresses(connection.organisation_id),
        f"Reconciliation found {things}: {connection.company_name}",
        f"Counterfoil and QuickBooks were compared, and {things} came up. The reconciliation page shows both values"
        f" of each and its likely cause.{_ENDING}",
        occasion=f"drift:{connection.id}:{run_id}",
    )
