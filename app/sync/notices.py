"""Mails to the owners: when documents can't be sent without a person, and when the connection is lost.

Grouped by cause: one mail per kind of blocker and day, not one per invoice, service or client.
"""

from __future__ import annotations

from app.accounts.owners import owner_addresses
from app.foundation import clock
from app.foundation.database import transaction
from app.foundation.mail import queue_mail
from app.foundation.tenancy import current_organisation
from app.quickbooks.lifetimes import Ending
from app.quickbooks.meter import Meter
from app.quickbooks.models import Connection
from app.quickbooks.tokens import connection_lost
from app.sync.kinds import DOCUMENTS

_MORE = "\n\nOthers may wait for something like it; today no further mail is sent about them."
_ENDING = "\n\nCounterfoil\nThe sync log shows every attempt; what is mended there is sent at once.\n"


def tell_held(connection_id: int, blocker: str, sentence: str) -> None:
    """Something waits for a person. In the caller's transaction; told once a day per kind of blocker and connection."""
    day = clock.now().date()
    kind = blocker.partition(":")[0]
    cause = "document" if kind in DOCUMENTS else kind
    queue_mail(
        owner_addresses(current_organisation()),
        "An invoice waits for you before it can go to QuickBooks",
        f"{sentence}{_MORE}{_ENDING}",
        occasion=f"held:{connection_id}:{cause}:{day}",
    )


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


def hear_lost_connections() -> None:
    """From now on, whenever this process finds that a permission is gone, the owners are told."""
    connection_lost.connect(_tell_lost)


def _tell_lost(connection_id: int) -> None:
    with transaction() as session:
        tell_connection_lost(session.get_one(Connection, connection_id))


def tell_ending(connection: Connection, near: Ending) -> None:
    """The permission ends soon. In the caller's transaction; told at 14, 7 and 2 days before, once each for an end."""
    queue_mail(
        owner_addresses(connection.organisation_id),
        f"Reconnect QuickBooks by {near.at:%d %B %Y}: {connection.company_name}",
        f"{near.words}\n\nIt is about {connection.company_name}, until {near.at:%d %B %Y, %H:%M} UTC. An administrator"
        " chooses Reconnect under Settings, QuickBooks; everything stays as it is, and what waits goes on by itself."
        f"{_ENDING}",
        occasion=f"ends:{connection.id}:{near.at:%Y-%m-%d}:{near.warning}",
    )


def tell_reads(client_id: str, meter: Meter) -> None:
    """Most of the month's reads are used. In the caller's transaction; told at 70 and at 90 %, once each in a month."""
    queue_mail(
        owner_addresses(current_organisation()),
        f"{meter.warning} % of this month's QuickBooks reads are used",
        f"{meter.words}. Beyond that Intuit blocks the app until the month is over. What Counterfoil reads"
        " by itself are payments and what changed; a full comparison reads most."
        f"{_ENDING}",
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
