"""The pre-flight check: what must be right before documents can go to QuickBooks, as a list of tasks. Pure.

What holds documents back is not judged here a second time: it comes from readiness, as each push asks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.billing.wording import day
from app.sync.first_day.task import Status, Task
from app.sync.records.policies import WhenClientMissing, WhenClosed, WhenServiceMissing

DAYS_TO_WARN = 14
"""A refresh token that lapses within so many days deserves a word."""


@dataclass(frozen=True, kw_only=True)
class Company:
    """The connected company as the check looks at it; days are whole days from now."""

    name: str
    needs_reconnect: bool
    days_left: int | None
    home_currency: str
    our_currency: str
    multi_currency: bool
    taxes_per_line: bool
    custom_numbers: bool | None
    auto_apply_credit: bool | None
    closed_until: date | None
    read_only: bool
    records: int
    """How many records of its lists are known here."""
    lists_read_at: datetime | None
    automatic_push: bool
    paused_by: str | None
    client_missing: WhenClientMissing
    service_missing: WhenServiceMissing
    when_closed: WhenClosed
    has_default_income: bool
    unmapped_services: int
    unmapped_tax_codes: int
    broken: int
    held_clients: int
    """Messages that wait for a client, and by its policy nobody creates one."""
    unlinked_clients: int
    """Clients in use that have no customer there yet."""
    old_documents: int
    asked_about_old: bool
    unsorted: Mapping[str, int] = field(default_factory=dict)
    """By what the company sorts its sales ("class", "location"): how many of ours on open documents have none."""
    taxes: str = ""
    """How it taxes its sales, in words."""
    tax_trouble: str = ""
    """Why that does not go with how we do; empty where it does."""
    country: str = ""
    """Where it keeps its books, as QuickBooks says; days are written as there."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that the check looks at; `company` is None while none is connected."""

    is_configured: bool
    company: Company | None
    has_verifier: bool
    webhook_at: datetime | None
    worker_alive: bool
    mail_kept: bool
    mail_problem: str
    """The mail server's own words about a mail that could not be sent; empty when all went."""


def tasks(facts: Facts) -> list[Task]:
    """Every task, in the order in which one would do them."""
    company = facts.company
    inside = list(_about_company(company)) if company else [_waits(title) for title in _INSIDE]
    return [_connection(facts), *inside, _webhook(facts), _worker(facts), _mail(facts)]


def blocking(found: list[Task]) -> list[Task]:
    """The tasks that documents wait for."""
    return [task for task in found if task.blocks]


_INSIDE = ("Lists", "Services", "Tax codes", "Document numbers", "Currency", "Earlier documents")


def _waits(title: str) -> Task:
    return Task(title, Status.CANNOT_START, "Connect a company first.")


def _connection(facts: Facts) -> Task:
    title, company = "Connection", facts.company
    if company is None:
        if not facts.is_configured:
            return Task(title, Status.PROBLEM, "There is no Intuit app yet: enter its keys.", "intuit_app", blocks=True)
        return Task(title, Status.TO_DO, "No company is connected.", "connect", blocks=True)
    if company.needs_reconnect:
        return Task(title, Status.PROBLEM, "QuickBooks no longer accepts our permission.", "connect", blocks=True)
    if company.paused_by:
        return Task(title, Status.PROBLEM, f"Paused by {company.paused_by}.", "sync_state", blocks=True)
    if company.read_only:
        return Task(title, Status.PROBLEM, "The subscription has ended: nothing can be added.", "company", blocks=True)
    return Task(title, Status.DONE, f"{company.name} is connected.")


