"""A week in the life of many companies: who does what when, drawn from a seed; and what must hold when it is over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy import select

from app.billing.document import Document
from app.foundation.database import db
from app.outbox.models import Message, MessageState, Mode
from app.simulator.oauth.keys import BY_ENVIRONMENT
from app.sync.comparing.drifts import Drift
from app.sync.records.policies import WhenServiceMissing
from tests.simulated import audit
from tests.simulated.bookkeeper import Bookkeeper
from tests.simulated.company import Company
from tests.simulated.house import House, founded
from tests.simulated.office import Office
from tests.simulated.quiet import become_quiet

MONDAY = datetime(2026, 10, 26, tzinfo=UTC)
"""The month ends on the Saturday of this week, and on its Sunday American clocks are put back."""
ZONES = ("Europe/London", "Europe/Dublin", "America/New_York", "Europe/London")
_FIRST_REALM = 9341450000000100
_FRIDAY, _SATURDAY = 4, 5
_OPENS, _CLOSES = 9, 17
"""Hours between which people work, by the clock on their wall."""
_IS_REFUSED = (Message.state == MessageState.PARKED) & Message.reason.is_not(None)
"""A person was told why QuickBooks does not take it: an invoice voided here that was paid there meanwhile."""
PRODUCTION = BY_ENVIRONMENT["production"].client_id


@dataclass(frozen=True)
class Plan:
    """How large a simulation is, and how rough. Pairs are the fewest and the most of a company's."""

    companies: int = 40
    days: int = 7
    acts_a_day: tuple[int, int] = (6, 40)
    month_end: tuple[int, int] = (10, 120)
    """Invoices of the run on Friday afternoon."""
    crashes: int = 60
    outages: int = 4
    revocations: int = 4
    fault_rate: float = 0.02
    start: datetime = MONDAY


A_WEEK = Plan()
A_DAY = Plan(
    companies=1,
    days=1,
    acts_a_day=(6, 9),
    month_end=(2, 5),
    crashes=4,
    outages=1,
    revocations=1,
    fault_rate=0.25,
    start=MONDAY + timedelta(days=_FRIDAY),
)


@dataclass
class Outcome:
    """What came of it; `faults` is empty when everything held."""

    digest: str
    simulated_hours: int
    seconds: float
    faults: list[str]
    counts: Counter[str]

    @property
    def speed(self) -> float:
        """How many times faster than real time it went."""
        return self.simulated_hours * 3600 / self.seconds


