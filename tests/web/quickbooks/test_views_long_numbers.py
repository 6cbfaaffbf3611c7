"""From a held document whose number is too long a link leads to where it gets a shorter one."""

from __future__ import annotations

from app.billing import invoicing
from app.billing.document import Document
from app.foundation.database import transaction
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books
from tests.web.walking import Walker, words

PAGE = "/settings/quickbooks/numbers/long"


def held(books: Books) -> Document:
    draft = books.firm.draft()
    with transaction():
        draft.number = "NORTHGATE-SERVICES-2026-00017"
    with transaction():
        invoicing.open_document(draft, actor=ANN)
    books.send()
    return draft


def test_the_way_leads_from_the_invoice_to_a_number_that_fits(books: Books, olivia: Walker) -> None:
    document = held(books)
    assert f'id="quickbooks-fix" href="{PAGE}"' in olivia.get(f"/invoices/{document.id}").text
    page = olivia.get(PAGE).text
    assert "Send it as this" in words(page)
    assert "1 document goes to QuickBooks under a shorter number." in olivia.follow(
        PAGE, document=f"invoice:{document.id}"
    )
    books.send()
    assert len(weather.there(books)) == 1
    assert "No document waits for its number" in olivia.get(PAGE).text


def test_who_may_only_look_is_offered_no_button(books: Books, rhea: Walker) -> None:
    held(books)
    page = rhea.get(PAGE)
    assert page.status_code == 403 or "Send it as this" not in page.text