def _about_company(company: Company) -> Iterator[Task]:
    yield _token(company)
    yield _lists(company)
    yield _services(company)
    yield _tax(company)
    yield _tax_codes(company)
    if company.broken:
        sentence = f"{_some(company.broken, 'mapping points', 'mappings point')} to a record that can't be used now."
        yield Task("Broken mappings", Status.PROBLEM, sentence, "map_services", blocks=True)
    yield from (_sorted_by(word, number) for word, number in company.unsorted.items())
    yield _clients(company)
    yield _numbers(company)
    yield _currency(company)
    if company.auto_apply_credit:
        sentence = "QuickBooks applies credits by itself, so balances may change without a payment. Turn it off there."
        yield Task("Automatic credits", Status.PROBLEM, sentence)
    yield _closed(company)
    yield _automatic(company)
    yield _old(company)


def _token(company: Company) -> Task:
    title, days = "Permission", company.days_left
    if days is None or company.needs_reconnect:
        return Task(title, Status.CANNOT_START, "Reconnect first.")
    sentence = f"Renewed whenever it is used; unused, it would lapse in {_some(days, 'day', 'days')}."
    if days > DAYS_TO_WARN:
        return Task(title, Status.DONE, sentence)
    return Task(title, Status.PROBLEM, sentence, "connect")


def _lists(company: Company) -> Task:
    if not company.records:
        return Task("Lists", Status.TO_DO, "The lists of QuickBooks were not read yet.", "lists", blocks=True)
    return Task("Lists", Status.DONE, f"{_some(company.records, 'record', 'records')} of QuickBooks are known here.")


def _services(company: Company) -> Task:
    title, number = "Services", company.unmapped_services
    if not number:
        return Task(title, Status.DONE, "Every service on a document that waits has an item.", "map_services")
    lacks = f"{_some(number, 'service', 'services')} on open documents without an item"
    if company.service_missing is WhenServiceMissing.HOLD:
        return Task(title, Status.TO_DO, f"{lacks}.", "map_services", blocks=True)
    if not company.has_default_income:
        return Task(title, Status.TO_DO, f"{lacks}; choose an income account first.", "default_income", blocks=True)
    sentence = f"{lacks}: one is created for each when it is first sent."
    return Task(title, Status.BY_ITSELF, sentence, "map_services")


def _tax(company: Company) -> Task:
    if company.tax_trouble:
        return Task("Tax", Status.PROBLEM, company.tax_trouble, "tax")
    return Task("Tax", Status.DONE, f"{company.taxes}: both sides tax alike.", "tax")


def _tax_codes(company: Company) -> Task:
    title, number = "Tax codes", company.unmapped_tax_codes
    if not company.taxes_per_line:
        return Task(title, Status.NOT_NEEDED, "Lines name no tax code of QuickBooks.", "tax")
    if number:
        sentence = f"{_some(number, 'tax code', 'tax codes')} on open documents without one in QuickBooks."
        return Task(title, Status.TO_DO, sentence, "map_tax_codes", blocks=True)
    return Task(title, Status.DONE, "Every tax code on a document that waits is mapped.", "map_tax_codes")


_SORTED = {
    "class": ("Classes", ("service", "services"), "map_classes"),
    "location": ("Locations", ("client", "clients"), "map_locations"),
}


def _sorted_by(word: str, number: int) -> Task:
    """Advice alone: a company may be set to warn of a sale without one, but its preferences (3.2) don't tell."""
    title, (one, many), fix = _SORTED[word]
    if not number:
        return Task(title, Status.DONE, f"Every {one} on a document that waits has a {word}.", fix)
    sentence = f"{_some(number, one, many)} on open documents without a {word}: they are sent without one."
    return Task(title, Status.TO_DO, sentence, fix)


def _clients(company: Company) -> Task:
    title, number = "Clients", company.unlinked_clients
    if company.client_missing is WhenClientMissing.HOLD and company.held_clients:
        sentence = f"{_some(company.held_clients, 'message waits', 'messages wait')} for a customer in QuickBooks."
        return Task(title, Status.TO_DO, sentence, "match_clients", blocks=True)
    if not number:
        return Task(title, Status.DONE, "Every client has its customer in QuickBooks.", "match_clients")
    lacks = f"{_some(number, 'client has', 'clients have')} no customer yet"
    if company.client_missing is WhenClientMissing.HOLD:
        return Task(title, Status.DONE, f"{lacks}: what is opened for them is held.", "match_clients")
    sentence = f"{lacks}: each is matched by its whole name, or created, when a document first needs it."
    return Task(title, Status.BY_ITSELF, f"{sentence} Link first whoever is called otherwise there.", "match_clients")


