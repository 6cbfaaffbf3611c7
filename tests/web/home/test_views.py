"""The dashboard: computed from data, and a next step where there is none."""

from __future__ import annotations

from app.billing.entities import EntityFields, found_entity
from app.foundation.database import transaction
from app.sync.listening import heartbeats
from app.sync.records.policies import WhenServiceMissing, policy_of
from tests.billing.firm import Firm
from tests.sync.books import Books
from tests.web.walking import Walker, words


def test_a_new_organisation_is_told_the_next_step(olivia: Walker) -> None:
    assert "Set up your billing entity" in olivia.get("/").text


def test_without_documents_the_next_step_is_to_bring_them(firm: Firm, olivia: Walker) -> None:
    assert "Bring your invoices" in olivia.get("/").text


def test_with_documents_the_next_step_is_to_connect(firm: Firm, olivia: Walker) -> None:
    firm.open()
    with transaction():
        firm.entity.address = "1 Harbour Street"
    page = olivia.get("/").text
    assert 'id="step-connect" class="step-next"' in page


def test_whose_company_is_missing_is_said_and_led_to(books: Books, rhea: Walker, adam: Walker) -> None:
    heartbeats.beat("worker:1")
    with transaction():
        dublin = found_entity(EntityFields(name="Northgate Dublin")).id
    assert "Northgate Dublin: No QuickBooks company is connected." in words(rhea.get("/").text)
    assert f'id="news-fix" href="/settings/quickbooks?entity={dublin}#company"' in adam.get("/").text


def test_when_everything_arrived_it_is_well_once_it_was_compared(books: Books, rhea: Walker) -> None:
    books.invoice()
    heartbeats.beat("worker:1")
    assert "Everything that may be sent is in QuickBooks. Nothing was compared yet." in words(rhea.get("/").text)
    books.compare()
    page = words(rhea.get("/").text)
    assert "All is well" in page
    assert "Open invoices £120.00" in page


def test_what_arrived_after_the_last_comparison_is_not_called_well(books: Books, rhea: Walker) -> None:
    heartbeats.beat("worker:1")
    books.invoice()
    books.compare()
    books.invoice()
    page = words(rhea.get("/").text)
    assert "Everything that may be sent is in QuickBooks; not compared since. Run a reconciliation" in page
    assert "All is well" not in page
    books.compare()
    assert "All is well" in words(rhea.get("/").text)


def test_a_comparison_of_no_documents_has_compared_nothing(books: Books, rhea: Walker) -> None:
    heartbeats.beat("worker:1")
    books.compare()
    books.invoice()
    page = words(rhea.get("/").text)
    assert "Nothing was compared yet." in page
    assert ("nothing to compare" in page, "no difference" in page) == (True, False)


def test_what_is_held_leads_to_its_fix(books: Books, adam: Walker) -> None:
    with transaction():
        policy_of(books.connection_id).service_missing = WhenServiceMissing.HOLD
    books.firm.open()
    books.send()
    heartbeats.beat("worker:1")
    page = words(adam.get("/").text)
    assert "Something needs you" in page
    assert "Held or failed 1 waits for somebody" in page
    assert "Save and release 1" in page


def test_money_that_came_in_is_summed(books: Books, rhea: Walker) -> None:
    books.pay(books.invoice(), "50.00")
    books.listen()
    page = words(rhea.get("/").text)
    assert "Open invoices £70.00" in page
    assert "Received in the last 30 days £50.00" in page


def test_nothing_of_a_neighbour_is_counted(books: Books, xavier: Walker) -> None:
    books.invoice()
    assert "INV-00001" not in xavier.get("/").text


def test_a_step_is_skipped_with_its_consequence_and_taken_up_again(books: Books, adam: Walker) -> None:
    assert "found by asking QuickBooks at intervals" in adam.get("/").text
    page = words(adam.follow("/first-steps/webhooks/skip"))
    assert "Skipped Hear of payments at once" in page
    assert "Skipped" not in words(adam.follow("/first-steps/webhooks/take-up"))


def test_the_list_is_put_away_and_brought_back(books: Books, adam: Walker) -> None:
    assert "Getting started" not in adam.follow("/first-steps/list/skip")
    assert "Show the first steps" in adam.get("/settings/quickbooks").text
    assert "Getting started" in adam.follow("/first-steps/list/take-up")


def test_whoever_only_reads_sees_the_steps_and_skips_none(books: Books, rhea: Walker) -> None:
    page = rhea.get("/").text
    assert "Getting started" in page
    assert "Skip it" not in page
