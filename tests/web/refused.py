"""Every form that may refuse what is typed into it, each with something that can't be used.

Whoever adds a page that shows a summary of errors adds a line here; without it test_refused_forms.py fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.web.every_page import Place

UNREFUSED = {
    "invoices/void.html": "its reason may be empty, and no browser lets it become too long",
    "payments/void.html": "it asks nothing; only somebody who was faster can stand in its way",
    "sync_log/_causes.html": "its select is refused by the browser before the portal can",
    "quickbooks/import_documents.html": "its day comes from the address, and what can't be read there is today",
}
"""Pages that have words for an error and say them to nobody who fills them in: {template: why}."""


@dataclass(frozen=True)
class Refusal:
    """A page, what is typed into its form by the name of a field or its beginning, and the button that sends it."""

    endpoint: str
    button: str
    typed: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    whole: bool = False
    """Whether no one field is to blame."""
    status: int = 422

    @property
    def page(self) -> str:
        """The template: the endpoint's own, unless another was named."""
        return self.template or f"{self.endpoint.replace('.', '/')}.html"

    @property
    def place(self) -> Place:
        """Where the form stands."""
        return Place(self.endpoint, self.endpoint, self.asked)


REFUSALS = (
    Refusal("clients.new", "Save client", {"name": "", "email": "no address", "city": "Leeds"}, "clients/edit.html"),
    Refusal("services.new", "Save", {"code": "", "name": "Support", "unit_price": "much"}, "services/edit.html"),
    Refusal("terms.new", "Save", {"name": "", "due_days": "-3"}, "terms/edit.html"),
    Refusal("tax_codes.new", "Save", {"code": "X", "name": "", "rate_percent": "some"}, "tax_codes/edit.html"),
    Refusal(
        "billing_entity.new",
        "Set up",
        {"name": "", "vat_number": "GB 1", "number_digits": "40"},
        "billing_entity/edit.html",
    ),
    Refusal("payments.new", "Record payment", {"amount": "1.005", "received_on": "2199-01-01", "reference": "BACS 1"}),
    Refusal("payments.divide", "Save", {"part-": "99999"}),
    Refusal(
        "invoices.new",
        "Open",
        {"client": "Nobody", "issue_date": "", "lines-0-description": "Work", "lines-0-quantity": "many"},
        "invoices/edit.html",
    ),
    Refusal("imports.index", "Look at what it will do"),
    Refusal("users.index", "Invite", {"email": "nobody"}),
    Refusal("sync_state.pause", "Pause the sync", {"reason": ""}),
    Refusal("reconciliation.ignore", "Leave it as it is", {"reason": ""}),
    Refusal("differences.ignore", "Leave it as it is", {"reason": ""}, asked={"cause": "price"}),
    Refusal("quickbooks.intuit_app", "Save Intuit app", {"client_id": "", "client_secret": ""}),
    Refusal("quickbooks.intuit_app", "Use this artwork"),
    Refusal(
        "quickbooks.policies",
        "Save policies",
        {"service_missing": "create", "default_income": "", "go_live_date": "2026-01-01"},
    ),
    Refusal("quickbooks.disconnect", "Disconnect from QuickBooks", {"company": "Another"}),
    Refusal("quickbooks.mapping_file", "Look at what it will do"),
    Refusal("quickbooks.old_documents", "Send from this date", {"since": ""}),
    Refusal("quickbooks.old_documents", "Send the ticked ones", whole=True),
    Refusal("quickbooks.import_lists", "Take the ticked ones", whole=True),
    Refusal("quickbooks.history", "Link the chosen ones", whole=True),
    Refusal("security.change_password", "Change password", {"password": "wrong", "new_password": "short"}, status=200),
    Refusal("security.verify", "Go on", {"password": "wrong"}, status=200),
    Refusal("security.login", "Sign in", {"email": "nobody@northgate.example", "password": "wrong"}, status=200),
    Refusal(
        "welcome.show",
        "Join",
        {"name": "", "password": "short", "again": "other"},
    ),
)
