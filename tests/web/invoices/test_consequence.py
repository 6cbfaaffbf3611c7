"""What the buttons promise is what happens."""

from __future__ import annotations

from app.foundation.database import transaction
from app.quickbooks.models import ConnectionState
from tests.billing.firm import Firm
from tests.web.tied import tie
from tests.web.walking import Walker, words


def test_without_a_connection_nothing_is_promised(firm: Firm, stella: Walker) -> None:
    page = words(stella.get("/invoices/new").text)
    assert "and send to QuickBooks" not in page
    assert "nothing is sent now, and later you are asked" in page


def test_a_connected_firm_opens_and_sends(firm: Firm, stella: Walker) -> None:
    tie(firm.entity)
    assert "Open invoice and send to QuickBooks" in words(stella.get("/invoices/new").text)


def test_without_automatic_push_somebody_has_to_ask(firm: Firm, stella: Walker) -> None:
    tie(firm.entity, automatic_push=False)
    page = words(stella.get("/credit-notes/new").text)
    assert "and send to QuickBooks" not in page
    assert "it is sent when somebody asks for it" in page


def test_what_has_to_be_reconnected_waits(firm: Firm, stella: Walker) -> None:
    connection = tie(firm.entity)
    with transaction():
        connection.state = ConnectionState.RECONNECT
    assert "until then it waits in the queue" in stella.get("/invoices/new").text


def test_what_is_kept_back_is_not_promised_either(firm: Firm, stella: Walker) -> None:
    tie(firm.entity)
    document = firm.open()
    stella.follow(f"/invoices/{document.id}/keep-back")
    assert "which hears nothing of this" in stella.get(f"/invoices/{document.id}/edit").text
