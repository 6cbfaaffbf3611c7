"""Readiness: may this document be told, and if not, why, and who can mend it? Pure.

One function with four readers: the editor's warnings, the pre-flight page, the dry run, and the guard in front of each
push. They can't disagree, because there is nothing else to ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.billing.wording import day
from app.outbox.models import Subject
from app.sync.judging import headings
from app.sync.judging.facts import Books, DocumentFacts, LineFacts
from app.sync.records.numbers import MAX_NUMBER, blocker_of_long
from app.sync.records.policies import WhenClientMissing, WhenClosed, WhenServiceMissing, WhenZero

COMPANY_CURRENCY = "company_currency"
"""What everything waits for while the company keeps its books in another currency than we bill in."""


class Step(StrEnum):
    """What a finding asks for."""

    NOTHING = "nothing"
    SKIP = "skip"
    HOLD = "hold"
    AWAIT = "await"


@dataclass(frozen=True)
class Finding:
    """One reason not to send now: what to do, a bookkeeper's sentence, what it waits for, where it is mended."""

    step: Step
    sentence: str
    blocker: str = ""
    fix: str = ""
    """A name of the catalogue of fixes (`app.sync.fixes`), turned into a link by the page."""
    awaited: tuple[Subject, ...] = ()
    """What goes first; the last of them is waited for."""


def first_finding(document: DocumentFacts, books: Books) -> Finding | None:
    """The reason that decides, or None when the document may go."""
    return next(findings(document, books), None)


def findings(document: DocumentFacts, books: Books) -> Iterator[Finding]:
    """Every reason not to send this document now, the deciding one first."""
    if document.is_void:
        yield from _about_a_void(document)
        yield from _about_opting_out(document)
        return
    yield from _about_permission(document, books)
    yield from about_the_company(books)
    yield from _about_the_document(document, books)
    yield from _about_the_books(document, books)
    for line in document.lines:
        if not line.is_comment:
            yield from _about_a_line(document, line, books)
    for head, word, fix in headings.unusable(document, books):
        yield Finding(Step.HOLD, f"Its {word} is {head.trouble}.", head.blocker, fix)
    yield from _about_the_client(document, books)
    yield from _about_prerequisites(document)


def _about_a_void(document: DocumentFacts) -> Iterator[Finding]:
    if document.link is None:
        yield Finding(Step.NOTHING, "It was voided before QuickBooks heard of it; there is nothing to tell.")
    elif not document.link.live:
        word = "void" if document.link.voided else "deleted"
        yield Finding(Step.NOTHING, f"It is {word} in QuickBooks already; there is nothing to tell.")


def _about_opting_out(document: DocumentFacts) -> Iterator[Finding]:
    if document.kept_back_by is not None:
        yield Finding(Step.SKIP, f"Kept out of QuickBooks by {document.kept_back_by}.", fix="opt_out")


def _about_permission(document: DocumentFacts, books: Books) -> Iterator[Finding]:
    yield from _about_opting_out(document)
    if document.link is not None and not document.link.live:
        word = "voided" if document.link.voided else "deleted"
        yield Finding(
            Step.HOLD,
            f"It was {word} in QuickBooks, and is never made again by itself. Void it here as well, or duplicate it.",
            f"{document.subject.kind}:{document.subject.id}",
            "removed",
        )
    if books.read_only:
        yield Finding(
            Step.HOLD,
            "QuickBooks says that the subscription of this company has ended, so nothing can be added.",
            "company_read_only",
            "company",
        )
    if not document.asked:
        yield from _about_time(document, books)


def _about_time(document: DocumentFacts, books: Books) -> Iterator[Finding]:
    if not books.automatic_push:
        yield Finding(Step.SKIP, "Automatic push is off.", fix="automatic_push")
    if document.link is not None:
        return
    if books.push_since is None or document.opened_at is None or document.opened_at < books.push_since:
        yield Finding(Step.SKIP, "It was opened before automatic push was turned on.", fix="old_documents")
    if books.go_live_date is not None and document.issue_date < books.go_live_date:
        yield Finding(
            Step.SKIP,
            f"It is dated before the go-live date, {day(books.go_live_date, books.country)}.",
            fix="old_documents",
        )


def about_the_company(books: Books) -> Iterator[Finding]:
    """Whether anything of ours has a place there at all; one company's fault, and so held for one reason."""
    if books.is_of_another_currency:
        yield Finding(
            Step.HOLD,
            f"We bill in {books.our_currency}, but this company keeps its books in {books.home_currency} only."
            " Choose another company.",
            COMPANY_CURRENCY,
            "another_company",
        )


