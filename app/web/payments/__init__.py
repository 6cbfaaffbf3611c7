"""Payments and how they are divided: learnt from the books, or recorded here by a person.

What does not belong here: what may be allocated (billing), and how a payment is told (sync).
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("payments", __name__, url_prefix="/payments")
