"""Settings → QuickBooks: connecting a company, mapping, policies, and what must be right before sending.

What does not belong here: what a choice does (sync), and how QuickBooks is asked (quickbooks).
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("quickbooks", __name__, url_prefix="/settings/quickbooks")
doorstep = Blueprint("quickbooks_door", __name__, url_prefix="/quickbooks")
"""What people reach coming from Intuit: the way back after consent, and the page after a disconnect there."""
