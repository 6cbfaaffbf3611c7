"""The card of a connected company: what is known of it, without asking QuickBooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.accounts.models import User
from app.foundation.database import db
from app.quickbooks.connect_button import ConnectButton, Face, faces
from app.quickbooks.lifetimes import Ending
from app.quickbooks.models import Connection, ConnectionState, SalesTax
from app.sync.company.connecting import connected, environment_of, pending
from app.sync.company.keeping import ending_of
from app.sync.first_day.preflight_facts import days_left, lists_read_at
from app.sync.steering.modes import WORDS
from app.sync.watching.lately import last_answer_at
from app.web.quickbooks.room import entity_here, quickbooks

_SALES_TAX = {
    SalesTax.UK: "A tax code on each line",
    SalesTax.US_AST: "Automated sales tax",
    SalesTax.US_MANUAL: "Manual sales tax (US)",
    SalesTax.NONE: "Off",
}
_YES_NO = {True: "Yes", False: "No", None: "Unknown: nobody has looked yet"}


@dataclass(frozen=True)
class Card:
    """What the card shows; `connection` is None while no company is connected."""

    mode: str
    is_configured: bool
    connection: Connection | None
    pending: Connection | None
    connected_by: str = ""
    days_left: int | None = None
    lists_read_at: datetime | None = None
    answered_at: datetime | None = None
    ending: Ending | None = None
    button: Mapping[Face, ConnectButton] = field(default_factory=dict)
    """The official artwork, which only stands where no company is connected."""

    @property
    def needs_reconnect(self) -> bool:
        """Whether a person must consent again."""
        return self.connection is not None and self.connection.state is ConnectionState.RECONNECT

    @property
    def multi_currency(self) -> str:
        """Yes, no or unknown."""
        return _YES_NO[self.connection.multi_currency] if self.connection else ""

    @property
    def sales_tax(self) -> str:
        """How the company taxes its sales."""
        return _SALES_TAX[self.connection.sales_tax] if self.connection else ""


def card_here() -> Card:
    """The card of the billing entity of this request."""
    entity = entity_here()
    keys = quickbooks().apps.app_for(environment_of(entity))
    found, mode = connected(entity), WORDS[entity.mode]
    if found is None:
        return Card(mode, keys.is_complete, None, pending(entity), button=faces())
    return Card(
        mode,
        keys.is_complete,
        found,
        pending(entity),
        connected_by=_name(found.connected_by),
        days_left=days_left(found),
        lists_read_at=lists_read_at(found),
        answered_at=last_answer_at(found),
        ending=ending_of(found),
    )


def _name(user_id: int | None) -> str:
    user = db.session.get(User, user_id) if user_id else None
    return user.name if user else "the command line"
