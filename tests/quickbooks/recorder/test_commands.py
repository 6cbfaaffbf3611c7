"""The operator's two commands: a sandbox company is recorded, and the tape compared with a simulator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.billing.entity import BillingEntity
from app.foundation import clock
from app.foundation.clock import HeldClock
from app.foundation.database import transaction
from app.foundation.sealing import Secret
from app.quickbooks import ties
from app.quickbooks.models import Environment
from app.quickbooks.oauth import Grant
from app.quickbooks.ties import Tie
from app.sync.engine import Engine
from tests.simulation import SANDBOX_REALM, Simulation
from tests.world import World

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """The rest between two calls of a comparison is over at once."""
    with clock.use(HeldClock(datetime.now(UTC))):
        yield


@pytest.fixture
def run(app: Flask, simulation: Simulation) -> Run:
    """Type one of the two commands."""

    def typed(*words: str, **given: str) -> Result:
        place = ("--address", simulation.base) if words[0] == "compare" else ()
        return app.test_cli_runner().invoke(args=["quickbooks", *words, *place], **given)

    return typed


@pytest.fixture
def entity(northgate: World, engine: Engine, simulation: Simulation) -> str:
    """A billing entity that is connected to the British sandbox company; its id."""
    given = simulation.grant(SANDBOX_REALM, "SIM-SANDBOX-KEY")
    grant = Grant(Secret(given["access_token"]), 3600, Secret(given["refresh_token"]), 8_726_400)
    with transaction() as session:
        made = BillingEntity(name="Northgate IT Ltd")
        session.add(made)
        session.flush()
        tie = Tie(made.id, Environment.SANDBOX, SANDBOX_REALM)
        ties.accept(session, ties.begin(session, tie, grant, engine.quickbooks.tokens))
        return str(made.id)


@pytest.fixture
def tape(tmp_path: Path) -> str:
    return str(tmp_path / "tape.jsonl")


def test_what_was_recorded_compares_without_a_difference(run: Run, entity: str, tape: str) -> None:
    recorded = run("record", tape, "--entity", entity, "--write", input="y\n")
    assert (recorded.exit_code, "new invoice: 200" in recorded.output) == (0, True), recorded.output
    compared = run("compare", tape)
    assert (compared.exit_code, "like uk, 0 differences" in compared.output) == (0, True), compared.output


def test_one_switch_that_is_turned_is_told_and_ends_with_1(
    run: Run, entity: str, tape: str, *, simulation: Simulation
) -> None:
    run("record", tape, "--entity", entity)
    simulation.control("switches", {"too_many_rows": "capped"})
    compared = run("compare", tape, "--company", "uk")
    assert compared.exit_code == 1
    assert compared.output.splitlines()[0].split() == ["too", "many", "rows", "status", "400", "4001", "->", "200"]
    assert compared.output.endswith("1 differences\n")


def test_a_tape_holds_no_name_when_asked_so(run: Run, entity: str, tape: str) -> None:
    run("record", tape, "--entity", entity, "--private")
    lines = Path(tape).read_text().splitlines()
    assert "Harbour Cafe" not in "".join(lines)
    assert json.loads(lines[0])["step"] == "preferences"


@pytest.mark.parametrize(
    ("held", "said"),
    [("", "no exchange on this tape"), ("x\n", "line 1 is no exchange"), ('{"step":""}\n', "line 1 is no exchange")],
)
def test_what_is_no_tape_is_said_and_ends_with_2(run: Run, tape: str, held: str, said: str) -> None:
    Path(tape).write_text(held)
    compared = run("compare", tape)
    assert (compared.exit_code, said in compared.output) == (2, True), compared.output


def test_bytes_that_are_no_text_are_no_tape(run: Run, tape: str) -> None:
    Path(tape).write_bytes(b"\xff\xfe\x00")
    compared = run("compare", tape)
    assert (compared.exit_code, "no text" in compared.output) == (2, True), compared.output


def test_a_tape_that_is_not_there_is_told(run: Run, tape: str) -> None:
    assert (run("compare", tape).exit_code, "No such file" in run("compare", tape).output) == (2, True)


def test_where_no_simulator_answers_it_is_said(app: Flask, run: Run, entity: str, *, tape: str) -> None:
    run("record", tape, "--entity", entity)
    nobody = app.test_cli_runner().invoke(args=["quickbooks", "compare", tape, "--address", "http://127.0.0.1:9"])
    assert nobody.exit_code == 2


def test_nothing_is_written_to_production(run: Run, entity: str, tape: str) -> None:
    asked = run("record", tape, "--entity", entity, "--production", "--write")
    assert (asked.exit_code, "only a sandbox" in asked.output, Path(tape).exists()) == (2, True, False)


def test_who_does_not_agree_writes_nothing(run: Run, entity: str, tape: str, *, simulation: Simulation) -> None:
    asked = run("record", tape, "--entity", entity, "--write", input="n\n")
    assert (asked.exit_code, Path(tape).exists()) == (1, False)
    assert simulation.look("stats")["total"]["writes"] == 0


def test_an_entity_without_a_company_cannot_be_recorded(run: Run, entity: str, tape: str) -> None:
    asked = run("record", tape, "--entity", entity, "--production")
    assert (asked.exit_code, "(Northgate IT Ltd) is connected to no company" in asked.output) == (1, True)


def test_an_entity_that_does_not_exist_cannot_be_recorded(run: Run, entity: str, tape: str) -> None:
    asked = run("record", tape, "--entity", "999")
    assert (asked.exit_code, f"There are: {entity} (Northgate IT Ltd)." in asked.output) == (2, True), asked.output


def test_a_company_that_answers_nothing_leaves_no_proof(
    run: Run, entity: str, tape: str, *, simulation: Simulation
) -> None:
    simulation.control("faults", {"effect": "lost_after", "count": 0})
    asked = run("record", tape, "--entity", entity)
    assert (asked.exit_code, "answered nothing" in asked.output) == (1, True), asked.output
