"""QuickBooks' sales tax is taken over in the transaction that links: line by line, once, never of an old version."""

from __future__ import annotations

from typing import Any

import pytest

from app.billing import catalogue, invoicing, statement
from app.billing.catalogue_fields import ClientFields
from app.billing.document import Document
from app.billing.kinds import DocumentKind
from app.foundation.database import transaction
from app.outbox.models import MessageState
from app.sync.comparing import their_lines
from app.sync.comparing.drifts import DriftCause
from app.sync.engine import Engine
from app.sync.records.policies import WhenChangedThere
from tests.billing.firm import ANN, TODAY, told
from tests.simulation import Simulation
from tests.sync import american as bay_it
from tests.sync import weather
from tests.sync.american import AMERICAN, parts, there
from tests.sync.books import Books
from tests.world import World


@pytest.fixture
def american(northgate: World, engine: Engine, simulation: Simulation) -> Books:
    """A firm in California, connected to the company whose sales tax QuickBooks computes."""
    return bay_it.connect(engine, simulation)


def mixed(books: Books, kind: DocumentKind = DocumentKind.INVOICE) -> Document:
    """An open document of two taxed lines and an exempt one between them."""
    firm = books.firm
    lines = (firm.line("10", code="TAX"), firm.line("99", code="NON"), firm.line("20.01", code="TAX"))
    return firm.open(*lines, kind=kind)


@pytest.mark.parametrize(
    ("kind", "entity"), [(DocumentKind.INVOICE, "Invoice"), (DocumentKind.CREDIT_NOTE, "CreditMemo")]
)
def test_each_kind_of_document_takes_the_tax_over_line_by_line(
    american: Books, kind: DocumentKind, entity: str
) -> None:
    document = mixed(american, kind)
    american.send()
    fresh = american.fresh(document)
    ((total, tax),) = there(american, entity).values()
    assert (fresh.owed_pence, fresh.tax_pence, fresh.awaits_tax) == (total, tax, False)
    first, exempt, second = parts(fresh)
    assert (exempt, (first or 0) + (second or 0)) == (0, tax)


def test_an_amendment_takes_the_new_tax_over(american: Books) -> None:
    document, firm = mixed(american), american.firm
    american.send()
    with transaction():
        invoicing.change(american.fresh(document), firm.content(firm.line("200", code="TAX")), actor=ANN)
    assert american.fresh(document).awaits_tax
    american.send()
    fresh = american.fresh(document)
    assert there(american)[str(fresh.number)] == (fresh.owed_pence, fresh.tax_pence)
    assert parts(fresh) == [fresh.tax_pence]


def test_the_tax_of_a_version_that_was_edited_meanwhile_is_left_for_the_next_answer(american: Books) -> None:
    document, firm = mixed(american), american.firm
    weather.order(american, "lost_after", kind="invoice")
    american.send()
    content = firm.content(firm.line("10", code="NON"), firm.line("99", code="NON"), firm.line("20.01", code="NON"))
    with transaction():
        invoicing.change(american.fresh(document), content, actor=ANN)
    weather.settle_all(american)
    fresh = american.fresh(document)
    assert there(american) == {str(fresh.number): (12901, 0)}
    assert (fresh.tax_pence, fresh.owed_pence, parts(fresh), fresh.awaits_tax) == (0, 12901, [0, 0, 0], False)


