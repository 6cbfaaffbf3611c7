"""A tour of one simulated company, played to another."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from flask import Flask

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.database import transaction
from app.foundation.sealing import Secret
from app.quickbooks import ties
from app.quickbooks.client import QuickBooks
from app.quickbooks.lease import release, take_lease
from app.quickbooks.models import Environment
from app.quickbooks.oauth import Grant
from app.quickbooks.realm import Realm
from app.quickbooks.recorder.founding import found_place
from app.quickbooks.recorder.likeness import Difference
from app.quickbooks.recorder.natures import Nature, nature, of_tape
from app.quickbooks.recorder.playing import Place, Visit, compare, first_words, play
from app.quickbooks.recorder.tape import RecordingHttp, exchanges
from app.quickbooks.recorder.tour import READS
from app.quickbooks.recorder.writes import writes
from app.quickbooks.ties import Tie
from app.quickbooks.transport import RequestsHttp
from tests.simulation import Simulation, settings_at
from tests.world import World

LABELS = {"770077": "uk", "770079": "us", "770081": "multi"}
KEY = "SIM-SANDBOX-KEY"


@pytest.fixture
def quickbooks(simulation: Simulation, database_url: str, tape: list[str]) -> QuickBooks:
    settings = settings_at(simulation.base, database_url)
    http = RecordingHttp(RequestsHttp(), lambda exchange: tape.append(exchange.line()))
    return QuickBooks(http, settings, settings.sealer())


@pytest.fixture
def tape() -> list[str]:
    return []


@pytest.fixture
def realm(request: pytest.FixtureRequest) -> str:
    """The company of the tour; British unless a test says otherwise."""
    return str(getattr(request, "param", "770077"))


@pytest.fixture
def connection_id(app: Flask, northgate: World, quickbooks: QuickBooks, *, simulation: Simulation, realm: str) -> int:
    """Connect a sandbox company."""
    founded = {"realm": realm, "environment": "sandbox", "label": LABELS[realm], "name": "Ours"}
    simulation.control("companies", founded)
    given = simulation.grant(realm, KEY)
    grant = Grant(Secret(given["access_token"]), 3600, Secret(given["refresh_token"]), 8_726_400)
    with transaction() as session:
        entity = BillingEntity(name="Northgate IT Ltd")
        session.add(entity)
        session.flush()
        connection = ties.begin(session, Tie(entity.id, Environment.SANDBOX, realm), grant, quickbooks.tokens)
        ties.accept(session, connection)
        return connection.id


@pytest.fixture
def recorded(quickbooks: QuickBooks, connection_id: int, tape: list[str], realm: str) -> list[str]:
    """Make the whole tour; returns what was said of each step."""
    said: list[str] = []
    lease = take_lease(Realm(realm, "test"), "the tour", clock.now(), 120)
    assert lease is not None
    line = quickbooks._sending._http
    assert isinstance(line, RecordingHttp)
    visit, words = Visit(quickbooks, line, connection_id, lease), first_words("stamp")
    play(visit, READS, words, said.append)
    found = nature(words)
    assert found is Nature(LABELS[realm])
    play(visit, writes(found), words, said.append)
    release(lease)
    return said


def played(simulation: Simulation, tape: list[str], label: str = "uk") -> list[Difference]:
    """Compare the tape with a company on its first day."""
    found = found_place(RequestsHttp(), simulation.base, realm="770078", label=label)
    return list(compare(exchanges(StringIO("\n".join(tape))), RequestsHttp(), Place(found.base, found.access_token)))


EACH = pytest.mark.parametrize("realm", LABELS, indirect=True, ids=LABELS.values())


def test_a_tour_keeps_each_step_and_no_secret(recorded: list[str], tape: list[str]) -> None:
    assert len(tape) == len(recorded) == len(READS) + len(writes(Nature.UK))
    assert "bearer" not in "".join(tape).lower()
    assert json.loads(tape[0])["step"] == READS[0].name


@EACH
def test_another_company_of_the_simulator_shows_no_difference(
    simulation: Simulation, recorded: list[str], tape: list[str], realm: str
) -> None:
    assert [line for line in recorded if "left out" in line] == []
    assert played(simulation, tape, LABELS[realm]) == []
    assert of_tape(exchanges(tape)) is Nature(LABELS[realm])


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("switch", "value", "difference"),
    [
        ("too_many_rows", "capped", Difference("too many rows", "status", "", "400 4001", "200")),
        ("old_change_data", "accept", Difference("changes of long ago", "status", "", "400 4001", "200")),
        ("duplicate_number", "accept", Difference("number taken", "status", "", "400 6140", "200")),
    ],
)
def test_one_switch_is_exactly_one_difference(
    simulation: Simulation, tape: list[str], *, switch: str, value: str, difference: Difference
) -> None:
    simulation.control("switches", {switch: value})
    assert played(simulation, tape) == [difference]


def test_another_rounding_is_told_to_the_penny(simulation: Simulation, recorded: list[str], tape: list[str]) -> None:
    assert recorded
    simulation.control("switches", {"tax_rounding": "per_line"})
    found = [difference for difference in played(simulation, tape) if difference.step == "new invoice"]
    assert ("Invoice.TotalAmt", "money 37.19", "money 37.20") in {tuple(one[2:]) for one in found}
