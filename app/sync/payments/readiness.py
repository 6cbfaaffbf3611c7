"""Readiness of a payment that was recorded here: may it be told, and if not, why, and who can mend it? Pure."""

from __future__ import annotations

from collections.abc import Iterator

from app.billing.wording import day
from app.outbox.lanes import blocker_of
from app.outbox.models import Subject
from app.sync.judging.facts import Books
from app.sync.judging.readiness import Finding, Step, about_the_company
from app.sync.payments.facts import PartFacts, PaymentToTell
from app.sync.records.policies import WhenClientMissing, WhenClosed, WhenPaidHere


def first_finding(payment: PaymentToTell, books: Books) -> Finding | None:
    """The reason that decides, or None when the payment may go."""
    return next(findings(payment, books), None)


def findings(payment: PaymentToTell, books: Books) -> Iterator[Finding]:
    """Every reason not to send this payment now, the deciding one first."""
    yield from _about_whose_it_is(payment)
    yield from _about_permission(payment, books)
    if payment.is_void:
        return
    yield from about_the_company(books)
    yield from _about_the_books(payment, books)
    yield from _about_the_account(payment)
    for part in payment.parts:
        yield from _about_a_part(part)
    yield from _about_the_client(payment, books)


def _about_whose_it_is(payment: PaymentToTell) -> Iterator[Finding]:
    if not payment.is_ours:
        yield Finding(Step.NOTHING, "It was learnt from QuickBooks; there is nothing to tell.")
    if payment.is_void and (payment.link is None or not payment.link.live):
        yield Finding(Step.NOTHING, "It was voided before QuickBooks heard of it; there is nothing to tell.")
    if payment.link is not None and not payment.link.live:
        yield Finding(Step.HOLD, "It was voided or deleted in QuickBooks.", blocker_of(payment.subject), "payment")


def _about_permission(payment: PaymentToTell, books: Books) -> Iterator[Finding]:
    if books.read_only:
        yield Finding(
            Step.HOLD,
            "QuickBooks says that the subscription of this company has ended, so nothing can be added.",
            "company_read_only",
            "company",
        )
    if payment.asked:
        return
    if books.payments_here is WhenPaidHere.STAY:
        yield Finding(Step.SKIP, "Payments recorded here stay here, as the policy says.", fix="payments_here")
    if not books.automatic_push:
        yield Finding(Step.SKIP, "Automatic push is off.", fix="automatic_push")
    if payment.link is None:
        yield from _about_time(payment, books)


def _about_time(payment: PaymentToTell, books: Books) -> Iterator[Finding]:
    if books.push_since is None or payment.recorded_at < books.push_since:
        yield Finding(Step.SKIP, "It was recorded before automatic push was turned on.", fix="payment")
    if books.go_live_date is not None and payment.received_on < books.go_live_date:
        begins = day(books.go_live_date, books.country)
        yield Finding(Step.SKIP, f"It was received before the go-live date, {begins}.", fix="payment")


def _about_the_books(payment: PaymentToTell, books: Books) -> Iterator[Finding]:
    foreign = payment.currency != books.home_currency and not books.multi_currency
    if foreign and not books.is_of_another_currency:
        yield Finding(
            Step.HOLD,
            f"It is in {payment.currency}, but this company keeps its books in {books.home_currency} only.",
            blocker_of(payment.subject),
            "payment",
        )
    closed = books.closed_until if is_closed(payment, books) else None
    if closed is not None and books.when_closed is WhenClosed.HOLD:
        yield Finding(
            Step.HOLD,
            f"It was received on {day(payment.received_on, books.country)}, and the books are closed up to"
            f" {day(closed, books.country)}.",
            "closed_books",
            "closed_books",
        )


def is_closed(payment: PaymentToTell, books: Books) -> bool:
    """Whether it was received in a period that is closed."""
    return books.closed_until is not None and payment.received_on <= books.closed_until


def _about_the_account(payment: PaymentToTell) -> Iterator[Finding]:
    """A payment that is there already keeps its account: it may have been deposited from it."""
    if payment.link is not None or not payment.amount_pence:
        return
    if payment.deposit_id is None:
        sentence = "No account is chosen yet into which payments recorded here go."
        yield Finding(Step.HOLD, sentence, "deposit_account:0", "deposit_account")
    elif payment.deposit_trouble:
        sentence = f"Payments recorded here go into {payment.deposit_trouble}; choose another account."
        yield Finding(Step.HOLD, sentence, "deposit_account:0", "deposit_account")


def _about_a_part(part: PartFacts) -> Iterator[Finding]:
    if part.remote_id is not None and part.is_live:
        return
    if part.remote_id is not None:
        sentence = f"{part.title}, which it pays, was voided or deleted in QuickBooks; divide the payment anew."
        yield Finding(Step.HOLD, sentence, blocker_of(part.subject), "document")
    elif part.is_on_its_way:
        yield Finding(Step.AWAIT, f"Waits until {part.title} is in QuickBooks.", awaited=(part.subject,))
    else:
        sentence = f"{part.title}, which it pays, is not in QuickBooks. Once that is sent, the payment follows."
        yield Finding(Step.HOLD, sentence, blocker_of(part.subject), "document")


def _about_the_client(payment: PaymentToTell, books: Books) -> Iterator[Finding]:
    if payment.customer_id is not None:
        return
    if books.client_missing is WhenClientMissing.HOLD:
        sentence = f"Client “{payment.client_name}” is not linked to a customer in QuickBooks."
        yield Finding(Step.HOLD, sentence, f"client:{payment.client_id}", "clients")
    client = Subject("client", payment.client_id)
    yield Finding(Step.AWAIT, f"Waits until client “{payment.client_name}” is in QuickBooks.", awaited=(client,))
