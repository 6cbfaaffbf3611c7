"""The pre-flight check over plain facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from app.sync.first_day.preflight import Company, Facts, blocking, tasks
from app.sync.first_day.task import Status, Task
from app.sync.records.policies import WhenClientMissing, WhenClosed, WhenServiceMissing

READY = Company(
    name="Northgate",
    needs_reconnect=False,
    days_left=90,
    home_currency="GBP",
    our_currency="GBP",
    multi_currency=False,
    taxes_per_line=True,
    custom_numbers=True,
    auto_apply_credit=False,
    closed_until=None,
    read_only=False,
    records=25,
    lists_read_at=datetime(2026, 3, 2, tzinfo=UTC),
    automatic_push=True,
    paused_by=None,
    client_missing=WhenClientMissing.CREATE,
    service_missing=WhenServiceMissing.HOLD,
    when_closed=WhenClosed.HOLD,
    has_default_income=False,
    unmapped_services=0,
    unmapped_tax_codes=0,
    broken=0,
    held_clients=0,
    unlinked_clients=0,
    old_documents=0,
    asked_about_old=False,
)
FACTS = Facts(
    is_configured=True,
    company=READY,
    has_verifier=True,
    webhook_at=datetime(2026, 3, 2, tzinfo=UTC),
    worker_alive=True,
    mail_kept=False,
    mail_problem="",
)


def task(title: str, facts: Facts = FACTS, **changed: object) -> Task:
    company = replace(READY, **changed) if changed else facts.company  # type: ignore[arg-type]  # by name
    return next(one for one in tasks(replace(facts, company=company)) if one.title == title)


def test_when_all_is_right_nothing_stops_documents() -> None:
    found = tasks(FACTS)
    assert blocking(found) == []
    assert {one.status for one in found} == {Status.DONE, Status.NOT_NEEDED}


def test_before_connecting_the_rest_cannot_start() -> None:
    found = tasks(replace(FACTS, company=None))
    assert (found[0].status, found[0].fix) == (Status.TO_DO, "connect")
    assert [one.status for one in found[1:7]] == [Status.CANNOT_START] * 6


def test_without_an_intuit_app_one_cannot_even_connect() -> None:
    assert tasks(replace(FACTS, company=None, is_configured=False))[0].fix == "intuit_app"


def test_a_lost_permission_stops_documents() -> None:
    assert task("Connection", needs_reconnect=True).blocks
    assert task("Permission", needs_reconnect=True).status is Status.CANNOT_START


def test_a_pause_and_an_ended_subscription_stop_documents() -> None:
    assert "Paused by Ann" in task("Connection", paused_by="Ann").sentence
    assert task("Connection", read_only=True).blocks


def test_a_permission_that_lapses_soon_is_advice() -> None:
    soon = task("Permission", days_left=1)
    assert (soon.status, soon.blocks) == (Status.PROBLEM, False)
    assert "in 1 day." in soon.sentence


def test_unread_lists_stop_documents() -> None:
    assert task("Lists", records=0).fix == "lists"


def test_unmapped_services_stop_documents_unless_items_are_created() -> None:
    assert task("Services", unmapped_services=2).blocks
    create = WhenServiceMissing.CREATE
    assert task("Services", unmapped_services=2, service_missing=create).fix == "default_income"
    ready = task("Services", unmapped_services=2, service_missing=create, has_default_income=True)
    assert (ready.status, ready.blocks) == (Status.BY_ITSELF, False)
    assert "2 services on open documents without an item: one is created for each" in ready.sentence


def test_clients_without_a_customer_are_counted_and_what_becomes_of_them_is_said() -> None:
    assert task("Clients").status is Status.DONE
    left = task("Clients", unlinked_clients=24)
    assert (left.status, left.fix) == (Status.BY_ITSELF, "match_clients")
    assert left.sentence.startswith("24 clients have no customer yet: each is matched by its whole name, or created")
    held = task("Clients", unlinked_clients=1, client_missing=WhenClientMissing.HOLD)
    assert (held.status, held.blocks) == (Status.DONE, False)
    assert held.sentence == "1 client has no customer yet: what is opened for them is held."


def test_tax_codes_are_not_needed_where_quickbooks_reckons_the_tax() -> None:
    assert task("Tax codes", unmapped_tax_codes=1).blocks
    assert task("Tax codes", unmapped_tax_codes=1, taxes_per_line=False).status is Status.NOT_NEEDED


def test_a_company_that_taxes_otherwise_than_we_is_a_problem() -> None:
    assert task("Tax").status is Status.DONE
    assert task("Tax", tax_trouble="They would differ.").status is Status.PROBLEM


def test_a_broken_mapping_is_a_problem() -> None:
    assert "1 mapping points" in task("Broken mappings", broken=1).sentence


def test_clients_are_held_only_where_the_policy_says_so() -> None:
    assert task("Clients", client_missing=WhenClientMissing.HOLD, held_clients=3).blocks
    assert task("Clients", client_missing=WhenClientMissing.HOLD).status is Status.DONE


def test_numbers_of_quickbooks_own_are_a_problem_and_unknown_is_its_own_state() -> None:
    assert task("Document numbers", custom_numbers=False).status is Status.PROBLEM
    assert task("Document numbers", custom_numbers=None).status is Status.TO_DO


def test_another_currency_is_a_problem_unless_the_company_takes_several() -> None:
    found = task("Currency", home_currency="EUR")
    assert (found.blocks, found.fix) == (True, "another_company")
    assert task("Currency", home_currency="EUR", multi_currency=True).status is Status.DONE


def test_credits_applied_by_quickbooks_are_worth_a_word() -> None:
    assert not task("Automatic credits", auto_apply_credit=True).blocks


def test_closed_books_say_what_happens() -> None:
    until = date(2026, 3, 31)
    assert "31 March 2026; earlier documents are held" in task("Closed books", closed_until=until).sentence
    first = task("Closed books", closed_until=until, when_closed=WhenClosed.FIRST_OPEN_DAY)
    assert "first open day" in first.sentence


def test_automatic_push_that_is_off_is_to_do() -> None:
    assert task("Automatic push", automatic_push=False).status is Status.TO_DO


def test_earlier_documents_are_asked_about_once() -> None:
    assert task("Earlier documents", old_documents=5).status is Status.TO_DO
    assert task("Earlier documents", old_documents=5, asked_about_old=True).status is Status.DONE


def test_webhooks_worker_and_mail() -> None:
    assert task("Webhooks", replace(FACTS, has_verifier=False)).status is Status.TO_DO
    assert "at intervals and every night" in task("Webhooks", replace(FACTS, has_verifier=False)).sentence
    assert task("Webhooks", replace(FACTS, webhook_at=None)).status is Status.TO_DO
    assert task("Worker", replace(FACTS, worker_alive=False)).blocks
    assert "550 no" in task("Mail", replace(FACTS, mail_problem="550 no")).sentence


def test_mails_that_are_kept_are_still_to_do_and_nothing_waits_for_them() -> None:
    """As the list of what Intuit asks for has it: nobody is written to before a server is set."""
    found = task("Mail", replace(FACTS, mail_kept=True))
    assert (found.status, found.blocks, found.fix) == (Status.TO_DO, False, "mail")
    assert "sent to nobody" in found.sentence
    assert "MAIL_URL" in found.sentence


def test_a_company_that_sorts_its_sales_is_advised_of_what_has_no_class_and_nothing_waits_for_it() -> None:
    found = task("Classes", unsorted={"class": 3})
    assert (found.status, found.blocks, found.fix) == (Status.TO_DO, False, "map_classes")
    assert found.sentence == "3 services on open documents without a class: they are sent without one."
    assert task("Locations", unsorted={"location": 0}).status is Status.DONE
