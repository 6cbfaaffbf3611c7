"""The first day as steps: each computed from what is there, some of them skippable with a consequence."""

from __future__ import annotations

import dataclasses

import pytest

from app.billing.timeline import SYSTEM
from app.foundation.database import transaction
from app.foundation.errors import BadInputError
from app.outbox import settling
from app.sync.first_day import beginnings, onboarding, preflight
from app.sync.first_day.onboarding import Facts, Step
from app.sync.first_day.task import Status
from app.sync.records.links import LinkMade
from app.sync.records.policies import policy_of
from app.sync.steering import controls
from tests.billing.firm import ANN
from tests.sync.books import Books, connection

NOTHING = Facts(
    has_address=False,
    documents=0,
    sent=False,
    waiting=False,
    check=preflight.Facts(
        is_configured=True,
        company=None,
        has_verifier=False,
        webhook_at=None,
        worker_alive=True,
        mail_kept=True,
        mail_problem="",
    ),
)


def status(facts: Facts) -> dict[str, Status]:
    return {step.key: step.status for step in onboarding.steps(facts)}


def steps(books: Books) -> dict[str, Step]:
    return {step.key: step for step in beginnings.steps_of(books.engine, books.firm.entity)}


def next_of(facts: Facts, *skipped: str) -> str:
    step = onboarding.next_step(onboarding.steps(facts, skipped))
    return step.key if step else ""


def test_it_begins_with_who_sends_the_invoices_and_goes_on_to_connect() -> None:
    addressed = dataclasses.replace(NOTHING, has_address=True)
    assert (next_of(NOTHING), next_of(addressed)) == ("company", "documents")
    assert next_of(addressed, "documents") == "connect"


def test_where_no_tax_codes_are_known_somebody_enters_them_first() -> None:
    lacking = dataclasses.replace(NOTHING, has_address=True, lacks_tax_codes=True)
    step = onboarding.next_step(onboarding.steps(lacking))
    assert step is not None
    assert (step.key, step.fix) == ("company", "tax_codes")


def test_mails_are_seen_to_before_it_is_left_to_itself_and_stand_in_nobodys_way() -> None:
    """Only whoever runs the server can set one; all that a newcomer can do by himself comes first."""
    found = {step.key: step for step in onboarding.steps(NOTHING)}
    assert (found["mail"].status, found["mail"].is_done) == (Status.TO_DO, False)
    assert list(found)[-2:] == ["mail", "on"]


def test_what_needs_a_company_cannot_start_before() -> None:
    inside = {"lists", "services", "tax_codes", "clients", "history", "dry_run", "first", "on"}
    assert {key for key, found in status(NOTHING).items() if found is Status.CANNOT_START} == inside


def test_a_connected_company_that_got_its_first_invoice_has_little_left(books: Books) -> None:
    books.invoice()
    open_ones = {key for key, step in steps(books).items() if not step.is_done}
    assert open_ones == {"company", "webhooks", "mail"}


def test_what_was_there_before_and_is_linked_now_is_not_the_first_one_sent(books: Books) -> None:
    document = books.invoice()
    with transaction() as session:
        session.merge(books.link(document)).made = LinkMade.MATCHED
    found = steps(books)
    assert (found["first"].status, found["dry_run"].status) == (Status.TO_DO, Status.TO_DO)


def test_earlier_documents_are_decided_about_once_one_was_sent() -> None:
    order = [step.key for step in onboarding.steps(NOTHING)]
    assert order[-5:] == ["dry_run", "first", "history", "mail", "on"]


def test_while_nothing_waits_the_first_one_to_send_is_an_earlier_one(books: Books) -> None:
    document = books.firm.open()
    assert steps(books)["first"].fix == "sync_state"
    with transaction():
        settling.cancel(document.subject, reason="")
    found = steps(books)
    assert (found["first"].fix, found["history"].status) == ("old_documents", Status.TO_DO)
    with transaction():
        policy_of(books.connection_id).asked_about_old = True
    assert steps(books)["first"].fix == "sync_state"


def test_after_one_was_sent_the_last_step_leads_to_where_the_pause_is_lifted(books: Books) -> None:
    books.invoice()
    controls.pause(connection(books), ANN, "One was sent to look at it.")
    found = steps(books)
    assert (found["on"].status, found["on"].fix) == (Status.TO_DO, "sync_state")
    assert found["connect"].status is Status.DONE


def test_with_automatic_push_off_the_last_step_stays_open(books: Books) -> None:
    with transaction():
        policy_of(books.connection_id).automatic_push = False
    assert steps(books)["on"].status is Status.TO_DO


def test_a_skipped_step_counts_as_done_until_it_is_taken_up_again(books: Books) -> None:
    with transaction():
        beginnings.skip(books.firm.entity, "webhooks", SYSTEM)
        beginnings.skip(books.firm.entity, "webhooks", SYSTEM)
    assert steps(books)["webhooks"].is_done
    with transaction():
        beginnings.take_up(books.firm.entity, "webhooks")
    assert not steps(books)["webhooks"].is_done


@pytest.mark.parametrize("step", ["connect", "company", "lists", "nothing of the kind"])
def test_what_the_others_need_is_never_skipped(books: Books, step: str) -> None:
    with pytest.raises(BadInputError, match="can't be skipped"), transaction():
        beginnings.skip(books.firm.entity, step, SYSTEM)
