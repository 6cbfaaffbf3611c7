"""For whom a page speaks."""

from __future__ import annotations

from app.billing.kinds import DocumentKind
from tests.web import abroad
from tests.web.walking import Walker, line, words
from tests.world import World


def test_a_page_about_everything_speaks_for_the_first_billing_entity(northgate: World, rhea: Walker) -> None:
    american = abroad.build("US")
    american.open(american.line(code="TAX"))
    said = words(rhea.get("/invoices").text)
    assert "Mar 2, 2026" in said
    assert "$100.00" in said


def test_a_document_speaks_for_the_billing_entity_that_issues_it(northgate: World, rhea: Walker) -> None:
    irish, american = abroad.build("IE"), abroad.build("US")
    credit_note = american.draft(american.line(code="TAX"), kind=DocumentKind.CREDIT_NOTE)
    own = words(rhea.get(f"/credit-notes/{credit_note.id}").text)
    listed = words(rhea.get("/credit-notes").text)
    assert ("Mar 2, 2026" in own, "US$100.00" in own) == (True, False)
    assert ("2 Mar 2026" in listed, "US$100.00" in listed) == (True, True)
    assert irish.entity.id < american.entity.id


def test_the_editor_speaks_for_the_billing_entity_that_is_chosen_in_it(northgate: World, olivia: Walker) -> None:
    _irish, american = abroad.build("IE"), abroad.build("US")
    typed = {"entity": american.entity.id, "client": "Acme", **line(0, service="SUP-US", unit_price="1234.5")}
    said = words(olivia.post("/invoices/preview", **typed).text)
    assert ("$1,234.50" in said, "US$" in said) == (True, False)


def test_who_has_no_billing_entity_yet_reads_words_of_no_country(northgate: World, olivia: Walker) -> None:
    assert "Tax number" in olivia.get("/settings/billing-entity/new").text
