"""What a table of clients would do, line by line; and what is done when a person agrees."""

from __future__ import annotations

import pytest

from app.billing.importing.reader import Row
from app.foundation.database import db, transaction
from app.outbox.models import Subject
from app.quickbooks import catalogue
from app.sync.mapping import client_bench, client_files, linking, skipped
from app.sync.mapping.planned_lines import Agreed, Fate, Planned, acting
from app.sync.mapping.skipped import SkippedKind
from app.sync.records.links import link_of
from tests.billing.firm import ANN
from tests.sync import weather
from tests.sync.books import Books, connection


@pytest.fixture
def there(books: Books) -> dict[str, str]:
    """Two customers of one name and three of their own; {name: id}, of the twins the second's."""
    names = ("Acme Limited", "Bolt", "Stranger")
    ids = {name: weather.make_there(books, "Customer", DisplayName=name) for name in names}
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    return ids


def link(books: Books, **to: str) -> None:
    with transaction():
        for name, remote_id in to.items():
            linking.link_client(connection(books), getattr(books.firm, name).id, remote_id, actor=ANN)


def plan(books: Books, *lines: dict[str, str], whole: bool = True) -> list[Planned]:
    db.session.rollback()
    rows = [Row(number, cells, whole) for number, cells in enumerate(lines, 2)]
    tied = connection(books)
    return client_files.plan(tied, client_bench.bench(books.firm.entity, tied).everyone(), rows)


def line(client: str, **cells: str) -> dict[str, str]:
    """Cells by their columns, which are named as Python would: `quickbooks_id`."""
    columns = {name.replace(" ", "_").lower(): name for name in client_files.COLUMNS}
    return {"Client": client, **{columns[name]: text for name, text in cells.items()}}


def carry_out(books: Books, planned: list[Planned]) -> client_files.Done:
    agreed = [Agreed(one.fate, one.subject_id, one.remote_id) for one in acting(planned)]
    with transaction():
        return client_files.carry_out(connection(books), agreed, actor=ANN)


def linked_to(books: Books, name: str) -> str:
    db.session.rollback()
    found = link_of(books.connection_id, Subject("client", getattr(books.firm, name).id))
    return found.remote_id if found else ""


@pytest.mark.parametrize(
    ("cells", "fate", "sentence"),
    [
        (line("Acme", quickbooks_name="acme limited"), Fate.LINK, "Acme Limited."),
        (line("acme", action="Link", quickbooks_name="Stranger"), Fate.LINK, "Stranger."),
        (line("Acme"), Fate.EMPTY, "No customer is named."),
        (line("Acme", action="create"), Fate.CREATE, "A customer in QuickBooks; one of this very name is linked"),
        (line("Acme", action="skip"), Fate.SKIP, "It is not asked about any more."),
        (line("Acme", action="unlink"), Fate.SAME, "It is linked to nobody."),
        (line("Acme", action="take up"), Fate.SAME, "It is not skipped."),
        (line("Acme", quickbooks_id="999"), Fate.PROBLEM, "QuickBooks id: no active customer has “999”. Mend the cell"),
        (
            line("Acme", quickbooks_name="Nobody"),
            Fate.PROBLEM,
            "QuickBooks name: no active customer is called",
        ),
        (line("Acme", action="link"), Fate.PROBLEM, "QuickBooks id: name the customer, by its id or its name."),
        (line("Acme", action="delete"), Fate.PROBLEM, "Action: “delete” is none. Write link, unlink, create, skip"),
        (line("Acme", action="create", quickbooks_id="1"), Fate.PROBLEM, "Action: “create” makes a customer, and"),
        (line("Nobody"), Fate.PROBLEM, "Client: nobody in use here is called “Nobody”. Mend the name."),
        (line("Acme", client_id="999"), Fate.PROBLEM, "Client id: no client in use here has the id “999”. Empty"),
    ],
)
def test_each_line_says_what_it_would_do_or_which_column_stops_it(
    books: Books, there: dict[str, str], *, cells: dict[str, str], fate: Fate, sentence: str
) -> None:
    (planned,) = plan(books, cells)
    assert planned.fate is fate
    assert planned.sentence.startswith(sentence)


def test_a_line_of_another_length_is_refused(books: Books, there: dict[str, str]) -> None:
    (planned,) = plan(books, line("Acme", quickbooks_name="Stranger"), whole=False)
    assert "more or fewer cells" in planned.sentence


def test_of_namesakes_the_id_is_asked_for(books: Books, there: dict[str, str]) -> None:
    with transaction():
        books.firm.bolt.name = "Acme"
    assert "2 are called “Acme”. Fill in the column Client id" in plan(books, line("Acme"))[0].sentence
    number = str(books.firm.bolt.id)
    (planned,) = plan(books, line("Acme", client_id=number, quickbooks_id=there["Bolt"]))
    assert (planned.fate, planned.subject_id) == (Fate.LINK, books.firm.bolt.id)
    assert f"{number} is “Acme”, not “Bolt”" in plan(books, line("Bolt", client_id=number))[0].sentence


