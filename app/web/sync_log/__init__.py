"""The sync log: what was told to QuickBooks, how often it was tried, what it answered; and trying again."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("sync_log", __name__, url_prefix="/quickbooks/log")