def _about_the_document(document: DocumentFacts, books: Books) -> Iterator[Finding]:
    itself = f"{document.subject.kind}:{document.subject.id}"
    if document.gross_pence == 0 and document.link is None and books.zero_total is WhenZero.SKIP:
        yield Finding(Step.SKIP, "Its total is zero, and documents without a total are not sent.", fix="policies")
    if document.gross_pence < 0:
        yield Finding(Step.HOLD, "Its total is negative; make it a credit note.", itself, "document")
    if not document.number:
        yield Finding(Step.HOLD, "It has no number.", itself, "document")
    if all(line.is_comment for line in document.lines):
        yield Finding(Step.HOLD, "It has no line with an amount.", itself, "document")
    if len(document.number_there) > MAX_NUMBER and document.link is None:
        length = len(document.number_there)
        yield Finding(
            Step.HOLD,
            f"Its number has {length} characters; QuickBooks takes at most {MAX_NUMBER}.",
            blocker_of_long(document.subject),
            "long_numbers",
        )


def _about_the_books(document: DocumentFacts, books: Books) -> Iterator[Finding]:
    itself = f"{document.subject.kind}:{document.subject.id}"
    foreign = document.currency != books.home_currency and not books.multi_currency
    if foreign and not books.is_of_another_currency:
        yield Finding(
            Step.HOLD,
            f"It is in {document.currency}, but this company keeps its books in {books.home_currency} only.",
            itself,
            "document",
        )
    if books.closed_until is not None and _is_closed(document, books):
        yield Finding(
            Step.HOLD,
            f"It is dated {day(document.issue_date, books.country)}, and the books are closed up to"
            f" {day(books.closed_until, books.country)}.",
            "closed_books",
            "closed_books",
        )


def _is_closed(document: DocumentFacts, books: Books) -> bool:
    closed = books.closed_until is not None and document.issue_date <= books.closed_until
    return closed and books.when_closed is WhenClosed.HOLD


def _about_a_line(document: DocumentFacts, line: LineFacts, books: Books) -> Iterator[Finding]:
    itself = f"{document.subject.kind}:{document.subject.id}"
    if line.service_id is None:
        yield Finding(Step.HOLD, f"Line {line.position} has no service.", itself, "document")
    elif line.item_id is None and books.service_missing is WhenServiceMissing.HOLD:
        yield Finding(
            Step.HOLD,
            f"Service “{line.service_code}” has no item in QuickBooks yet.",
            f"service:{line.service_id}",
            "map_services",
        )
    elif line.item_id is None and (line.income_account_id or books.default_income_id) is None:
        yield Finding(
            Step.HOLD,
            "Items can't be created: no default income account is chosen.",
            "default_income:0",
            "default_income",
        )
    elif line.item_trouble:
        yield Finding(
            Step.HOLD,
            f"Service “{line.service_code}” is mapped to {line.item_trouble}.",
            f"service:{line.service_id}",
            "map_services",
        )
    yield from _about_tax(itself, line, books)


def _about_tax(itself: str, line: LineFacts, books: Books) -> Iterator[Finding]:
    if books.asks_whether_taxed and line.tax_code_id is None:
        sentence = f"Line {line.position} does not say whether it is taxable; choose its tax code."
        yield Finding(Step.HOLD, sentence, itself, "document")
    if not books.taxes_per_line:
        return
    if line.tax_code_id is None:
        yield Finding(Step.HOLD, f"Line {line.position} has no tax code.", itself, "document")
    elif line.tax_remote_id is None:
        yield Finding(
            Step.HOLD,
            f"Tax code “{line.tax_code_name}” is not mapped to a tax code in QuickBooks yet.",
            f"tax_code:{line.tax_code_id}",
            "map_tax_codes",
        )
    elif line.tax_trouble:
        yield Finding(
            Step.HOLD,
            f"Tax code “{line.tax_code_name}” is mapped to {line.tax_trouble}.",
            f"tax_code:{line.tax_code_id}",
            "map_tax_codes",
        )


def _about_the_client(document: DocumentFacts, books: Books) -> Iterator[Finding]:
    if not document.client_id:
        itself = f"{document.subject.kind}:{document.subject.id}"
        yield Finding(Step.HOLD, "It has no client.", itself, "document")
    if document.customer_id is None and books.client_missing is WhenClientMissing.HOLD:
        yield Finding(
            Step.HOLD,
            f"Client “{document.client_name}” is not linked to a customer in QuickBooks.",
            f"client:{document.client_id}",
            "clients",
        )


def _about_prerequisites(document: DocumentFacts) -> Iterator[Finding]:
    """Whatever is missing by now is created by policy: the client and the items go before the document."""
    first: dict[Subject, str] = {}
    if document.customer_id is None:
        first[Subject("client", document.client_id)] = f"client “{document.client_name}”"
    for line in document.lines:
        if not line.is_comment and line.item_id is None and line.service_id is not None:
            first[Subject("service", line.service_id)] = f"the item for service “{line.service_code}”"
    if first:
        names = list(first.values())
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield Finding(Step.AWAIT, f"Waits until {names[0]}{more} is in QuickBooks.", awaited=tuple(first))