def _numbers(company: Company) -> Task:
    title = "Document numbers"
    if company.custom_numbers is None:
        return Task(title, Status.TO_DO, "Nobody has looked yet whether QuickBooks keeps our numbers.", "company")
    if company.custom_numbers:
        return Task(title, Status.DONE, "QuickBooks keeps our numbers.")
    sentence = "QuickBooks would number documents itself. Turn on “Custom transaction numbers” there, under Sales."
    return Task(title, Status.PROBLEM, sentence, "company")


def _currency(company: Company) -> Task:
    ours, theirs = company.our_currency, company.home_currency
    if ours == theirs:
        return Task("Currency", Status.DONE, f"Both sides keep their books in {ours}.")
    sentence = f"We bill in {ours}, the company keeps its books in {theirs}"
    if company.multi_currency:
        return Task("Currency", Status.DONE, f"{sentence}, and takes other currencies.")
    return Task("Currency", Status.PROBLEM, f"{sentence} only. Choose another company.", "another_company", blocks=True)


def _closed(company: Company) -> Task:
    if company.closed_until is None:
        return Task("Closed books", Status.NOT_NEEDED, "No period is closed in QuickBooks.")
    until = f"The books are closed up to {day(company.closed_until, company.country)}"
    if company.when_closed is WhenClosed.HOLD:
        return Task("Closed books", Status.DONE, f"{until}; earlier documents are held.", "policies")
    return Task("Closed books", Status.DONE, f"{until}; earlier documents get the first open day.", "policies")


def _automatic(company: Company) -> Task:
    if company.automatic_push:
        return Task("Automatic push", Status.DONE, "What is opened goes to QuickBooks by itself.", "policies")
    return Task("Automatic push", Status.TO_DO, "Off: nothing goes by itself.", "policies")


def _old(company: Company) -> Task:
    title, number = "Earlier documents", company.old_documents
    if not number:
        return Task(title, Status.NOT_NEEDED, "No open document was left behind.")
    sentence = f"{_some(number, 'open document was', 'open documents were')} not sent."
    if company.asked_about_old:
        return Task(title, Status.DONE, f"{sentence} That was decided here.", "old_documents")
    return Task(title, Status.TO_DO, sentence, "old_documents")


def _webhook(facts: Facts) -> Task:
    if not facts.has_verifier:
        return Task(
            "Webhooks",
            Status.TO_DO,
            "No verifier is set: payments are found by asking at intervals and every night.",
            "intuit_app",
        )
    if facts.webhook_at is None:
        return Task("Webhooks", Status.TO_DO, "No webhook has arrived yet. Enter our address at Intuit.", "intuit_app")
    return Task(
        "Webhooks",
        Status.DONE,
        f"The last valid one arrived on {day(facts.webhook_at, facts.company.country if facts.company else '')}.",
        "webhook_log",
    )


def _worker(facts: Facts) -> Task:
    if facts.worker_alive:
        return Task("Worker", Status.DONE, "A worker is running.")
    return Task("Worker", Status.PROBLEM, "No worker is running. Start one with: flask worker", blocks=True)


def _mail(facts: Facts) -> Task:
    if facts.mail_problem:
        return Task("Mail", Status.PROBLEM, f"The mail server said: {facts.mail_problem}", "mail")
    if facts.mail_kept:
        sentence = "No mail server is set: mails are kept here and sent to nobody. Set MAIL_URL."
        return Task("Mail", Status.TO_DO, sentence, "mail")
    return Task("Mail", Status.DONE, "Nothing is stuck.", "mail")


def _some(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