def test_what_is_linked_is_changed_taken_back_or_left(books: Books, there: dict[str, str]) -> None:
    link(books, acme=there["Acme Limited"])
    (planned,) = plan(books, line("Acme", quickbooks_id=there["Stranger"]))
    assert (planned.fate, planned.sentence) == (Fate.LINK, "Stranger, instead of Acme Limited.")
    assert plan(books, line("Acme", quickbooks_id=there["Acme Limited"]))[0].fate is Fate.SAME
    assert plan(books, line("Acme", action="create"))[0].fate is Fate.SAME
    assert plan(books, line("Acme", action="skip"))[0].fate is Fate.PROBLEM
    carry_out(books, plan(books, line("Acme", action="unlink")))
    assert linked_to(books, "acme") == ""


def test_a_link_that_broke_comes_back_unchanged(books: Books, there: dict[str, str]) -> None:
    link(books, acme=there["Acme Limited"])
    books.simulation.handle("Customer", there["Acme Limited"], "edit", Active=False)
    catalogue.refresh(books.engine.quickbooks, books.connection_id)
    assert plan(books, line("Acme", quickbooks_id=there["Acme Limited"]))[0].fate is Fate.SAME


def test_a_client_twice_or_a_customer_twice_is_taken_neither_time(books: Books, there: dict[str, str]) -> None:
    twice = plan(books, line("Acme", action="skip"), line("Acme", action="create"))
    assert [one.fate for one in twice] == [Fate.PROBLEM] * 2
    rivals = plan(books, *(line(name, quickbooks_name="Stranger") for name in ("Acme", "Bolt")))
    assert all("another line wants this customer" in one.sentence for one in rivals)


def test_a_customer_that_another_client_keeps_is_refused_and_so_is_who_counted_on_it(
    books: Books, there: dict[str, str]
) -> None:
    link(books, acme=there["Acme Limited"], bolt=there["Bolt"])
    (one,) = plan(books, line("Bolt", quickbooks_id=there["Acme Limited"]))
    assert "it is the customer of your client “Acme”" in one.sentence
    wanted = plan(books, line("Acme", quickbooks_id="999"), line("Bolt", quickbooks_id=there["Acme Limited"]))
    assert [one.fate for one in wanted] == [Fate.PROBLEM] * 2


def test_one_that_a_client_keeps_who_is_not_in_use_is_refused_too(books: Books, there: dict[str, str]) -> None:
    link(books, acme=there["Acme Limited"])
    with transaction():
        books.firm.acme.active = False
    (one,) = plan(books, line("Bolt", quickbooks_id=there["Acme Limited"]))
    assert "it is the customer of your client “Acme”" in one.sentence


def test_two_clients_change_places(books: Books, there: dict[str, str]) -> None:
    link(books, acme=there["Bolt"], bolt=there["Acme Limited"])
    lines = line("Acme", quickbooks_id=there["Acme Limited"]), line("Bolt", quickbooks_id=there["Bolt"])
    done = carry_out(books, plan(books, *lines))
    assert done.counts[Fate.LINK] == 2
    assert (linked_to(books, "acme"), linked_to(books, "bolt")) == (there["Acme Limited"], there["Bolt"])
    assert [one.fate for one in plan(books, *lines)] == [Fate.SAME] * 2


def test_a_link_releases_what_waited(books: Books, there: dict[str, str]) -> None:
    weather.rule(books, client_missing="hold")
    invoice = books.invoice(client=books.firm.acme)
    assert weather.message_of(invoice).blocker == f"client:{books.firm.acme.id}"
    done = carry_out(books, plan(books, line("Acme", quickbooks_name="Stranger")))
    assert done.released == 1


def test_who_is_skipped_is_taken_up_again(books: Books, there: dict[str, str]) -> None:
    carry_out(books, plan(books, line("Acme", action="skip")))
    assert skipped.skipped(books.connection_id, SkippedKind.CLIENT) == {books.firm.acme.id: "Ann"}
    assert plan(books, line("Acme", action="skip"))[0].fate is Fate.SAME
    carry_out(books, plan(books, line("Acme", action="take up")))
    assert skipped.skipped(books.connection_id, SkippedKind.CLIENT) == {}


def test_a_customer_is_asked_for_once(books: Books, there: dict[str, str]) -> None:
    carry_out(books, plan(books, line("Acme", action="create")))
    (again,) = plan(books, line("Acme", action="create"))
    assert (again.fate, "was asked for" in again.sentence) == (Fate.SAME, True)
    books.send()
    assert "Acme" in [row["DisplayName"] for row in weather.there(books, "Customer")]
