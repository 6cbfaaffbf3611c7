"""What the policy does by itself with what nobody has chosen for, in the words of the tab and of its rows."""

from __future__ import annotations

from typing import NamedTuple

from app.quickbooks.models import Connection
from app.sync.records.mappings import MappingKind
from app.sync.records.policies import WhenClientMissing, WhenServiceMissing, policy_of


class ByItself(NamedTuple):
    """The name of the tab, and what a row of it says; all empty where a person has to choose."""

    tab: str = ""
    row: str = ""


_SERVICES = ByItself("Created when used", "An item is created when a document first names it")
_CLIENTS = ByItself(
    "Matched or created when used", "Matched by its whole name, or created, when a document first needs it"
)


def with_services(connection: Connection, kind: MappingKind) -> ByItself:
    """Of the page of this kind: only services are made by themselves."""
    makes = kind is MappingKind.SERVICE and policy_of(connection.id).service_missing is WhenServiceMissing.CREATE
    return _SERVICES if makes else ByItself()


def with_clients(connection: Connection) -> ByItself:
    """Of the page of clients."""
    return _CLIENTS if policy_of(connection.id).client_missing is WhenClientMissing.CREATE else ByItself()
