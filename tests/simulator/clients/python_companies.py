"""The companies that the package `python-quickbooks` speaks to: nothing of it is changed, its base address is set."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from intuitlib.client import AuthClient
from quickbooks import QuickBooks
from quickbooks.objects import Ref

from tests.simulation import REALM, Simulation

AMERICAN, TRADING = "9341450000000002", "9341450000000003"
LIVE = ("SIM-PRODUCTION-KEY", "sim-production-secret")
VERIFIER = "sim-production-verifier"
numbers = count(1)
"""No name and no number is used twice."""


@dataclass(frozen=True)
class Company:
    """A company that the package speaks to; `tax_code` stands on its lines, `currency` where one is required."""

    books: QuickBooks
    tax_code: str
    currency: str | None = None


def keys_of(intuit: Simulation, **tokens: str) -> AuthClient:
    """Intuit's own client, which the package builds on, with the keys of production."""
    return AuthClient(*LIVE, "https://app.example/back", f"{intuit.base}/.well-known/openid_configuration/", **tokens)


def client_with(keys: AuthClient, intuit: Simulation, realm: str = REALM, **more: Any) -> QuickBooks:
    """The package's client of a company."""
    books = QuickBooks(auth_client=keys, company_id=realm, minorversion=75, **more)
    books.api_url_v3 = f"{intuit.base}/production/v3"
    return books


def client_of(intuit: Simulation, realm: str = REALM) -> QuickBooks:
    """The same with new tokens; those it had before are dead."""
    granted = intuit.grant(realm)
    tokens = {name: granted[name] for name in ("access_token", "refresh_token")}
    return client_with(keys_of(intuit, **tokens), intuit, realm)


def british(intuit: Simulation) -> Company:
    """VAT at the standard rate."""
    return Company(client_of(intuit), "6")


def american(intuit: Simulation) -> Company:
    """Automated sales tax."""
    return Company(client_of(intuit, AMERICAN), "NON")


def trading(intuit: Simulation) -> Company:
    """Several currencies, so that every document names its own."""
    return Company(client_of(intuit, TRADING), "6", "GBP")


COMPANIES = {"uk": british, "us": american, "multi": trading}


def name(of: str) -> str:
    """A name that nobody else has."""
    return f"{of} {next(numbers)}"


def ref(value: object) -> Ref:
    """A reference as users of the package write it; its name and type stay empty."""
    made = Ref()
    made.value = value
    return made


@dataclass(frozen=True)
class Row:
    """A kind as the package has it: how one is made, what an update changes, in which companies it is tried."""

    kind: Any
    make: Callable[[Company], Any]
    change: tuple[str, object]
    companies: tuple[str, ...] = ("uk", "us", "multi")


def made(company: Company, row: Row) -> Any:
    """A new record of a kind, saved."""
    return row.make(company).save(qb=company.books)


def ids(records: Iterable[Any]) -> list[str]:
    """The ids of records, in their order."""
    return [record.Id for record in records]
