"""What saving or opening a document will do, in the words of its button and the sentence beside it."""

from __future__ import annotations

from typing import NamedTuple

from app.billing.document import Document
from app.billing.entity import BillingEntity, TaxRegime
from app.foundation.errors import ConflictError
from app.quickbooks.models import ConnectionState
from app.sync.records.policies import policy_of
from app.sync.records.tied import connection_of


class Consequence(NamedTuple):
    """What follows the verb on the button, "Open invoice …", and a sentence."""

    then: str
    sentence: str


def require_connection(document: Document) -> None:
    """Go on only where there is a company to send to. Raises ConflictError with the way out."""
    if connection_of(document.entity.lane) is None:
        raise ConflictError(
            "QuickBooks isn't connected: there is nowhere to send it. Connect it in the settings first."
        )


def consequence_of(entity: BillingEntity, *, kept_back: bool) -> Consequence:
    """What happens in QuickBooks once a document of this entity is opened, or an open one is saved."""
    if kept_back:
        return Consequence("", "It is kept out of QuickBooks, which hears nothing of this.")
    connection = connection_of(entity.lane)
    if connection is None:
        return Consequence("", "QuickBooks isn't connected: nothing is sent now, and later you are asked.")
    if not policy_of(connection.id).automatic_push:
        return Consequence("", "Automatic push is off: it is sent when somebody asks for it.")
    if connection.state is ConnectionState.RECONNECT:
        return Consequence(
            "and send to QuickBooks", "QuickBooks has to be reconnected first; until then it waits in the queue."
        )
    return Consequence("and send to QuickBooks", _AT_ONCE[entity.tax_regime is TaxRegime.US_AUTOMATED])


_AT_ONCE = {
    False: "It is checked, handed over at once, and its state shows on its page.",
    True: "It is checked and handed over at once; QuickBooks computes its sales tax, and its page waits for that.",
}
"""By whether QuickBooks computes the tax."""
