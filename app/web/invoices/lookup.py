"""Whom and what the editor's texts name: clients and services found in the database."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from app.billing.client import Client
from app.billing.service import Service, folded
from app.foundation.database import db
from app.web.invoices.reading import Known
from app.web.invoices.typed import TypedDocument

_NUMBERED = re.compile(r"(.*)#(\d{1,15})\s*")


def known_to(typed: TypedDocument) -> Known:
    """Look up what a typed document names; three questions whatever its length."""
    services = _services(typed)
    if not typed.client:
        return Known(services)
    found = _clients(typed.client)
    if len(found) == 1:
        return Known(services, found[0].id, usual_term_id=found[0].default_term_id)
    if found:
        return Known(services, None, f"{len(found)} clients are called “{typed.client}”; choose one of the list.")
    return Known(services, None, f"There is no client “{typed.client}”; choose one of the list, or add it first.")


def _services(typed: TypedDocument) -> dict[str, Service]:
    codes = {folded(code) for line in typed.lines for code in (line.service, line.filled) if code}
    if not codes:
        return {}
    rows = db.session.scalars(select(Service).where(Service.code_folded.in_(codes)))
    return {service.code_folded: service for service in rows}


def _clients(text: str) -> list[Client]:
    """Who is meant by "Acme #12", or all clients called "Acme" whatever the case."""
    numbered = _NUMBERED.fullmatch(text)
    meant = Client.id == int(numbered[2]) if numbered else func.lower(Client.name) == text.strip().lower()
    return list(db.session.scalars(select(Client).where(meant).limit(9)))
