"""Invoices and credit notes: lists, one document, its editor and its steps.

One set of views is hung twice, under /invoices and /credit-notes; which kind a request is about follows from the
blueprint's name (`room.here`). What does not belong here: what a document may do (billing), and how it is told (sync).
"""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("invoices", __name__, url_prefix="/invoices")