def simulate(
    seed: int, plan: Plan, report: Callable[[str], None] = lambda _words: None, *, app: Flask | None = None
) -> Outcome:
    """Let it all happen, then let it become quiet, then look at both sides. `app` is a portal to be emptied for it."""
    began = time.monotonic()
    with founded(seed, plan.start, app=app) as house:
        offices = _settle_in(house, plan)
        _plan_troubles(house, plan, offices)
        for office in offices:
            for moment, act in _plan_work(office, plan):
                house.hub.at(moment, partial(house.hub.spawn, act))
        for day in range(plan.days):
            house.hub.run(plan.start + timedelta(days=day + 1))
            report(f"day {day + 1} of {plan.days} after {time.monotonic() - began:.0f} s")
        become_quiet(house, offices)
        faults = _found(house, offices)
        hours = int(house.hub.monotonic() // 3600)
        counts = _counts(house, offices)
        house.network.note(sorted(counts.items()), faults)
        return Outcome(house.network.digest.hexdigest(), hours, time.monotonic() - began, faults=faults, counts=counts)


def _settle_in(house: House, plan: Plan) -> list[Office]:
    for _worker in range(2):
        house.staff.hire()
    offices: list[Office] = []
    for number in range(plan.companies):
        realm = str(_FIRST_REALM + number)
        company = Company(house, f"Company {number}", {Mode.LIVE: realm}, ZONES[number % len(ZONES)])
        keeper = Bookkeeper(house, realm, Random(house.lot.random()))
        office = Office(company, {Mode.LIVE: keeper}, Random(house.lot.random()))
        house.hub.do(partial(_move_in, office))
        offices.append(office)
    return offices


def _move_in(office: Office) -> None:
    company = office.company
    company.found(office.lot, clients=office.lot.randrange(3, 16), services=office.lot.randrange(2, 6))
    with company.inside():
        company.connect()
        company.set_up(office.lot.choice(list(WhenServiceMissing)))
        company.map_services(company.services)


def _plan_troubles(house: House, plan: Plan, offices: list[Office]) -> None:
    lot, hours = house.lot, plan.days * 24.0

    def moment() -> datetime:
        """Most troubles come while people work."""
        day = plan.start + timedelta(days=lot.randrange(plan.days))
        return day + timedelta(hours=lot.uniform(8, 19) if lot.random() < 0.8 else lot.uniform(0, 24))

    house.weather.fault_rate, house.weather.slow_rate = plan.fault_rate, plan.fault_rate / 10
    outages = [moment() for _outage in range(plan.outages)]
    house.weather.outages = [(begins, begins + timedelta(minutes=lot.uniform(1, 50))) for begins in outages]
    house.staff.hints_lost, house.hub.restlessness = 0.05, 0.1
    house.post.lost, house.post.late, house.post.repeated = 0.03, 0.05, 0.05
    for _crash in range(plan.crashes):
        house.hub.at(moment(), partial(_crash_somebody, house))
    for _revocation in range(plan.revocations):
        _plan_revocation(house, lot.choice(offices), moment())
    for _expiry in range(int(hours / 12)):
        house.hub.at(moment(), partial(_expire, house, lot.choice(offices).company.realms[Mode.LIVE]))


def _crash_somebody(house: House) -> None:
    alive = [worker for worker in house.staff.workers if worker.crew.alive and worker.crew.doom is None]
    if alive:
        house.staff.doom(house.lot.choice(alive), house.lot.randrange(1, 60), house.lot.uniform(2, 90))


def _plan_revocation(house: House, office: Office, moment: datetime) -> None:
    """The tie is cut in QuickBooks; some hours later somebody connects again."""
    realm = office.company.realms[Mode.LIVE]
    house.hub.at(moment, lambda: house.world.authority.disconnect(PRODUCTION, realm) and None)
    again = moment + timedelta(minutes=house.lot.uniform(5, 180))
    house.hub.at(again, partial(house.hub.spawn, office.reconnect))


def _expire(house: House, realm: str) -> None:
    house.world.authority.expire_access(PRODUCTION, realm)


def _plan_work(office: Office, plan: Plan) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """(moment, act): on working days at working hours, and the run on Friday afternoon."""
    lot, here = office.lot, ZoneInfo(office.company.time_zone)
    busy = lot.randrange(*plan.acts_a_day)
    for number in range(plan.days):
        day = (plan.start + timedelta(days=number)).replace(tzinfo=here)
        if day.weekday() >= _SATURDAY:
            continue
        for _act in range(busy):
            yield day + timedelta(hours=lot.uniform(_OPENS, _CLOSES)), office.act
        if day.weekday() == _FRIDAY:
            run = partial(office.month_end, lot.randrange(*plan.month_end))
            yield day + timedelta(hours=lot.uniform(15, 17)), run


def _found(house: House, offices: list[Office]) -> list[str]:
    faults = audit.over_the_limit(house.network)
    if house.network.most_writing > 1:
        faults.append(f"{house.network.most_writing} writes were under way at one company")
    for office in offices:
        with office.company.inside():
            faults += audit.faults_of(office.company)
            faults += _unplanted(office)
    return faults


def _unplanted(office: Office) -> Iterator[str]:
    """Differences that nobody made there, nor here by what is kept back, and that no refusal of theirs explains."""
    kept_back = {(row.kind, row.id) for row in db.session.scalars(select(Document).where(Document.kept_back))}
    refused = {(row.kind, row.subject_id) for row in db.session.scalars(select(Message).where(_IS_REFUSED))}
    for drift in db.session.scalars(select(Drift).where(Drift.closed_at.is_(None)).order_by(Drift.id)):
        is_told = (drift.kind, drift.subject_id) in kept_back | refused
        if not is_told and drift.remote_id not in office.keepers[Mode.LIVE].touched:
            yield f"{office.company.name}: {drift.cause} of {drift.label}: {drift.ours} here, {drift.theirs} there"


def _counts(house: House, offices: list[Office]) -> Counter[str]:
    counts: Counter[str] = Counter(crashes=house.staff.crashes, calls=len(house.network.arrivals))
    counts["documents"] = sum(len(office.company.documents) for office in offices)
    counts["calls_that_failed"] = house.network.faults.total() - house.network.faults[""]
    counts["webhooks"] = house.post.carried
    for office in offices:
        counts.update({f"did_{name}": times for name, times in office.done.items()})
        with office.company.inside():
            counts.update(audit.words_of(office.company))
    return counts