def test_whoever_dies_between_answer_and_taking_over_takes_it_over_once_later(
    american: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = mixed(american)

    def die(*_args: object, **_named: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("app.billing.adopting.lay_on", die)
        with pytest.raises(KeyboardInterrupt):
            american.send()
    untouched = american.fresh(document)
    assert (untouched.awaits_tax, untouched.tax_pence, parts(untouched)) == (True, 0, [None] * 3)
    assert weather.message_of(document).state is MessageState.SENDING
    weather.settle_all(american)
    fresh = american.fresh(document)
    assert there(american) == {str(fresh.number): (fresh.owed_pence, fresh.tax_pence)}
    assert sum(part or 0 for part in parts(fresh)) == fresh.tax_pence > 0


def test_a_tax_that_becomes_another_there_is_taken_over_and_told(american: Books) -> None:
    document = mixed(american)
    american.send()
    before = american.fresh(document).tax_pence
    record = f"companies/{AMERICAN}/records/Invoice/{american.remote_id(document)}"
    texas = {"Line1": "905 Congress Ave", "City": "Austin", "CountrySubDivisionCode": "TX"}
    american.simulation.control(f"{record}/edit", {"ShipAddr": texas, "Line": american.simulation.look(record)["Line"]})
    american.listen()
    fresh = american.fresh(document)
    assert there(american) == {str(fresh.number): (fresh.owed_pence, fresh.tax_pence)}
    assert before != fresh.tax_pence == sum(part or 0 for part in parts(fresh))
    assert told(document.subject)[-1].startswith("The books computed tax of $")


def test_a_client_in_another_state_is_taxed_there(american: Books) -> None:
    acme = american.firm.acme
    at_home = mixed(american)
    with transaction():
        austin = ClientFields(name="Lone Star Inc", currency="USD", country="US", city="Austin", region="TX")
        lone_star = catalogue.create_client(austin, actor=ANN)
    in_texas = american.firm.open(american.firm.line("10", code="TAX"), american.firm.line("20.01", code="TAX"),
                                  client=lone_star)  # fmt: skip
    american.send()
    customers = {row["DisplayName"]: row for row in customers_there(american)}
    assert "BillAddr" not in customers[acme.name]
    assert customers["Lone Star Inc"]["BillAddr"].items() >= {"City": "Austin", "CountrySubDivisionCode": "TX"}.items()
    assert american.fresh(in_texas).tax_pence != american.fresh(at_home).tax_pence > 0


def customers_there(books: Books) -> list[dict[str, Any]]:
    return list(books.simulation.look(f"companies/{AMERICAN}/records/Customer")["records"])


def exempt_there(books: Books, document: Document) -> None:
    """A bookkeeper says there that the first line is not taxable."""
    record = f"companies/{AMERICAN}/records/Invoice/{books.remote_id(document)}"
    lines = books.simulation.look(record)["Line"]
    lines[0]["SalesItemLineDetail"]["TaxCodeRef"] = {"value": "NON"}
    books.simulation.control(f"{record}/edit", {"Line": lines})
    books.listen()


def test_a_line_that_is_made_exempt_there_is_told(american: Books) -> None:
    document = mixed(american)
    american.send()
    exempt_there(american, document)
    fresh = american.fresh(document)
    assert there(american) == {str(fresh.number): (fresh.owed_pence, fresh.tax_pence)}
    assert [(drift.cause, drift.ours, drift.theirs) for drift in american.drifts()] == [
        (DriftCause.TAX_CODE, "line 1: TAX", "line 1: NON")
    ]


def test_a_line_that_is_made_exempt_there_is_exempt_here_where_changes_are_followed(american: Books) -> None:
    weather.rule(american, changed_there=WhenChangedThere.FOLLOW)
    document = mixed(american)
    american.send()
    exempt_there(american, document)
    fresh = american.fresh(document)
    taxed, exempt = (american.firm.codes[code] for code in ("TAX", "NON"))
    assert [line.tax_code_id for line in fresh.lines] == [exempt, exempt, taxed]
    assert parts(fresh) == [0, 0, fresh.tax_pence]
    assert there(american) == {str(fresh.number): (fresh.owed_pence, fresh.tax_pence)}
    assert american.drifts() == []


def test_what_a_line_says_there_stands_for_our_tax_codes(american: Books) -> None:
    codes = american.firm.codes
    assert their_lines.words_of(american.connection_id).taxed == {"TAX": [codes["TAX"]], "NON": [codes["NON"]]}


def test_a_statement_shows_what_is_owed_with_the_tax(american: Books) -> None:
    document = mixed(american)
    american.send()
    (account,) = statement.accounts_ever(american.firm.acme.id)
    told_of = statement.statement_of(account, TODAY, TODAY, {})
    assert told_of.closing_pence == american.fresh(document).owed_pence > american.fresh(document).net_pence
