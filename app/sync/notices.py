"""Mails to the owners: when documents can't be sent without a person, and when the connection is lost.

Grouped by cause: one mail per blocker and day, not one per invoice.
"""

from __future__ import annotations

from app.accounts.owners import owner_addresses
from app.foundation import clock
from app.foundation.mail import queue_mail
from app.foundation.tenancy import current_organisation
from app.quickbooks.models import Connection

_ENDING = "\n\nCounterfoil\nThe sync log shows every attempt; what is mended there is sent at once.\n"


def tell_held(connection_id: int, blocker: str, sentence: str) -> None:
    """Something waits for a person. In the caller's transaction; told once a day per blocker and connection."""
    day = clock.now().date()
    queue_mail(
        owner_addresses(current_organisation()),
        "An invoice waits for you before it can go to QuickBooks",
        f"{sentence}{_ENDING}",
        occasion=f"held:{connection_id}:{blocker}:{day}",
    )


def tell_connection_lost(connection: Connection) -> None:
    """The permission is gone. In the caller's transaction; told once for each time it was connected."""
    queue_mail(
        owner_addresses(connection.organisation_id),
        f"QuickBooks is no longer connected: {connection.company_name}",
        f"QuickBooks no longer accepts our permission for {connection.company_name}. Nothing is lost: what is waiting"
        " is sent as soon as an administrator chooses Reconnect under Settings, Integrations, QuickBooks."
        f"{_ENDING}",
        occasion=f"lost:{connection.id}:{connection.connected_at:%Y-%m-%dT%H:%M:%S}",
    )
