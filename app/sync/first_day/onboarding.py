"""From zero to trusted: the first day as a list of steps, their statuses computed from what is there. Pure.

What the pre-flight check knows is asked of it; only the beginning and the end of the way are judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.sync.first_day import preflight
from app.sync.first_day.task import Status, Task


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the steps look at beside the pre-flight check."""

    has_address: bool
    documents: int
    """Drafts and all others of the billing entity; more than one is counted as one."""
    sent: bool
    """Whether one of these was made in the connected company by us."""
    waiting: bool
    """Whether anything waits to be sent, so that there is one to send."""
    check: preflight.Facts
    lacks_tax_codes: bool = False
    """Whether its lines must name a tax code and there is none: those of its country are a person's to enter."""


@dataclass(frozen=True)
class Step:
    """One step: what to do, how it stands, where it is done, and what skipping it means.

    `fix` is a name of the web's catalogue of fixes. An empty `skipping` belongs to a step that can't be skipped.
    """

    key: str
    title: str
    status: Status
    sentence: str
    fix: str
    skipping: str = ""
    skipped: bool = False

    @property
    def is_done(self) -> bool:
        """Whether nobody needs to do anything about it."""
        return self.skipped or self.status in {Status.DONE, Status.NOT_NEEDED, Status.BY_ITSELF}

    @property
    def may_begin(self) -> bool:
        """Whether it can be done now."""
        return not self.is_done and self.status is not Status.CANNOT_START


@dataclass(frozen=True)
class _Plan:
    """A step as it is planned.

    What it `asks` gives a task, whose fix goes before its own if it has one; or it is the pre-flight's of that title.
    """

    key: str
    title: str
    asks: Callable[[Facts], Task] | str
    fix: str
    skipping: str = ""


def steps(facts: Facts, skipped: Collection[str] = ()) -> list[Step]:
    """All steps in the order in which one would take them."""
    checked = {task.title: task for task in preflight.tasks(facts.check)}
    return [_step(plan, _task(plan, facts, checked), plan.key in skipped) for plan in _PLANS]


def next_step(taken: list[Step]) -> Step | None:
    """The first that can be done now; None where nothing is left to do."""
    return next((step for step in taken if step.may_begin), None)


def may_skip(key: str) -> bool:
    """Whether there is such a step, and it may be skipped."""
    return any(plan.key == key and plan.skipping for plan in _PLANS)


def _task(plan: _Plan, facts: Facts, checked: Mapping[str, Task]) -> Task:
    if callable(plan.asks):
        return plan.asks(facts)
    return checked.get(plan.asks, Task(plan.title, Status.CANNOT_START, "Connect a company first."))


def _step(plan: _Plan, task: Task, skipped: bool) -> Step:  # noqa: FBT001 - a fact about the step
    fix = task.fix if callable(plan.asks) and task.fix else plan.fix
    return Step(plan.key, plan.title, task.status, task.sentence, fix, plan.skipping, skipped=skipped)


def _company(facts: Facts) -> Task:
    if not facts.has_address:
        return Task("", Status.TO_DO, "Enter the address that stands on your invoices.")
    if facts.lacks_tax_codes:
        sentence = "Enter the tax codes of your country with their rates: none were made up. No line is opened without."
        return Task("", Status.TO_DO, sentence, "tax_codes")
    return Task("", Status.DONE, "Name and address stand on every invoice.")


def _documents(facts: Facts) -> Task:
    if facts.documents:
        return Task("", Status.DONE, "There is something to send.")
    return Task("", Status.TO_DO, "Import what you have as CSV, or write the first invoice by hand.")


def _connection(facts: Facts) -> Task:
    """As the pre-flight check has it; but a pause, which belongs to sending one first, leaves it done."""
    company = facts.check.company
    if company is not None and company.paused_by and not company.needs_reconnect:
        return Task("", Status.DONE, f"{company.name} is connected.")
    return next(task for task in preflight.tasks(facts.check) if task.title == "Connection")


def _rehearsal(facts: Facts) -> Task:
    if facts.sent:
        return Task("", Status.NOT_NEEDED, "A document was sent already.")
    return _once_connected(facts, "See to the letter what would be sent, and what stands against it.")


def _first_document(facts: Facts) -> Task:
    if facts.sent:
        return Task("", Status.DONE, "The first document is in QuickBooks.")
    company = facts.check.company
    if company is not None and company.old_documents and not company.asked_about_old and not facts.waiting:
        sentence = "Send one of the earlier documents, look at it in QuickBooks, then go on: it pauses by itself."
        return Task("", Status.TO_DO, sentence, "old_documents")
    return _once_connected(facts, "Send one document, look at it in QuickBooks, then go on: it pauses by itself.")


def _turned_on(facts: Facts) -> Task:
    company = facts.check.company
    if company is not None and company.paused_by:
        sentence = f"Paused by {company.paused_by}: go on when the first document is right."
        return Task("", Status.TO_DO, sentence, "sync_state")
    if company is not None and company.automatic_push:
        return Task("", Status.DONE, "What is opened goes to QuickBooks by itself.")
    return _once_connected(facts, "Off: nothing goes by itself.")


def _once_connected(facts: Facts, sentence: str) -> Task:
    if facts.check.company is None:
        return Task("", Status.CANNOT_START, "Connect a company first.")
    return Task("", Status.TO_DO, sentence)


_PLANS = (
    _Plan("company", "Say who sends the invoices", _company, "billing_entity"),
    _Plan("documents", "Bring your invoices", _documents, "imports", "The list goes on without a document to send."),
    _Plan("connect", "Connect QuickBooks", _connection, "connect"),
    _Plan("lists", "Read the lists", "Lists", "lists"),
    _Plan(
        "services",
        "Map services",
        "Services",
        "map_services",
        "An invoice with a service that has no item is held until it gets one.",
    ),
    _Plan(
        "tax_codes",
        "Map tax codes",
        "Tax codes",
        "map_tax_codes",
        "An invoice with a tax code that is not mapped is held until it is.",
    ),
    _Plan(
        "clients",
        "Match clients",
        "Clients",
        "match_clients",
        "Clients are matched by their whole names alone, or handled as the policy says.",
    ),
    _Plan(
        "webhooks",
        "Hear of payments at once",
        "Webhooks",
        "intuit_app",
        "Payments are found by asking QuickBooks at intervals and every night instead of within seconds.",
    ),
    _Plan(
        "dry_run",
        "Look at a dry run",
        _rehearsal,
        "dry_run",
        "The first document goes without having been looked at beforehand.",
    ),
    _Plan(
        "first",
        "Send one",
        _first_document,
        "sync_state",
        "All that waits goes at once instead of one first.",
    ),
    _Plan(
        "history",
        "Decide about earlier documents",
        "Earlier documents",
        "old_documents",
        "None of them is sent by itself; each can be sent from its own page.",
    ),
    _Plan(
        "mail",
        "Let mails go out",
        "Mail",
        "mail",
        "Nobody is written to when a permission is lost or documents are held; the dashboard says it all the same.",
    ),
    _Plan("on", "Turn it on", _turned_on, "automatic_push", "Nothing goes by itself: each document is sent by hand."),
)
