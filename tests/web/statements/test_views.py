"""The statement of a client: page, CSV and PDF."""

from __future__ import annotations

from app.foundation.database import transaction
from tests.billing.firm import Firm
from tests.web.walking import Walker, words

MARCH = "since=2026-03-01&until=2026-03-31"


def at(firm: Firm, rest: str = "") -> str:
    return f"/clients/{firm.acme.id}/statement{rest}"


def test_a_statement_runs_from_the_opening_balance_to_what_is_owed(firm: Firm, rhea: Walker) -> None:
    invoice = firm.open()
    firm.learn(5000, (invoice, 5000))
    page = words(rhea.get(at(firm, f"?{MARCH}")).text)
    assert "Opening balance £0.00" in page
    assert "Payment BACS 4711 \N{MINUS SIGN}£50.00 £70.00" in page
    assert "Statement" in words(rhea.get(f"/clients/{firm.acme.id}").text)


def test_a_range_may_be_given_the_wrong_way_round_or_not_at_all(firm: Firm, rhea: Walker) -> None:
    firm.open()
    assert "INV-00001" in rhea.get(at(firm, "?since=2026-03-31&until=2026-03-01")).text
    assert "Nothing happened in this time." in rhea.get(at(firm, "?since=never")).text


def test_until_a_day_that_is_past_it_begins_before_that(firm: Firm, rhea: Walker) -> None:
    firm.open()
    page = words(rhea.get(at(firm, "?until=2026-03-31")).text)
    assert "1 Jan 2026 to 31 Mar 2026" in page
    assert "INV-00001" in page


def test_the_file_says_the_same(firm: Firm, rhea: Walker) -> None:
    firm.open()
    rows = rhea.get(at(firm, f"/statement.csv?{MARCH}")).text.lstrip("\ufeff").splitlines()
    assert rows[1:] == ["2026-03-01,Opening balance,,,0.00", "2026-03-02,Invoice INV-00001,,120.00,120.00"]


def test_how_old_what_is_owed_is_stands_below(firm: Firm, rhea: Walker) -> None:
    firm.learn(15000, (firm.open(), 12000))
    firm.open(firm.line("50"))
    page = words(rhea.get(at(firm, f"?{MARCH}")).text)
    assert "Credit Total 31 Mar 2026 £0.00 £60.00 £0.00 £0.00 £0.00 \N{MINUS SIGN}£30.00 £30.00" in page
    assert "By age" not in words(rhea.get(at(firm, "?until=2026-03-01")).text)


def test_each_currency_is_an_account_of_its_own(firm: Firm, rhea: Walker) -> None:
    firm.open()
    other = firm.open()
    with transaction():
        other.currency = "EUR"
    page = rhea.get(at(firm, f"?{MARCH}&currency=EUR")).text
    assert ("INV-00002" in page, "INV-00001" in page, "See the account in GBP" in page) == (True, False, True)


def test_the_pdf_is_one(firm: Firm, rhea: Walker) -> None:
    firm.open()
    answer = rhea.get(at(firm, f"/statement.pdf?{MARCH}"))
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert answer.headers["Content-Disposition"].endswith('-GBP-2026-03-31.pdf"')
