"""Lists: searched, filtered, sorted, paged."""

from __future__ import annotations

from datetime import date

import pytest

from app.billing import figures, queries
from app.billing.catalogue import set_active
from app.billing.document import Document
from app.billing.kinds import DocumentKind, DocumentStatus
from app.billing.queries import DocumentFilter
from app.foundation.database import transaction
from tests.billing.firm import ANN, TODAY, Firm


@pytest.fixture
def listed(firm: Firm) -> list[Document]:
    """Acme's invoice over 120 pounds, Bolt's over 60, a credit note of 12 and a draft."""
    return [
        firm.open(),
        firm.open(firm.line("50"), client=firm.bolt),
        firm.open(firm.line("10"), kind=DocumentKind.CREDIT_NOTE),
        firm.draft(),
    ]


def found(wanted: DocumentFilter, sort: str = "-issue_date") -> list[int]:
    return [row.id for row in queries.documents(wanted, sort=sort).rows]


def ids(listed: list[Document], *which: int) -> list[int]:
    return [listed[index].id for index in which]


def test_the_newest_come_first(listed: list[Document]) -> None:
    assert found(DocumentFilter()) == ids(listed, 3, 2, 1, 0)


@pytest.mark.parametrize(
    ("search", "which"), [("acme", (3, 2, 0)), ("00002", (1,)), ("bolt inv", (1,)), ("50%", ()), ("", (3, 2, 1, 0))]
)
def test_every_word_of_a_search_must_be_found(listed: list[Document], search: str, which: tuple[int, ...]) -> None:
    assert found(DocumentFilter(search=search)) == ids(listed, *which)


@pytest.mark.parametrize(
    "search", ["a", "ACME", "bolt 2", "inv", "inv acme 1", "_", "50% inv", "memo", "me o", "cn bolt"]
)
def test_what_is_found_is_what_a_look_at_each_would_find(listed: list[Document], search: str) -> None:
    with transaction():
        listed[3].memo, listed[3].client_id, listed[0].memo = "A memo over 50%", None, "by_hand"
    texts = {
        row.id: f"{row.number or ''}\n{row.memo}\n{row.client.name if row.client else ''}".lower() for row in listed
    }
    plain = {row_id for row_id, text in texts.items() if all(word in text for word in search.lower().split())}
    assert set(found(DocumentFilter(search=search))) == plain
    assert sum(one.documents for one in figures.counted(DocumentFilter(search=search))) == len(plain)


def test_filters_narrow(listed: list[Document], firm: Firm) -> None:
    assert found(DocumentFilter(kind=DocumentKind.CREDIT_NOTE)) == ids(listed, 2)
    assert found(DocumentFilter(statuses=(DocumentStatus.DRAFT,))) == ids(listed, 3)
    assert found(DocumentFilter(client_id=firm.bolt.id)) == ids(listed, 1)
    assert found(DocumentFilter(kept_back=True)) == []
    assert found(DocumentFilter(issued_from=TODAY, issued_until=TODAY)) == ids(listed, 3, 2, 1, 0)
    assert found(DocumentFilter(issued_from=date(2026, 3, 3))) == []


def test_only_what_is_owed_can_be_overdue(listed: list[Document]) -> None:
    with transaction():
        for document in listed:
            document.due_date = TODAY
    late = DocumentFilter(overdue_on=date(2026, 3, 3), kind=DocumentKind.INVOICE)
    assert found(late) == ids(listed, 1, 0)
    assert listed[0].is_overdue(date(2026, 3, 3))
    assert found(DocumentFilter(overdue_on=TODAY)) == []


@pytest.mark.parametrize(
    ("sort", "which"),
    [("total", (2, 1, 0, 3)), ("-total", (3, 0, 1, 2)), ("-client", (1, 3, 2, 0)), ("odd", (0, 1, 2, 3))],
)
def test_lists_are_sorted_both_ways(listed: list[Document], sort: str, which: tuple[int, ...]) -> None:
    assert found(DocumentFilter(), sort) == ids(listed, *which)


def test_pages_are_counted_and_one_behind_the_last_is_the_last(listed: list[Document]) -> None:
    page = queries.documents(DocumentFilter(), page=9, per_page=3)
    assert (page.number, page.pages, page.total, len(page.rows)) == (2, 2, 4, 1)


def test_clients_and_services_are_found_and_hidden_when_not_active(firm: Firm) -> None:
    assert [client.name for client in queries.clients().rows] == ["Acme", "Bolt"]
    with transaction():
        set_active(firm.bolt, active=False, actor=ANN)
    assert queries.clients("bolt").rows == []
    assert queries.clients("bolt", active=None).total == 1
    assert [service.code for service in queries.services("supp").rows] == ["SUP"]
    assert queries.services().total == 1


def test_payments_are_found_by_reference_and_client(firm: Firm, listed: list[Document]) -> None:
    payment = firm.learn(12000, (listed[0], 12000))
    assert [row.id for row in queries.payments("4711 acme").rows] == [payment.id]
    assert queries.payments(client_id=firm.bolt.id).rows == []
    assert [part.amount_pence for part in queries.allocations_of(listed[0])] == [12000]


@pytest.mark.parametrize("sort", ["-issue_date", "issue_date", "due_date", "-due_date", "number", "client", "-balance"])
@pytest.mark.parametrize("per_page", [1, 3])
def test_the_pages_together_are_the_list_from_whichever_end_they_are_counted(
    listed: list[Document], sort: str, per_page: int
) -> None:
    pages = [queries.documents(DocumentFilter(), page=n, sort=sort, per_page=per_page) for n in range(1, 5)]
    shown = [row.id for page in pages[: pages[0].pages] for row in page.rows]
    assert shown == found(DocumentFilter(), sort)
    assert pages[-1].number == pages[0].pages


@pytest.mark.parametrize("per_page", [1, 2, 3])
def test_the_pages_of_payments_together_are_all_of_them_the_newest_first(firm: Firm, per_page: int) -> None:
    paid = [firm.learn(12000, (firm.open(), 12000)).id for _each in range(5)]
    pages = [queries.payments(page=n, per_page=per_page) for n in range(1, -(-5 // per_page) + 1)]
    assert [row.id for page in pages for row in page.rows] == paid[::-1]
    assert {(page.total, page.is_cut) for page in pages} == {(5, False)}
