"""The list of debtors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.billing import receiving
from app.billing.kinds import DocumentKind
from app.foundation.database import transaction
from tests.billing.firm import TODAY, Firm
from tests.sync.books import Books
from tests.web.walking import Walker, linked, words


def test_each_client_leads_to_its_statement(firm: Firm, rhea: Walker) -> None:
    invoice = firm.open()
    firm.learn(15000, (invoice, 2000))
    page = rhea.get("/debtors").text
    assert f'href="/clients/{firm.acme.id}/statement?currency=GBP"' in page
    assert "£100.00" in words(page)
    assert "Aged debtors" in words(rhea.get("/").text)


def test_a_search_is_answered_with_the_list_alone_and_its_own_total(firm: Firm, rhea: Walker) -> None:
    firm.open()
    firm.open(firm.line("50"), client=firm.bolt)
    page = rhea.fragment("/debtors?search=bol").text
    assert page.lstrip().startswith('<div id="debtors">')
    assert "Acme" not in page
    assert "of 1 client " in words(page)
    assert "Owed, less credit £60.00 Overdue £60.00" in words(page)
    assert "Nobody matches" in rhea.get("/debtors?search=zzz").text


def test_an_entity_that_no_number_is_counts_as_none(firm: Firm, rhea: Walker) -> None:
    firm.open()
    for told in ("99999999999999999999999", "x", ""):
        assert "Acme" in rhea.get(f"/debtors?entity={told}").text


def test_the_file_says_the_same(firm: Firm, rhea: Walker) -> None:
    firm.open()
    text = rhea.get("/debtors/debtors.csv").text
    head, line = text.lstrip("\ufeff").splitlines()
    assert head == "Client,Currency,Current,1 to 30 days,31 to 60 days,61 to 90 days,Over 90 days,Credit,Total"
    assert (line[:9], line[-12:], line.count("120.00")) == ("Acme,GBP,", ",0.00,120.00", 2)


def test_a_months_end_is_looked_at_as_it_was(firm: Firm, rhea: Walker) -> None:
    invoice = firm.open()
    late = replace(firm.facts(12000, (invoice, 12000)), received_on=TODAY + timedelta(days=5))
    with transaction():
        receiving.apply_learnt(late)
    assert "Nobody owes anything" in words(rhea.get("/debtors").text)
    page = rhea.get(f"/debtors?on={TODAY}").text
    assert "As of 2 Mar 2026, by the dates of documents and payments." in words(page)
    assert "Owed, less credit £120.00 Overdue £0.00" in words(page)
    assert f'href="/clients/{firm.acme.id}/statement?currency=GBP&amp;until={TODAY}"' in page
    answer = rhea.get(linked(page, f"/debtors/debtors.csv?on={TODAY}"))
    assert f"debtors-{TODAY}.csv" in answer.headers["Content-Disposition"]
    assert "Acme,GBP,120.00,0.00" in answer.text
    assert "Nobody owed anything on 1 Mar 2026" in words(rhea.get("/debtors?on=2026-03-01").text)
    assert "Nobody owes anything" in words(rhea.get("/debtors?on=nonsense").text)


def test_the_columns_of_the_file_add_up_to_the_total(firm: Firm, rhea: Walker) -> None:
    firm.open()
    firm.open(firm.line("50"), kind=DocumentKind.CREDIT_NOTE)
    *parts, total = rhea.get("/debtors/debtors.csv").text.splitlines()[1].split(",")[2:]
    assert sum(map(Decimal, parts)) == Decimal(total) == 60


def test_what_is_owed_to_one_billing_entity_is_seen_alone(dublin: Firm, firm: Firm, rhea: Walker) -> None:
    firm.learn(15000, (firm.open(), 12000))
    dublin.open(dublin.line("200"))
    dublin.learn(4000)
    dublin.open(dublin.line("10"), kind=DocumentKind.CREDIT_NOTE)
    assert "\N{MINUS SIGN}£82.00" in words(rhea.get("/debtors").text)
    page = rhea.get(f"/debtors?entity={dublin.entity.id}").text
    assert "Owed, less credit £188.00 Overdue £240.00" in words(page)
    assert "\N{MINUS SIGN}£52.00" in words(page)
    assert f'/clients/{firm.acme.id}/statement?entity={dublin.entity.id}&amp;currency=GBP"' in page
    assert "Nobody matches" in rhea.get(f"/debtors?entity={firm.entity.id}&search=bolt").text


def test_a_billing_entity_that_nobody_owes_anything_is_named(dublin: Firm, firm: Firm, rhea: Walker) -> None:
    firm.open()
    assert "Nobody owes Northgate Dublin anything" in rhea.get(f"/debtors?entity={dublin.entity.id}").text


def test_of_a_single_billing_entity_nothing_is_to_choose(firm: Firm, rhea: Walker) -> None:
    firm.open()
    assert "Billing entity" not in rhea.get("/debtors").text.partition("<main")[2]


def test_the_file_holds_what_the_page_was_narrowed_to(dublin: Firm, firm: Firm, rhea: Walker) -> None:
    firm.open()
    dublin.open()
    dublin.open(client=dublin.bolt)
    list_alone = rhea.fragment(f"/debtors?search=bol&entity={dublin.entity.id}").text
    file = rhea.get(linked(list_alone, "/debtors/debtors.csv?search=bol&amp;entity=#").replace("&amp;", "&")).text
    assert [line.partition(",")[0] for line in file.splitlines()[1:]] == ["Bolt"]
    assert len(rhea.get(f"/debtors/debtors.csv?entity={firm.entity.id}").text.splitlines()) == 2


def test_nobody_owes_anything(firm: Firm, rhea: Walker) -> None:
    assert "Nobody owes anything" in rhea.get("/debtors").text


def test_what_settles_documents_that_are_only_there_is_no_credit(books: Books, rhea: Walker) -> None:
    invoice = books.invoice()
    books.simulation.pay(books.customer(invoice), "150.00", **{f"i{books.remote_id(invoice)}": "100.00"})
    books.listen()
    assert "\N{MINUS SIGN}£50.00" in words(rhea.get("/debtors").text)


def test_a_stranger_sees_none_of_it(firm: Firm, xavier: Walker) -> None:
    firm.open()
    assert "Acme" not in xavier.get("/debtors").text + xavier.get("/debtors/debtors.csv").text
