"""Every form and every htmx request carries a token against forged requests."""

from __future__ import annotations

from flask_wtf import CSRFProtect

csrf = CSRFProtect()
